"""A measure to take again on the pages: the patient's without a script, and what the team reads."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from alerts import service as alerts
from core import clock
from core.access import Permission
from core.settings import settings
from core.vitals import Vital
from dashboard.layouts.alert_card import alert_cards
from dashboard.layouts.queue import entry
from dashboard.reader import Reader
from messages import service as messages
from tests.as_owner import rows
from tests.integration.alerts.home import measure, opened, watch
from tests.integration.web.scene import ORIGIN, NewClient, Scene, sign_in

HEADERS = {"origin": ORIGIN}


@pytest.fixture
def asked(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Jeanne has a red saturation, and her pulse comes in orange."""
    monkeypatch.setenv("CHEVET_SMS_URL", "json://127.0.0.1:9/sms/{to}")
    settings.cache_clear()
    messages.register_contact(scene.home.care.patient, "sms", "+33698765432")
    watch(scene.home, 2)
    measure(scene.home, [(Vital.PULSE, 115, timedelta(0))])
    alerts.review(clock.now())
    return scene


@pytest.fixture
def jeanne(asked: Scene, new_client: NewClient) -> TestClient:
    return sign_in(new_client(), "patient")


def repeat_of() -> str:
    ((found,),) = rows("select id from alerts.repeat where item = 'pulse'")
    return f"/p/repeats/{found}"


def reader() -> Reader:
    return Reader(locale="fr", time_zone="Europe/Paris", now=clock.now())


def test_the_day_begins_with_the_measure_and_says_nothing_of_a_value(jeanne: TestClient) -> None:
    page = jeanne.get("/p").text
    assert page.index("Une mesure est à refaire") < page.index("Bonjour Jeanne") + 2000
    assert page.index(repeat_of()) < page.index('id="today"')
    assert "115" not in page
    assert "orange" not in re.sub(r"banner-orange", "", page)
    assert repeat_of() in jeanne.get("/p/api/today").json()["pages"]


def test_an_empty_form_is_shown_again_with_what_is_missing_and_loses_nothing(
    jeanne: TestClient,
) -> None:
    form = {"client_key": "key-of-the-page", "pulse": "88"}
    again = jeanne.post(repeat_of(), data=form, headers=HEADERS)
    assert again.status_code == 422
    assert 'value="88"' in again.text
    assert 'value="key-of-the-page"' in again.text
    assert "Rien n’est encore envoyé" in again.text
    assert rows("select answer_id from alerts.repeat where item = 'pulse'") == [(None,)]


def test_a_measure_is_stored_attached_and_read_by_the_team(
    asked: Scene, jeanne: TestClient, new_client: NewClient
) -> None:
    care = asked.home.care
    (row,) = alerts.queue_page(care.nurse, 10, 0)
    assert [one.item for one in row.repeats] == ["pulse"]
    assert "nouvelle mesure demandée au patient, attendue avant" in str(entry(reader(), row))
    form = {"client_key": "key-of-the-page", "pulse": "121", "worse": "no", "placed": "yes"}
    sent = jeanne.post(repeat_of(), data=form, headers=HEADERS, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, "/p/sent")
    again = jeanne.post(repeat_of(), data=form, headers=HEADERS, follow_redirects=False)
    assert again.status_code == 303
    assert rows("select count(*) from questionnaires.answer") == [(1,)]
    alerts.review(clock.now())
    ((alert,),) = rows("select id from alerts.alert where item = 'pulse'")
    ctx = opened(care.nurse, care.patient, Permission.ALERTS_READ)
    page = alerts.alert_page(ctx, alert)
    assert not isinstance(page, alerts.NotFound)
    (one,) = page.repeats
    assert (one.state.value, [line.answer for line in one.lines("fr")]) == (
        "confirmed",
        ["121 bpm", "Non", "Oui"],
    )
    card = str(alert_cards(reader(), (page,), may_act=True, base=""))
    assert "Nouvelle mesure demandée à" in card
    assert "toujours hors seuils" in card
    assert "Étiez-vous assis(e), au repos depuis cinq minutes ?" in card
    (row,) = alerts.queue_page(care.nurse, 10, 0)
    assert row.repeats == ()
    gp = sign_in(new_client(), "gp")
    shown = gp.get(f"/patients/{care.patient}/alerts/{alert}").text
    assert "toujours hors seuils" in shown
    assert "121" in shown


def test_what_is_settled_leads_back_to_the_day_and_a_strange_one_is_not_there(
    asked: Scene, jeanne: TestClient, new_client: NewClient
) -> None:
    page = repeat_of()
    stranger = sign_in(new_client(), "gp")
    assert stranger.get(page).status_code == 404
    measure(asked.home, [(Vital.PULSE, 80, timedelta(0))])
    alerts.review(clock.now())
    settled = jeanne.get(page, follow_redirects=False)
    assert (settled.status_code, settled.headers["location"]) == (303, "/p")
    assert "Une mesure est à refaire" not in jeanne.get("/p").text
