"""Every route that opens a record leaves its event, refused or not; without it nothing is shown."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from starlette.testclient import TestClient

from tests.security.asking import Answer, ask, fill
from tests.security.cast import Cast, Someone
from tests.security.relations import INSIDE, Relation
from tests.security.verdicts import REFUSED, Outcome, Verdict, read_verdicts

pytestmark = pytest.mark.promise("S10")
Record = Callable[[str, object], None]
BLANK_FORMS = {"GET /p/questions", "GET /p/help"}
"""Pages that ask or explain and tell nothing of the record: it is opened by what is sent."""
OPENING = [
    one
    for one in read_verdicts("web")
    if one.kind in ("care", "own", "mine") and one.key not in BLANK_FORMS
]


def events_of(cast: Cast, who: Someone) -> Counter[str]:
    rows = cast.owner.execute(
        "select outcome, count(*) from audit.event where person = %s and patient_id = %s"
        " group by outcome",
        [who.person, cast.patient],
    )
    return Counter({str(outcome): int(str(count)) for outcome, count in rows})


def asked(
    cast: Cast, client: TestClient, who: Someone, verdict: Verdict, read: str
) -> tuple[Answer, Counter[str]]:
    """Ask, and return the answer with the events it left; an act finds its things untouched."""
    method, path = verdict.key.split(" ", 1)
    address = read if method == "GET" else fill(path, cast)
    before = events_of(cast, who)
    answer = ask(client, who, method, address)
    left = events_of(cast, who)
    left.subtract(before)
    return answer, left


def insiders(cast: Cast) -> list[Someone]:
    found = [one for who, one in cast.everybody.items() if who.relation in INSIDE and one.token]
    return [one for one in found if one.standing.relation is not Relation.REVOKED]


def outsiders(cast: Cast) -> list[Someone]:
    outside = (Relation.NONE, Relation.EX_CIRCLE, Relation.OTHER_CIRCLE, Relation.BREAK_GLASS_OVER)
    return [one for who, one in cast.everybody.items() if who.relation in outside][::6]


def untraced(
    cast: Cast, client: TestClient, verdicts: list[Verdict]
) -> tuple[list[str], Counter[str]]:
    """Return the reads and the refusals that left no event, and how many there were."""
    missing, done = list[str](), Counter[str]()
    for number, verdict in enumerate(verdicts):
        read = fill(verdict.key.split(" ", 1)[1], cast)
        # Half of them at each route, the other half at the next; the patient at his own pages.
        half = [one for one in insiders(cast) if one.person == cast.patient]
        for who in [*insiders(cast)[number % 2 :: 2], *half, *outsiders(cast)]:
            if who.standing.is_patient and who.person != cast.patient:
                continue
            answer, left = asked(cast, client, who, verdict, read)
            reads = answer.outcome is Outcome.LET_IN and verdict.key.startswith("GET ")
            refused = answer.outcome in REFUSED and verdict.kind == "care"
            if not (reads or refused):
                continue
            kind = "success" if reads else "refused"
            done[kind] += 1
            if left[kind] < 1:
                missing.append(f"{verdict.key}: {who.standing} {answer.status}")
            cast.restore()
    return missing, done


@pytest.mark.timeout(900)  # every route there is, one after the other
def test_every_read_and_every_refusal_leaves_its_event(
    cast: Cast, client: TestClient, record_property: Record
) -> None:
    missing, done = untraced(cast, client, OPENING)
    record_property(
        "counts",
        f"routes {len(OPENING)}; reads {done['success']}; refusals {done['refused']}; "
        f"without an event {len(missing)}",
    )
    assert missing == []
    assert min(done["success"], done["refused"]) > len(OPENING)


@contextmanager
def events_are_swallowed(cast: Cast) -> Iterator[None]:
    """Let every insert seem to succeed and leave nothing."""
    cast.owner.execute(
        "create function audit.swallow() returns trigger language plpgsql as"
        " 'begin return null; end'"
    )
    cast.owner.execute(
        "create trigger swallow before insert on audit.event for each row"
        " execute function audit.swallow()"
    )
    try:
        yield
    finally:
        cast.owner.execute("drop trigger swallow on audit.event")
        cast.owner.execute("drop function audit.swallow")


def test_with_the_event_left_out_the_count_finds_it(cast: Cast, client: TestClient) -> None:
    with events_are_swallowed(cast):
        missing, done = untraced(cast, client, OPENING[-6:])
    assert len(missing) == done.total() > 10


@contextmanager
def no_event_can_be_written(cast: Cast) -> Iterator[None]:
    rights = cast.owner.execute(
        "select string_agg(attname, ', ') from pg_attribute where attrelid = 'audit.event'"
        "::regclass and attnum > 0 and has_column_privilege('chevet_app', attrelid, attnum,"
        " 'INSERT')"
    ).fetchone()
    assert rights is not None
    cast.owner.execute("revoke insert on audit.event from chevet_app")
    cast.owner.execute(f"revoke insert ({rights[0]}) on audit.event from chevet_app")
    try:
        yield
    finally:
        cast.owner.execute(f"grant insert ({rights[0]}) on audit.event to chevet_app")


def test_a_read_whose_event_cannot_be_written_is_refused(cast: Cast, client: TestClient) -> None:
    reads = [verdict for verdict in OPENING if verdict.key.startswith("GET ")]
    shown = []
    with no_event_can_be_written(cast):
        for verdict in reads:
            read = fill(verdict.key.split(" ", 1)[1], cast)
            for who in insiders(cast)[::4]:
                answer, left = asked(cast, client, who, verdict, read)
                # The page of a failure names the one who reads it, and no other.
                tells = answer.tells and who.person != cast.patient
                if answer.outcome is Outcome.LET_IN or tells or left.total():
                    shown.append(f"{verdict.key}: {who.standing} {answer.status}")
    assert len(reads) > 5
    assert "\n".join(shown) == ""
