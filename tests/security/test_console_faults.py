"""A callback of the console that fails: it is logged without health values, and the person told."""

import json

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from core.access import Role
from tests.security.asking import FAILED_ON_PAGE, Answer, ask_callback
from tests.security.cast import Cast, Someone
from tests.security.console_values import held_by_browser
from tests.security.relations import Relation, Standing
from tests.security.routes import dash_callbacks
from tests.security.verdicts import Outcome

BROKEN = {
    "closing-outcome.value": "advice_given",
    "closing-note.value": "Called twice, no answer",
    "closing-alert.data": {"alert": "not an id", "level": "red"},
}
"""What no page of ours sends and the callback has no answer to."""


@pytest.fixture
def nurse(cast: Cast) -> Someone:
    cast.restore()
    return cast.everybody[Standing(Role.TELEMONITORING_NURSE, Relation.CIRCLE_POST)]


def close(client: TestClient, cast: Cast, who: Someone, **held: object) -> Answer:
    given = {**held_by_browser(cast), **BROKEN, **held}
    return ask_callback(client, who, dash_callbacks()["close"], given)


def test_a_failure_is_logged_by_kind_and_place_and_never_by_its_text(
    cast: Cast, client: TestClient, nurse: Someone
) -> None:
    with capture_logs() as logged:
        close(client, cast, nurse)
    (line,) = [one for one in logged if one["event"] == "console_callback_failed"]
    where = line.pop("where")
    assert line == {
        "event": "console_callback_failed",
        "log_level": "error",
        "callback": "close",
        "error": "ValueError",
    }
    assert where.startswith("UUID.__init__:")


def test_the_person_is_told_and_the_dialog_keeps_what_he_wrote(
    cast: Cast, client: TestClient, nurse: Someone
) -> None:
    answer = close(client, cast, nurse)
    assert (answer.status, answer.outcome) == (200, Outcome.BROKEN)
    assert FAILED_ON_PAGE in answer.text
    said = json.loads(answer.text)
    assert "Ce que vous avez écrit est encore là" in said["sideUpdate"]["console-fault"]["children"]
    assert not answer.tells
    assert said["response"] == {}


def test_another_page_does_not_repeat_the_failure(
    cast: Cast, client: TestClient, nurse: Someone
) -> None:
    shown = ask_callback(client, nurse, dash_callbacks()["show_page"], held_by_browser(cast))
    assert shown.outcome is Outcome.LET_IN
    assert '"console-fault":{"children":null}' in shown.text
