"""No identity leaks across the pool: 50 people on 5 connections, with errors, timeouts, cancels."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Timer
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from core import doors
from core.access import Permission
from core.care import open_record
from core.doors import Actor, CareContext, acting_as, close_doors
from core.settings import settings
from core.sqlfile import load_queries
from identity import service as identity
from tests.conftest import Database
from tests.people import make_patient

pytestmark = pytest.mark.promise("S4")
Record = Callable[[str, object], None]
PEOPLE, CONNECTIONS, REQUESTS = 50, 5, 2_000
SEED = 20_261


class LostError(Exception):
    """What a handler may raise in the middle of its work."""


@pytest.fixture
def people(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[UUID, Actor]]:
    """Fifty people, each in the circle of one patient of his own, before a pool of five."""

    def small(login: doors.Login) -> ConnectionPool[doors.Connection]:
        dsn = str(getattr(settings(), f"{login}_dsn"))
        return ConnectionPool(
            dsn, min_size=CONNECTIONS, max_size=CONNECTIONS, timeout=30, open=True
        )

    found = {}
    for number in range(PEOPLE):
        patient = make_patient(f"Patient {chr(65 + number % 26)}", f"Prénom {number}")
        person = identity.register_person(f"Médecin {number}")
        identity.join_circle(patient, person, "gp")
        found[patient] = Actor(person=person, post=None, session=None)
    close_doors()
    monkeypatch.setattr(doors, "_open_pool", small)
    yield found
    close_doors()


Ended = tuple[str, str, bool]
"""What a request did, what it saw that is not the asker's, and whether it was cancelled."""


def ask(patient: UUID, actor: Actor, others: list[UUID], random: Random) -> Ended:
    """Do one of the things a request does."""
    kind = random.choice(("list", "list", "open", "error", "timeout", "cancel", "nobody"))
    try:
        return kind, done(kind, patient, actor, random.choice(others)), False
    except LostError:
        return kind, "", False
    except psycopg.errors.QueryCanceled:
        return kind, "", True
    except psycopg.errors.InsufficientPrivilege:
        return kind, f"{kind}: {actor.person} was nobody", False


def done(kind: str, patient: UUID, actor: Actor, other: UUID) -> str:
    """Return what was seen that is not the asker's."""
    match kind:
        case "list":
            with acting_as(actor) as conn:
                return wrong(conn, actor, {patient})
        case "open":
            opened = open_record(actor, patient, Permission.IDENTITY_READ)
            hidden = open_record(actor, other, Permission.IDENTITY_READ)
            if isinstance(hidden, CareContext) or not isinstance(opened, CareContext):
                return f"{actor.person} opened another's record, or not his own"
            with acting_as(opened) as conn:
                return wrong(conn, actor, {patient})
        case "error":
            with acting_as(actor, patient=patient) as conn:
                if seen := wrong(conn, actor, {patient}):
                    return seen
                raise LostError
        case "timeout":
            with acting_as(actor) as conn:
                conn.execute("set local statement_timeout = 5")
                conn.execute("select pg_sleep(1)")
        case "cancel":
            with acting_as(actor) as conn:
                # It may come too early, or too late and meet whoever has the connection then.
                Timer(0.005, conn.cancel).start()
                conn.execute("select pg_sleep(0.1)")
                return wrong(conn, actor, {patient})
        case _:
            return left_behind()
    return f"{kind} did not end as it should"


def wrong(conn: psycopg.Connection[Any], actor: Actor, mine: set[UUID]) -> str:
    row = conn.execute(
        "select access.current_person(), array(select patient_id from identity.patient)"
    ).fetchone()
    assert row is not None
    return "" if (row[0], set(row[1])) == (actor.person, mine) else f"{row}"


def left_behind() -> str:
    """Look at a connection as it comes from the pool: nobody is known on it, nothing shows."""
    with doors._pool("app").connection() as conn:
        row = conn.execute(
            "select access.current_person(), access.current_post(), access.patient_in_hand(),"
            " (select count(*) from identity.patient)"
        ).fetchone()
        conn.rollback()
    return "" if row == (None, None, None, 0) else f"left on a connection: {row}"


def interleaved(people: dict[UUID, Actor], requests: int) -> tuple[list[str], Counter[Ended]]:
    """Return what leaked, and how many requests ended how."""
    random = Random(SEED)
    turns = [(random.choice(list(people)), random.randint(0, 2**31)) for _ in range(requests)]

    def one(turn: tuple[UUID, int]) -> Ended:
        patient, seed = turn
        return ask(patient, people[patient], [p for p in people if p != patient], Random(seed))

    with ThreadPoolExecutor(16) as clients:
        said = list(clients.map(one, turns))
    return [leak for _, leak, _ in said if leak], Counter(said)


def test_no_identity_leaks_across_the_pool(
    people: dict[UUID, Actor], record_property: Record
) -> None:
    leaks, counts = interleaved(people, REQUESTS)
    record_property(
        "counts",
        f"people {PEOPLE}; connections {CONNECTIONS}; requests {counts.total()};"
        f" leaks {len(leaks)}; seed {SEED}",
    )
    assert counts.total() == REQUESTS
    assert leaks == []
    asked, cancelled = Counter[str](), Counter[str]()
    for (kind, _, cut), count in counts.items():
        asked[kind] += count
        cancelled[kind] += count * cut
    assert set(asked) == {"list", "open", "error", "timeout", "cancel", "nobody"}
    assert cancelled["timeout"] == asked["timeout"]
    # A cancel comes once: it met its own request, or another one that had the connection by then.
    assert asked["cancel"] // 2 < cancelled.total() - cancelled["timeout"] <= asked["cancel"]


def test_an_identity_kept_for_the_session_is_found(
    people: dict[UUID, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `set_config(…, false)` the identity outlives its transaction: the check must see it."""
    kept = dict(load_queries("core"))
    kept["become_person"] = kept["become_person"].replace("true)", "false)")
    monkeypatch.setattr(doors, "load_queries", lambda _: kept)
    leaks, _ = interleaved(people, 200)
    assert any(leak.startswith("left on a connection") for leak in leaks)


def test_an_identity_that_is_not_set_is_found(
    people: dict[UUID, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one statement in twenty does not say who acts, somebody acts as nobody or another."""
    kept, random = dict(load_queries("core")), Random(SEED)
    become = kept["become_person"]

    class Forgetful(dict[str, str]):
        def __getitem__(self, name: str) -> str:
            if name == "become_person" and random.random() < 0.05:
                return become.replace("%(person)s", "nullif(%(person)s, %(person)s)")
            return super().__getitem__(name)

    monkeypatch.setattr(doors, "load_queries", lambda _: Forgetful(kept))
    leaks, _ = interleaved(people, 400)
    assert leaks
