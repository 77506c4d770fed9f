"""What an answer says reaches a human: the grave at once, what is to read the same day."""

from typing import Any

import psycopg
import pytest

from alerts import service as alerts
from alerts.wording import evidence_sentence
from core import clock
from core.access import Permission
from questionnaires import answers_shown_service as shown
from questionnaires.answers_shown_service import History
from questionnaires.shown import lines_of
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home, opened, seen_by_nurse
from tests.integration.questionnaires.asking import (
    may_read,
    owner_rows,
    put_edition,
)
from tests.integration.questionnaires.asking import send as send_daily

OURS = "https://chevet.example/fhir/StructureDefinition/"


def option(code: str, words: str, **more: str) -> dict[str, object]:
    found: dict[str, object] = {"valueCoding": {"code": code, "display": words}}
    if more:
        found["extension"] = [
            {"url": f"{OURS}option-{name}", "valueCode": value} for name, value in more.items()
        ]
    return found


RESOURCE: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "language": "fr",
    "url": "urn:chevet:test",
    "version": "1",
    "name": "OfTheTest",
    "title": "Essai",
    "status": "active",
    "publisher": "Chevet",
    "copyright": "CC0-1.0",
    "item": [
        {
            "linkId": "chest",
            "type": "choice",
            "text": "Avez-vous mal à la poitrine ?",
            "answerOption": [
                option("no", "Non"),
                option("yes", "Oui, en ce moment", urgency="call_15"),
            ],
        },
        {
            "linkId": "mood",
            "type": "choice",
            "text": "Comment va le moral ?",
            "answerOption": [option("fine", "Bien"), option("low", "Mal", urgency="call_3114")],
        },
        {"linkId": "else", "type": "text", "text": "Autre chose ?"},
    ],
}


@pytest.fixture
def home(database: Database) -> Home:
    return make_home()


@pytest.fixture
def edition(database: Database, home: Home) -> str:
    with psycopg.connect(database.dsn("OWNER"), autocommit=True) as owner:
        return put_edition(owner, RESOURCE)


def send(home: Home, given: dict[str, str | list[str]], key: str = "k") -> None:
    send_daily(home, given, key=key, edition="of-the-test")


def raised(home: Home) -> dict[str, str]:
    alerts.review(clock.now())
    return {line.item: line.level.code for line in seen_by_nurse(home)}


def test_call_15_is_red_in_the_same_review_though_no_profile_names_it(
    home: Home, edition: str
) -> None:
    send(home, {"chest": "yes"})
    assert raised(home) == {"of-the-test.chest": "red"}
    (line,) = seen_by_nurse(home)
    said = evidence_sentence(line.reason.evidence, "en")
    assert said == "Avez-vous mal à la poitrine ? Oui, en ce moment"


def test_the_test_sees_levels_of_editions_that_are_left_out(
    home: Home, edition: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With editions kept from the review nothing is raised: what the test above looks at."""
    monkeypatch.setattr("alerts.review_service.editions_named", lambda _rows: frozenset())
    send(home, {"chest": "yes"})
    assert raised(home) == {}


@pytest.mark.parametrize(
    "given", [{"else": "Je ne dors plus"}, {"mood": "low"}], ids=["own words", "low mood"]
)
def test_what_a_person_must_read_is_to_read_once(
    home: Home, edition: str, given: dict[str, str | list[str]]
) -> None:
    send(home, given)
    assert raised(home) == {"to_read": "orange"}
    send(home, given, key="another")
    assert raised(home) == {"to_read": "orange"}
    assert len(seen_by_nurse(home)) == 1


def test_nothing_to_read_calls_nobody(home: Home, edition: str) -> None:
    send(home, {"chest": "no", "mood": "fine"})
    assert raised(home) == {}


def test_a_grave_answer_of_somebody_nobody_watches_calls_too(
    home: Home, edition: str, database: Database
) -> None:
    with psycopg.connect(database.dsn("OWNER"), autocommit=True) as owner:
        owner.execute("update alerts.prescription set ends_at = now()")
    send(home, {"chest": "yes"})
    assert raised(home) == {"of-the-test.chest": "red"}
    mails = owner_rows(database, "select count(*) from messages.outbox where about is not null")
    assert mails[0] != (0,)


def test_an_answer_of_a_retired_edition_reads_and_is_judged_the_same(
    home: Home, edition: str, database: Database
) -> None:
    send(home, {"chest": "yes", "else": "Ça serre"})
    items = [{**item, "text": "Autre question"} for item in RESOURCE["item"]]
    changed = {**RESOURCE, "version": "2", "item": items}
    before = read(home)
    with psycopg.connect(database.dsn("OWNER"), autocommit=True) as owner:
        owner.execute(
            "update questionnaires.edition set state = 'retired', retired_at = now()"
            " where digest = %s",
            [edition],
        )
        put_edition(owner, changed)
    from questionnaires.library_service import load_edition

    load_edition.cache_clear()
    assert read(home) == before
    assert before[0] == ("Avez-vous mal à la poitrine ?", "Oui, en ce moment")
    assert raised(home) == {"of-the-test.chest": "red", "to_read": "orange"}


def read(home: Home) -> list[tuple[str, str]]:
    page = shown.answers_page(may_read(home))
    found = shown.history(may_read(home), page.answers[0].entry.id)
    assert isinstance(found, History)
    entry = found.shown.entry
    lines = lines_of(found.shown.edition, entry.answers, entry.scores, "fr")
    return [(line.question, line.answer) for line in lines]


def test_the_content_of_an_edition_cannot_be_changed(
    home: Home, edition: str, database: Database
) -> None:
    with (
        psycopg.connect(database.dsn("OWNER")) as owner,
        pytest.raises(psycopg.errors.CheckViolation),
    ):
        owner.execute(
            "update questionnaires.edition set resource = '{}' where digest = %s", [edition]
        )


def test_an_alerting_answer_is_part_of_the_state(home: Home, edition: str) -> None:
    send(home, {"chest": "yes", "else": "Ça serre"})
    alerts.review(clock.now())
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ)
    state = alerts.patient_summary(ctx)
    assert state is not None
    assert state.level.code == "red"
    assert {one.item for one in state.items} == {"of-the-test.chest"}
