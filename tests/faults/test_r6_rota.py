"""R6 by a rota: a restart in mid-escalation calls whoever is on duty then, in time and once."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from alerts import week_service
from alerts.rota.written import Written
from core import clock
from core.doors import Actor
from identity import service as identity
from messages import service as messages
from tests.conftest import Database
from tests.days import PARIS
from tests.faults.alerting import NURSE, RED, make_ward
from tests.faults.conftest import Report
from tests.faults.processes import ProcessVictim, wait_until
from tests.faults.test_r6_escalation import TOLERANCE, move, sent_at, steps_due
from tests.integration.alerts.duty import ordinary_day, set_clock
from tests.mailbox import Mailbox

CHAINS = int(os.environ.get("CHEVET_R6_CHAINS", "500")) // 10
SECOND, SUBSTITUTE = "second@staff.example", "substitute@staff.example"
WEDNESDAY = 2


def colleague(centre: UUID, name: str, mail: str) -> UUID:
    person = identity.register_person(name)
    identity.give_post(person, centre, "telemonitoring_nurse")
    messages.register_contact(person, "email", mail)
    return person


def plan(nurse: Actor, person: UUID, duty: str) -> None:
    today = clock.now().astimezone(PARIS).date()
    written = Written(
        person=str(person), duty=duty, weekdays=tuple("0123456"), starts="8 h", ends="20 h",
        on_holidays="as_usual", first_on=f"{today:%d/%m/%Y}", last_on="",
    )  # fmt: skip
    done = week_service.save_shift(nurse, written, today=today)
    assert not isinstance(done, week_service.NotDone), done


@pytest.mark.promise("R6")
@pytest.mark.timeout(240)
def test_restart_in_mid_escalation(
    database: Database,
    clock_file: Path,
    sentinel: ProcessVictim,
    mailbox: Mailbox,
    report: Report,
) -> None:
    """The second nurse goes on leave while the sentinel is dead: her substitute is called."""
    set_clock(clock_file, ordinary_day(WEDNESDAY), "10:00")
    ward = make_ward(database, max(CHAINS // len(RED), 1), "home-five-rungs")
    centre = centre_of(database, ward.nurse)
    second = colleague(centre, "Léa Petit", SECOND)
    substitute = colleague(centre, "Paul Roux", SUBSTITUTE)
    plan(ward.nurse, ward.nurse.person, "telemonitoring_nurse")
    plan(ward.nurse, second, "second_nurse")
    sentinel.start()
    ward.feed(per_s=1_000)
    chains = len(ward.keys) * len(RED)
    wait_until(lambda: len(mailbox.to(NURSE)) >= chains, 60, "everybody's first call")
    due = steps_due(database)
    sentinel.kill()
    today = clock.now().astimezone(PARIS).date()
    leave = week_service.note_leave(ward.nurse, second, (today, today), substitute)
    assert isinstance(leave, UUID)
    move(clock_file, min(due.values()) - timedelta(seconds=8))
    sentinel.start()
    assert mailbox.to(SUBSTITUTE) == []
    wait_until(lambda: len(mailbox.to(SUBSTITUTE)) > 0, 40, "the first call after the restart")
    sentinel.kill()
    sentinel.start()
    wait_until(lambda: len(sent_at(mailbox, SUBSTITUTE)) >= chains, 60, "every second call")
    called = sent_at(mailbox, SUBSTITUTE)
    off = [abs(called[alert] - at) for alert, at in due.items()]
    report(f"chains {len(due)}; furthest from T {max(off).total_seconds():.1f} s")
    assert set(called) == set(due)
    assert max(off) <= TOLERANCE
    assert mailbox.to(SECOND) == []
    assert len(sent_at(mailbox, NURSE)) == chains
    keys = [taken.message_id for taken in mailbox.to(SUBSTITUTE)]
    assert len(set(keys)) == chains


def centre_of(database: Database, nurse: Actor) -> UUID:
    with psycopg.connect(database.dsn("OWNER")) as conn:
        row = conn.execute(
            "select organisation from access.post where person = %s", [nurse.person]
        ).fetchone()
    assert row is not None
    centre = row[0]
    assert isinstance(centre, UUID)
    return centre
