"""Nobody can tell what is hidden from what does not exist: not by status, body or headers.

Nor by time: see tests/timing, which has the machine for itself.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from coordination import items_service
from core import care
from core.access import Held, Role
from core.doors import CareContext, PersonConnection
from tests.security.asking import IN_BRACES, Answer, ask
from tests.security.cast import Cast, Someone
from tests.security.forms import act_of
from tests.security.relations import Relation, Standing
from tests.security.sending import Act
from tests.security.verdicts import Outcome, Verdict, read_verdicts

pytestmark = [pytest.mark.promise("S5"), pytest.mark.timeout(1500)]
Record = Callable[[str, object], None]
FREE = {"kind", "provider", "token"}
"""Names in a path that stand for no thing of a record."""


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
    wrong, asked = [], 0
    for who in outsiders(cast, verdict):
        hidden = sent_by(client, who, act_of(verdict.key, cast))
        none = sent_by(client, who, act_of(verdict.key, cast, absent(verdict)))
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
    assert wrong == [], "\n".join(wrong)


def sent_by(client: TestClient, who: Someone, act: Act) -> Answer:
    """Ask with the form filled in: without its fields an act is refused before its id counts."""
    sent = act.sent()
    return ask(client, who, act.method, act.address, **sent)


def said_to(client: TestClient, who: Someone, act: Act) -> tuple[int, str, str]:
    """Return an answer without the address that was asked, which a page may name again."""
    answer = sent_by(client, who, act)
    return answer.status, answer.text.replace(act.address, ""), answer.headers


OF_THE_WHOLE_SITE = {
    # Who judges doubles, and who reads what an import did, does so for the whole site.
    "GET /patients/duplicates/{pair_id}",
    "POST /patients/duplicates/{pair_id}",
    "POST /patients/merges/{link_id}/end",
    "GET /admin/directory/{import_id}",
    # The directory is everybody's who has a post to search it: an entry is of no record.
    "GET /directory/{party}",
    "POST /directory/{party}/star",
    # A published questionnaire is everybody's: its empty form holds nothing of any record.
    "GET /patients/{patient_id}/paper/{edition}.pdf",
}
OWN_THINGS = [verdict for verdict in BY_ID if ids_of(verdict) - {"patient_id"}] + [
    verdict
    for verdict in read_verdicts("web")
    if verdict.kind in ("post", "signed-in") and ids_of(verdict)
]
"""Routes that name a thing besides the record it stands in, or without one."""
LIKE_ABSENT = {Relation.OTHER_CIRCLE, Relation.OTHER_CIRCLE_POST, Relation.NONE}


def foreigners(cast: Cast, verdict: Verdict) -> list[Someone]:
    """Return who gets as far as looking for the thing, which is of a record hidden from him."""
    return [
        who
        for who in cast.everybody.values()
        if who.standing.relation in LIKE_ABSENT
        and (verdict.kind == "care" or Outcome.LET_IN in verdict.expected(who.standing))
    ]


def betrayed(cast: Cast, client: TestClient, verdict: Verdict) -> tuple[int, list[str]]:
    """Return how often a foreign id was held against an absent one, and where they differed."""
    wrong, asked = list[str](), 0
    in_own_record = verdict.kind == "care"
    named: dict[str, object] = {"patient_id": cast.other_patient} if in_own_record else {}
    for who in foreigners(cast, verdict):
        foreign, none = (
            act_of(verdict.key, cast, things) for things in (named, absent(verdict, **named))
        )
        foreign = replace(foreign, form=none.form)
        told = [said_to(client, who, act) for act in (foreign, none)]
        asked += 1
        if told[0] != told[1]:
            wrong.append(f"{verdict.key}: {who.standing}: {told[0][0]}, {told[1][0]}")
    return asked, wrong


def test_anothers_thing_under_ones_own_record_answers_as_an_absent_one(
    cast: Cast, client: TestClient, record_property: Record
) -> None:
    """The record of the path is the actor's own, or none is named; the thing is of another."""
    asked, wrong = 0, []
    assert {one.key for one in OWN_THINGS} >= OF_THE_WHOLE_SITE
    for verdict in OWN_THINGS:
        if verdict.key in OF_THE_WHOLE_SITE:
            continue
        count, said = betrayed(cast, client, verdict)
        asked, wrong = asked + count, wrong + said
    record_property("counts", f"foreign ids asked {asked}; different {len(wrong)}")
    assert asked > 400
    assert wrong == [], "\n".join(wrong)


def test_an_answer_that_knows_anothers_item_is_found(
    cast: Cast, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deliberate fault: who hides an item is told that it exists, though he reads it not."""
    hide = items_service.hide

    def told(ctx: CareContext, kind: str, item: UUID, *rest: str) -> items_service.HideOutcome:
        row = cast.owner.execute("select from access.item where item_id = %s", [item]).fetchone()
        return hide(ctx, kind, item, *rest) if row is None else items_service.NotYours()

    monkeypatch.setattr(items_service, "hide", told)
    page = next(one for one in OWN_THINGS if one.key == "POST /p/items/{kind}/{item_id}/hide")
    assert betrayed(cast, client, page)[1]


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


def test_everybody_outside_is_asked(cast: Cast) -> None:
    relations = {who.standing.relation for who in outsiders(cast, a_page())}
    assert {Relation.NONE, Relation.EX_CIRCLE, Relation.EXPIRED, Relation.NOT_YET} <= relations
    assert {Relation.BREAK_GLASS_OVER, Relation.OTHER_CIRCLE_POST} <= relations
    assert Standing(Role.GP, Relation.NONE) in cast.everybody
