"""Patients who alarm, a sentinel that may be killed, and what the provider must have been told."""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID

import psycopg

from alerts import service as alerts
from core import clock
from core.doors import Actor
from core.settings import settings
from core.vitals import Vital
from identity import service as identity
from messages import service as messages
from messages.message import message_id
from tests.conftest import Database
from tests.faults.processes import ProcessVictim, ServiceVictim, app_process, wait_until
from tests.mailbox import Mailbox
from tests.people import make_centre, make_gp

RED = {
    Vital.SPO2: 88.0,
    Vital.PULSE: 140.0,
    Vital.RESPIRATORY_RATE: 30.0,
    Vital.TEMPERATURE: 34.5,
}
"""One value of each item that is red by the home profile: four alerts a patient."""
NURSE, GP, OPERATOR = "nurse@example.org", "gp@example.org", "operator@example.org"


@dataclass
class Ward:
    """Watched patients of one centre, and when each one's readings were committed."""

    database: Database
    nurse: Actor
    gp: Actor
    keys: dict[int, UUID]
    committed: dict[UUID, float] = field(default_factory=dict)

    @property
    def expected(self) -> int:
        return len(self.keys) * len(RED)

    def feed(self, per_s: float) -> None:
        """Store each patient's readings once, whatever happens to the database meanwhile."""
        began = time.monotonic()
        for number, key in enumerate(self.keys):
            time.sleep(max(0.0, began + number / per_s - time.monotonic()))
            while not self._store(key):
                time.sleep(0.2)

    def _store(self, key: int) -> bool:
        try:
            with psycopg.connect(self.database.dsn("OWNER"), connect_timeout=2) as conn:
                known = conn.execute("select 1 from vitals.reading where patient_key = %s", [key])
                if known.fetchone() is None:
                    _insert(conn, key)
        except psycopg.OperationalError:
            return False
        self.committed.setdefault(self.keys[key], time.time())
        return True


def _insert(conn: "psycopg.Connection[tuple[object, ...]]", key: int) -> None:
    now = clock.now()
    for vital, value in RED.items():
        conn.execute(
            "insert into vitals.reading (measured_at, received_at, patient_key, source, value,"
            " vital, quality) values (%s, %s, %s, 1, %s, %s, 0)",
            [now, now, key, value, int(vital)],
        )
    conn.execute(
        "insert into core.due (kind, patient_key, from_time, until_time, received_at)"
        " values ('reading', %s, %s, %s, %s)",
        [key, now, now, now],
    )


def make_ward(database: Database, count: int, ladder: str = "home-two-rungs") -> Ward:
    """Return `count` patients watched by one nurse and one GP, all through the services."""
    centre, nurse = make_centre()
    gp = make_gp()
    messages.register_contact(nurse.person, "email", NURSE)
    messages.register_contact(gp.person, "email", GP)
    patients = []
    for number in range(count):
        patient = identity.register_patient(
            birth_name=f"Nom{number}",
            birth_first_names="Jeanne",
            birth_date=date(1950, 1, 1),
            sex="female",
        )
        identity.join_circle(patient, centre, "telemonitoring_centre")
        identity.join_circle(patient, gp.person, "gp")
        alerts.prescribe(patient, "covid-home", ladder, gp.person)
        patients.append(patient)
    with psycopg.connect(database.dsn("OWNER")) as conn:
        keys: dict[int, UUID] = dict(
            conn.execute("select key, id from access.patient where id = any (%s)", [patients])
        )
    return Ward(database, nurse, gp, keys)


@dataclass(frozen=True)
class Outcome:
    """Sets compared: what should have been raised and sent, and what was."""

    expected: int
    missing_alerts: int
    missing_mails: int
    doubles: int
    doubles_in_the_window: int
    strangers: int

    def __str__(self) -> str:
        return (
            f"alerts expected {self.expected}; not raised {self.missing_alerts}; "
            f"not sent {self.missing_mails}; sent twice {self.doubles}; "
            f"accepted but not noted {self.doubles_in_the_window}; stowaway {self.strangers}"
        )

    @property
    def kept(self) -> bool:
        return not (self.missing_alerts or self.missing_mails or self.doubles or self.strangers)


def compare(ward: Ward, mailbox: Mailbox) -> Outcome:
    """Compare the alerts that must be there, and their first call, with what the provider took.

    A key sent twice counts apart when its outbox row was leased twice: the sender had died, or
    the database had, between the provider's acceptance and our note.
    """
    with psycopg.connect(ward.database.dsn("OWNER")) as conn:
        raised = {
            (patient, item): alert
            for patient, item, alert in conn.execute(
                "select patient_id, item, id from alerts.alert"
            )
        }
        attempts: dict[str, int] = dict(
            conn.execute("select key, attempts::int from messages.outbox").fetchall()
        )
    wanted = {
        (patient, item)
        for patient in ward.keys.values()
        for item in ("spo2", "pulse", "respiratory_rate", "temperature")
    }
    sender = settings().mail_from
    keys = {
        message_id(f"{raised[one]}:1:1:{ward.nurse.person}:email", sender): (
            f"{raised[one]}:1:1:{ward.nurse.person}:email"
        )
        for one in wanted & raised.keys()
    }
    got = Counter(taken.message_id for taken in mailbox.to(NURSE))
    twice = [each for each, count in got.items() if count > 1]
    window = [each for each in twice if attempts.get(keys.get(each, ""), 0) > 1]
    return Outcome(
        expected=len(wanted),
        missing_alerts=len(wanted - raised.keys()),
        missing_mails=len(wanted) - len(keys.keys() & got.keys()),
        doubles=len(twice) - len(window),
        doubles_in_the_window=len(window),
        strangers=len(got.keys() - keys.keys()) + len(raised.keys() - wanted),
    )


def sentinel_of(database: Database, mailbox: Mailbox, folder: Path) -> ProcessVictim:
    """Return the sentinel as a process of its own, writing to the mailbox; not started yet."""
    return app_process("sentinel", env_of(database, mailbox), folder, ready="sentinel_started")


def env_of(database: Database, mailbox: Mailbox) -> dict[str, str]:
    """Return the settings of a process that works on the test's database, clock and mailbox."""
    env = {
        **database.env,
        "CHEVET_SMTP_HOST": "127.0.0.1",
        "CHEVET_SMTP_PORT": str(mailbox.port),
        "CHEVET_OPERATOR_MAIL": OPERATOR,
    }
    if clock_path := os.environ.get("CHEVET_CLOCK_FILE"):
        env["CHEVET_CLOCK_FILE"] = clock_path
    return env


def is_quiet(database: Database) -> Callable[[], bool]:
    """Return whether nothing is left to judge or to send."""

    def quiet() -> bool:
        try:
            with psycopg.connect(database.dsn("OWNER"), connect_timeout=2) as conn:
                row = conn.execute(
                    "select (select count(*) from core.due),"
                    " (select count(*) from messages.outbox where state in ('waiting', 'sending'))"
                ).fetchone()
        except psycopg.OperationalError:
            return False
        return row == (0, 0)

    return quiet


@contextmanager
def fed(ward: Ward, per_s: float) -> Iterator[threading.Thread]:
    """Feed the ward beside the test; joined at the end."""
    feeder = threading.Thread(target=ward.feed, args=(per_s,))
    feeder.start()
    try:
        yield feeder
    finally:
        feeder.join()


def kill_some(
    victims: Sequence[ProcessVictim | ServiceVictim], kills: int, chance: random.Random
) -> Counter[str]:
    """Kill and restart victims, each in turn, at random moments; return how often each died."""
    killed: Counter[str] = Counter()
    for number in range(kills):
        time.sleep(chance.uniform(0.3, 1.5))
        victim = victims[number % len(victims)]
        victim.kill()
        killed[victim.name] += 1
        victim.start()
    return killed


def settle(database: Database, patience_s: float) -> None:
    """Wait until all is judged and sent, whatever leases have to end."""
    wait_until(is_quiet(database), patience_s, "everything to be judged and sent")
