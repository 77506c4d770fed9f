"""Nobody can tell what is hidden from what does not exist: not by status, body, headers or time."""

from collections.abc import Callable, Iterator, Mapping
from statistics import median
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from core import care, clock
from core.access import Held, Role
from core.doors import PersonConnection
from tests.security.asking import IN_BRACES, ask, fill
from tests.security.cast import Cast, Someone
from tests.security.relations import Relation, Standing
from tests.security.verdicts import Outcome, Verdict, read_verdicts

pytestmark = [pytest.mark.promise("S5"), pytest.mark.timeout(600)]
Record = Callable[[str, object], None]
FREE = {"kind", "provider", "token"}
"""Names in a path that stand for no thing of a record."""
MOST_GAP_S = 0.005
PAIRS, MORE_PAIRS = 9, 60
"""How often a route is timed, and how often again before a gap counts: the machine is shared."""


def ids_of(verdict: Verdict) -> set[str]:
    """Return the names of the things a route names."""
    return set(IN_BRACES.findall(verdict.key)) - FREE


BY_ID = [
    verdict
    for verdict in read_verdicts("web")
    if verdict.kind in ("care", "roles", "own", "mine", "leads") and ids_of(verdict)
]


@pytest.fixture(autouse=True)
def _whole(cast: Cast) -> Iterator[None]:
    cast.restore()
    yield
    cast.restore()


def outsiders(cast: Cast, verdict: Verdict) -> list[Someone]:
    """Return of each relation without a record somebody from whom the thing is hidden."""
    found = {}
    for who in cast.everybody.values():
        if who.standing.signed_in and verdict.expected(who.standing) == {Outcome.HIDDEN}:
            found.setdefault(who.standing.relation, who)
    return list(found.values())


def absent(verdict: Verdict, **known: object) -> Mapping[str, object]:
    return {**{name: uuid4() for name in ids_of(verdict)}, **known}


def differences(cast: Cast, client: TestClient, verdict: Verdict) -> tuple[int, list[str]]:
    """Return how often a hidden thing was held against an absent one, and where they differed."""
    method, path = verdict.key.split(" ", 1)
    wrong, asked = [], 0
    for who in outsiders(cast, verdict):
        hidden = ask(client, who, method, fill(path, cast))
        none = ask(client, who, method, fill(path, cast, absent(verdict)))
        asked += 1
        if (hidden.status, hidden.text, hidden.headers) != (none.status, none.text, none.headers):
            wrong.append(f"{verdict.key}: {who.standing}: {hidden.status} against {none.status}")
    return asked, wrong


def test_a_hidden_thing_answers_as_an_absent_one(
    cast: Cast, client: TestClient, record_property: Record
) -> None:
    assert len(BY_ID) > 25
    asked, wrong = 0, []
    for verdict in BY_ID:
        count, said = differences(cast, client, verdict)
        asked, wrong = asked + count, wrong + said
    record_property("counts", f"routes {len(BY_ID)}; pairs {asked}; different {len(wrong)}")
    assert asked > 200
    assert wrong == []


def test_anothers_thing_under_ones_own_record_answers_as_an_absent_one(
    cast: Cast, client: TestClient, record_property: Record
) -> None:
    """The patient of the path is the member's own, the other id is of a record hidden from him."""
    asked, wrong = 0, []
    members = [
        one
        for one in cast.everybody.values()
        if one.standing.relation in (Relation.OTHER_CIRCLE, Relation.OTHER_CIRCLE_POST)
    ]
    for verdict in [one for one in BY_ID if len(ids_of(one)) > 1]:
        method, path = verdict.key.split(" ", 1)
        own = {"patient_id": cast.other_patient}
        for who in members:
            foreign = ask(client, who, method, fill(path, cast, own))
            none = ask(client, who, method, fill(path, cast, absent(verdict, **own)))
            asked += 1
            if (foreign.status, foreign.text) != (none.status, none.text):
                wrong.append(f"{verdict.key}: {who.standing}: {foreign.status}, {none.status}")
    record_property("counts", f"foreign ids asked {asked}; different {len(wrong)}")
    assert asked > 100
    assert wrong == []


def gap_s(cast: Cast, client: TestClient, verdict: Verdict, pairs: int) -> float:
    """Return by how many seconds a hidden thing is answered later than an absent one.

    Asked for in pairs, in turn: what else the machine does meets both.
    """
    method, path = verdict.key.split(" ", 1)
    who = outsiders(cast, verdict)[0]
    hidden, gaps = fill(path, cast), []
    for turn in range(pairs):
        seconds = {}
        for kind in ("hidden", "absent") if turn % 2 else ("absent", "hidden"):
            address = hidden if kind == "hidden" else fill(path, cast, absent(verdict))
            began = clock.monotonic()
            ask(client, who, method, address)
            seconds[kind] = clock.monotonic() - began
        gaps.append(seconds["hidden"] - seconds["absent"])
    return median(gaps)


def tells_by_time(cast: Cast, client: TestClient, verdict: Verdict) -> float:
    """Return the gap of a route; one that is too large is measured again, longer."""
    gap = gap_s(cast, client, verdict, PAIRS)
    if abs(gap) > MOST_GAP_S:
        gap = gap_s(cast, client, verdict, MORE_PAIRS)
    return gap


def test_time_tells_nothing_at_any_route(
    cast: Cast, client: TestClient, record_property: Record
) -> None:
    gaps = {verdict.key: tells_by_time(cast, client, verdict) for verdict in BY_ID}
    most = max(map(abs, gaps.values()))
    record_property("counts", f"routes timed {len(gaps)}; largest median gap {most * 1000:.1f} ms")
    assert {key: gap for key, gap in gaps.items() if abs(gap) > MOST_GAP_S} == {}


def a_page() -> Verdict:
    return next(one for one in BY_ID if one.key == "GET /patients/{patient_id}/circle")


def test_a_refusal_that_knows_the_patient_is_found(
    cast: Cast, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deliberate fault: to strangers a record that exists says 403, one that does not 404."""
    load = care.load_held

    def told(conn: PersonConnection, patient: UUID) -> list[Held]:
        nothing = Held(membership_id=uuid4(), role=Role.PROPERTY_REPRESENTATIVE, basis="consent")
        return load(conn, patient) or ([nothing] if patient == cast.patient else [])

    monkeypatch.setattr(care, "load_held", told)
    _, wrong = differences(cast, client, a_page())
    assert len(wrong) > 5


def test_a_refusal_that_takes_longer_is_found(
    cast: Cast, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deliberate fault: something is looked up only where there is a patient."""
    load = care.load_held

    def slowly(conn: PersonConnection, patient: UUID) -> list[Held]:
        if patient == cast.patient:
            conn.execute("select pg_sleep(0.02)")
        return load(conn, patient)

    monkeypatch.setattr(care, "load_held", slowly)
    assert tells_by_time(cast, client, a_page()) > MOST_GAP_S


def test_everybody_outside_is_asked(cast: Cast) -> None:
    relations = {who.standing.relation for who in outsiders(cast, a_page())}
    assert {Relation.NONE, Relation.EX_CIRCLE, Relation.EXPIRED, Relation.NOT_YET} <= relations
    assert {Relation.BREAK_GLASS_OVER, Relation.OTHER_CIRCLE_POST} <= relations
    assert Standing(Role.GP, Relation.NONE) in cast.everybody
