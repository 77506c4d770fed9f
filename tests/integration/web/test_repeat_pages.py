"""A measure to take again on the pages: the patient's without a script, and what the team reads."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from alerts import service as alerts
from alerts.repeat_service import raise_overdue
from core import clock
from core.access import Permission
from core.settings import settings
from core.vitals import Vital
from dashboard.layouts.alert_card import alert_cards
from dashboard.layouts.queue import entry
from dashboard.reader import Reader
from identity.phone_owner import owner_of
from messages import service as messages
from questionnaires.library_service import active_edition
from tests.as_owner import rows, run
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


LATE = "Ce qui vous était demandé est terminé. Vos réponses sont gardées quand même"
FORM = {"client_key": "key-of-the-page", "pulse": "121", "worse": "no", "placed": "yes"}
READINGS = (
    "select r.value, now() - r.measured_at > interval '20 hours' from vitals.reading r"
    " join questionnaires.answer_reading a on a.measured_at = r.measured_at and a.vital = r.vital"
)


def grow_old() -> None:
    """The measure was asked for more than a day ago, and never came."""
    run(
        "update alerts.repeat set asked_at = asked_at - interval '25 hours',"
        " due_at = due_at - interval '25 hours'"
    )
    assert raise_overdue(clock.now()) == 1


def late_body(owner: str, **more: object) -> dict[str, object]:
    hours = 25 * 3600 * 1000
    times = {"wall_ms": hours, "monotonic_ms": None, "drift_then_ms": 0,
             "sent_wall_ms": round(clock.now().timestamp() * 1000)}  # fmt: skip
    return {
        "key": "key-of-the-phone", "owner": owner,
        "edition": active_edition("repeat-pulse").digest,
        "answers": {"pulse": "121", "worse": "no", "placed": "yes"}, "times": times, **more,
    }  # fmt: skip


def test_a_page_that_is_posted_a_day_late_loses_nothing_and_says_so(
    asked: Scene, jeanne: TestClient
) -> None:
    address = repeat_of()
    grow_old()
    opened_late = jeanne.get(address, follow_redirects=False)
    assert (opened_late.status_code, opened_late.headers["location"]) == (303, "/p")
    for _ in range(2):  # the second time as a browser that is told to send it again
        sent = jeanne.post(address, data=FORM, headers=HEADERS, follow_redirects=False)
        assert (sent.status_code, sent.headers["location"]) == (303, "/p/sent?late=yes")
    shown = jeanne.get("/p/sent?late=yes").text
    assert LATE in shown
    assert "121 bpm" in shown
    jeanne.post("/language", data={"locale": "en", "next": "/p"}, headers=HEADERS)
    assert "What was asked of you is over" in jeanne.get("/p/sent?late=yes").text
    assert rows(READINGS) == [(121.0, False)]
    assert rows("select count(*) from questionnaires.answer") == [(1,)]
    assert rows("select answer_id is not null from alerts.repeat where item = 'pulse'") == [(True,)]
    wrong = jeanne.post(address, data={"pulse": "88"}, headers=HEADERS)
    assert wrong.status_code == 422, "what is wrong is shown, and nothing of it lost"
    assert 'value="88"' in wrong.text


def test_a_phone_that_sends_a_day_late_keeps_the_time_of_the_measure_and_the_alert_is_told(
    asked: Scene, jeanne: TestClient
) -> None:
    address = repeat_of().replace("/p/", "/p/api/")
    grow_old()
    body = late_body(owner_of(asked.home.care.patient))
    first = jeanne.post(address, json=body, headers=HEADERS)
    assert (first.status_code, first.json()["late"], first.json()["again"]) == (200, True, False)
    again = jeanne.post(address, json=body, headers=HEADERS)
    assert (again.status_code, again.json()["again"]) == (200, True)
    assert rows(READINGS) == [(121.0, True)]
    alerts.review(clock.now())
    ((alert,),) = rows("select id from alerts.alert where item = 'pulse'")
    ctx = opened(asked.home.care.nurse, asked.home.care.patient, Permission.ALERTS_READ)
    page = alerts.alert_page(ctx, alert)
    assert not isinstance(page, alerts.NotFound)
    seen = [(one.evidence.value, one.evidence.late) for one in page.evidence]
    assert (121.0, True) in seen, "judged as what comes late is judged"
    assert "repeat_answered" in [event.what for event in page.events]


def test_nobody_elses_late_repeat_takes_anything(
    asked: Scene, jeanne: TestClient, new_client: NewClient
) -> None:
    address = repeat_of()
    grow_old()
    stranger = sign_in(new_client(), "gp")
    assert stranger.post(address, data=FORM, headers=HEADERS).status_code == 404
    unknown = address[:-12] + "0" * 12
    assert jeanne.post(unknown, data=FORM, headers=HEADERS).status_code == 404
    assert rows("select count(*) from questionnaires.answer") == [(0,)]
