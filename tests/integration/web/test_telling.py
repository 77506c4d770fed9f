"""« Comment me prévenir » as professionals use the page."""

import pytest
from starlette.testclient import TestClient

from core.settings import settings
from messages.edge.push import new_private_key
from tests.as_owner import rows
from tests.integration.web.scene import NewClient, Scene, sign_in
from tests.integration.web.test_notifications import switch_on

PAGE = "/account/telling"
KEPT = "select alert_sms, alert_push, quiet_from::text, quiet_until::text from messages.preference"
NUMBERS = "select address from messages.contact_point where channel = 'sms' and ended_at is null"


@pytest.fixture
def nurse(scene: Scene, new_client: NewClient, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("CHEVET_SMS_URL", "json://127.0.0.1:1/sms/{to}")
    monkeypatch.setenv("CHEVET_VAPID_PRIVATE_KEY", new_private_key())
    monkeypatch.setenv("CHEVET_VAPID_SUBJECT", "mailto:telesuivi@demo.invalid")
    settings.cache_clear()
    return sign_in(new_client(), "nurse")


def test_what_is_chosen_is_kept_and_shown(nurse: TestClient) -> None:
    shown = nurse.get(PAGE).text
    assert "Par courriel, toujours" in shown
    assert "@nurse.example" in shown
    assert "Elles ne sont activées dans aucun" in shown
    answer = nurse.post(
        PAGE,
        data={
            "sms": "yes",
            "number": "06 12 34 56 78",
            "quiet_from": "21:00",
            "quiet_until": "07:30",
        },
    )
    assert "Votre choix est noté" in answer.text
    assert rows(KEPT) == [(True, False, "21:00:00", "07:30:00")]
    assert rows(NUMBERS) == [("+33612345678",)]
    for kept in ('value="+33612345678"', 'value="21:00"', 'value="07:30"'):
        assert kept in answer.text
    nurse.post(PAGE, data={"push": "yes", "number": "+33 7 52 34 56 78"})
    assert rows(KEPT) == [(False, True, None, None)]
    assert rows(NUMBERS) == [("+33752345678",)]
    nurse.post(PAGE, data={"sms": "yes", "number": ""})
    assert rows(NUMBERS) == [("+33752345678",)], "an empty field keeps the number there is"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sms": "yes"}, "Donnez le numéro de portable"),
        ({"sms": "yes", "number": "01 99 00 12 34"}, "Ce n’est pas un numéro de portable"),
        ({"number": "bonjour"}, "Ce n’est pas un numéro de portable"),
        ({"quiet_from": "21:00"}, "Donnez les deux heures"),
        ({"quiet_from": "21:00", "quiet_until": "21:00"}, "à la même heure"),
        ({"quiet_from": "07:00", "quiet_until": "06:59"}, "plus de 12 heures"),
        ({"quiet_from": "08:00", "quiet_until": "20:01"}, "plus de 12 heures"),
        ({"digest_at": "midi"}, "comme 18:30"),
        ({"quiet_from": "21 h", "quiet_until": "07:00"}, "comme 21:00"),
        ({"quiet_from": "21:00+02:00", "quiet_until": "07:00"}, "comme 21:00"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(
    nurse: TestClient, given: dict[str, str], said: str
) -> None:
    answer = nurse.post(PAGE, data={"push": "yes", **given})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    for typed in given.values():
        assert typed == "yes" or f'value="{typed}"' in answer.text
    assert rows(KEPT) == []
    assert rows(NUMBERS) == []


def test_the_choice_of_a_notification_keeps_and_the_other_page_too(nurse: TestClient) -> None:
    switch_on(nurse)
    assert "où vous les avez activées : 1." in nurse.get(PAGE).text
    nurse.post(PAGE, data={"quiet_from": "21:00", "quiet_until": "07:00"})
    nurse.post("/p/notifications/fallback", data={"fallback": "email"})
    assert rows(KEPT) == [(False, False, "21:00:00", "07:00:00")]
    nurse.post(PAGE, data={"push": "yes"})
    assert rows("select fallback, alert_push from messages.preference") == [("email", True)]


def test_the_day_of_my_patients(scene: Scene, nurse: TestClient, new_client: NewClient) -> None:
    nurse.post(PAGE, data={"digest_at": "18:30"})
    assert rows("select digest_at::text from messages.preference") == [("18:30:00",)]
    assert 'value="18:30"' in nurse.get(PAGE).text
    gp = sign_in(new_client(), "gp")
    shown = gp.get("/day").text
    assert f'href="{scene.page}"' in shown
    assert "Ouverte depuis" in shown
    gp.post(scene.page, data={"act": "closed", "outcome": "advice_given"})
    assert "Conseil donné" in gp.get("/day").text
    stranger = sign_in(new_client(), "stranger").get("/day").text
    assert "Rien n’est arrivé" in stranger
    assert not str(sign_in(new_client(), "patient").get("/day").url).endswith("/day")


def test_a_patient_chooses_on_the_page_of_notifications_and_gives_no_number(
    scene: Scene, new_client: NewClient
) -> None:
    patient = sign_in(new_client(), "patient")
    for answer in (patient.get(PAGE), patient.post(PAGE, data={"number": "0612345678"})):
        assert str(answer.url).endswith("/p/notifications")
    assert rows(NUMBERS) == []


def test_what_the_site_does_not_send_is_said(
    scene: Scene, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_SMS_URL", "")
    settings.cache_clear()
    shown = sign_in(new_client(), "gp").get(PAGE).text
    assert "Les SMS ne sont pas installés" in shown
    assert "Les notifications ne sont pas installées" in shown
    assert 'href="/account/telling"' in sign_in(new_client(), "gp").get("/account/sign-in").text
