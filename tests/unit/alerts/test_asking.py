"""Each answer is judged by its own edition, beside the profile: the worse of the two counts."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from alerts.asking import TO_READ, Asked, read_answers, state_items
from alerts.edge.library import load_profile
from alerts.profile import Profile
from alerts.rows import AnswerRow
from alerts.rules import Context, judge
from questionnaires.questionnaire import Item, Kind, Option, Questionnaire, Urgency
from scoring.level import Level

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
HOME = load_profile("covid-home", 1)
NOBODYS = Profile(id="none", version=1, title="", status="", items=())


def option(code: str, level: Level | None = None, urgency: Urgency | None = None) -> Option:
    return Option(
        code=code, system=None, words={"fr": f"{code} !", "en": code}, level=level, urgency=urgency
    )


def edition(*items: Item, name: str = "test") -> Questionnaire:
    return Questionnaire(
        digest=name,
        url="urn:test",
        name=name,
        version="1",
        title={"fr": "Essai"},
        licence="CC0-1.0",
        source="test",
        proposed=True,
        languages=("fr", "en"),
        loinc=None,
        issued=None,
        items=items,
    )


def question(link_id: str, *options: Option, kind: Kind = Kind.CHOICE) -> Item:
    words = {"fr": f"{link_id} ?", "en": link_id}
    return Item(link_id=link_id, kind=kind, words=words, options=options)


CHEST = question("chest_pain", option("no"), option("yes", urgency=Urgency.CALL_15))
ASKED = edition(
    CHEST,
    question("swollen", option("no"), option("more", Level.ORANGE)),
    question("dyspnoea", option("none"), option("effort", Level.RED), option("new", Level.ORANGE)),
    question("mood", option("fine"), option("low", urgency=Urgency.CALL_3114)),
    question("else", kind=Kind.TEXT),
    question("wound", kind=Kind.PHOTO),
)


def asked(answers: dict[str, object], profile: Profile = HOME, of: Questionnaire = ASKED) -> Asked:
    row = AnswerRow(id=uuid4(), answers=answers, answered_at=NOW, edition=of.digest)
    return read_answers([row, row], {of.digest: of}, profile)


def raised(found: Asked) -> dict[str, Level]:
    judged = judge(
        [], found.answers, context=Context(), profile=found.profile, open_alerts=[], now=NOW
    )
    return {rise.item: rise.level for rise in judged.raises}


@pytest.mark.parametrize("profile", [HOME, NOBODYS])
def test_call_15_is_red_though_no_profile_names_the_question(profile: Profile) -> None:
    assert raised(asked({"chest_pain": "yes"}, profile)) == {"test.chest_pain": Level.RED}
    assert raised(asked({"chest_pain": "no"}, profile)) == {}


def test_an_edition_adds_its_levels() -> None:
    assert raised(asked({"swollen": "more"})) == {"test.swollen": Level.ORANGE}


def test_of_profile_and_edition_the_worse_counts() -> None:
    assert raised(asked({"dyspnoea": "effort"})) == {"dyspnoea": Level.RED}
    assert raised(asked({"dyspnoea": "new"})) == {"dyspnoea": Level.ORANGE}
    lighter = edition(question("dyspnoea", option("rest", Level.GREEN)))
    assert raised(asked({"dyspnoea": "rest"}, of=lighter)) == {"dyspnoea": Level.RED}


@pytest.mark.parametrize(
    "answers", [{"else": "Je dors mal"}, {"wound": str(uuid4())}, {"mood": "low"}]
)
def test_what_only_a_person_judges_is_to_read(answers: dict[str, object]) -> None:
    found = asked(answers)
    assert raised(found) == {TO_READ: Level.ORANGE}
    assert TO_READ not in {item.code for item in state_items(found, HOME, NOW)}


def test_an_empty_text_calls_nobody() -> None:
    assert raised(asked({"else": "", "swollen": "no", "mood": "fine"})) == {}


def test_an_answer_without_an_edition_is_judged_by_the_profile() -> None:
    row = AnswerRow(id=uuid4(), answers={"dyspnoea": "rest"}, answered_at=NOW, edition=None)
    assert raised(read_answers([row], {}, HOME)) == {"dyspnoea": Level.RED}


def test_evidence_holds_the_words_as_they_were_read() -> None:
    found = asked({"chest_pain": "yes"})
    judged = judge(
        [], found.answers, context=Context(), profile=found.profile, open_alerts=[], now=NOW
    )
    said = judged.raises[0].breaches.worst.said
    assert said is not None
    assert said.sentence("fr") == "chest_pain ? yes !"
    assert said.sentence("en") == "chest_pain: yes"


def test_the_state_holds_what_alarms_and_no_other_question() -> None:
    found = asked({"chest_pain": "no", "swollen": "more"})
    shown = {item.code for item in state_items(found, HOME, NOW)}
    assert shown == {item.code for item in HOME.items} | {"test.swollen"}
    later = NOW + timedelta(hours=25)
    assert {item.code for item in state_items(found, HOME, later)} == {i.code for i in HOME.items}


def test_two_questionnaires_with_one_link_id_are_two_items() -> None:
    other = edition(question("chest_pain", option("yes", Level.ORANGE)), name="other")
    rows = [
        AnswerRow(id=uuid4(), answers={"chest_pain": "yes"}, answered_at=NOW, edition=digest)
        for digest in ("test", "other")
    ]
    found = read_answers(rows, {"test": ASKED, "other": other}, HOME)
    assert raised(found) == {"test.chest_pain": Level.RED, "other.chest_pain": Level.ORANGE}
