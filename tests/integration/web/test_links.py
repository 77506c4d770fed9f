"""A link to one questionnaire: its code, its one answer, and what was typed when it has ended."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from core import clock
from core.sealing import unseal_text
from core.settings import settings
from messages import service as messages
from messages.message import SEALED_PARAM
from questionnaires import link_answer_routes
from questionnaires.library_service import active_edition
from tests.as_owner import mutate, rows, run
from tests.integration.web.scene import NewClient, Scene, sign_in

CALM = {"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}
GRAVE = {**CALM, "dyspnoea": "rest", "temperature": "38,4"}
LOW = {
    "dyspnoea": "none",
    "faintness_or_confusion": "no",
    "chills": "no",
    "mood": "low",
}


@pytest.fixture
def record(scene: Scene) -> str:
    return f"/patients/{scene.home.care.patient}"


@pytest.fixture
def gp(scene: Scene, new_client: NewClient) -> TestClient:
    return sign_in(new_client(), "gp")


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("&#39;", "’").replace("’", "'")


def wrong_of(code: str) -> str:
    return "000000" if code != "000000" else "111111"


def sources() -> list[str]:
    return [source for (source,) in rows("select source from questionnaires.answer")]


def called() -> list[bool]:
    return [said for (said,) in rows("select called from questionnaires.called")]


def ended_ago(ago: str) -> None:
    """Let the time of every link have run out a while ago."""
    run(
        "update questionnaires.link set made_at = now() - interval '1 day',"
        f" expires_at = now() - interval '{ago}'"
    )


def opened(client: TestClient, token: str, code: str) -> str:
    """Give the code in a browser; return the form it is led to."""
    page = client.post(f"/q/{token}/code", data={"code": code})
    assert page.status_code == 200
    return page.text


def link_and_code(
    gp: TestClient, scene: Scene, record: str, name: str = "home-daily"
) -> tuple[str, str]:
    """Send the patient a link by mail, its code by SMS; return both as they go out."""
    patient = scene.home.care.patient
    messages.register_contact(patient, "email", "jeanne@patient.example")
    messages.register_contact(patient, "sms", "+33639980112")
    page = gp.get(f"{record}/answers/links").text
    assert "j…@patient.example" in page
    assert "+33639980112" not in page
    form = {"what": active_edition(name).digest, "to": f"email {patient}"}
    assert gp.post(f"{record}/answers/links", data=form).status_code == 200
    sent = {
        str(template): (str(channel), dict(params))
        for template, channel, params in rows(
            "select template, channel, params from messages.outbox order by created_at"
        )
    }
    assert sent["answer_link"][0] == "email"
    assert sent["answer_code"][0] == "sms"
    token = unseal_text(sent["answer_link"][1]["token"], SEALED_PARAM)
    return token, unseal_text(sent["answer_code"][1]["code"], SEALED_PARAM)


def test_a_link_asks_its_code_and_is_answered_once(
    scene: Scene, new_client: NewClient, gp: TestClient, record: str
) -> None:
    token, code = link_and_code(gp, scene, record)
    phone, other = new_client(), new_client()
    first = phone.get(f"/q/{token}")
    assert "Code à six chiffres" in first.text
    assert "Jeanne" not in first.text
    assert first.headers["referrer-policy"] == "same-origin"
    assert phone.post(f"/q/{token}", data=CALM).status_code == 410
    wrong = phone.post(f"/q/{token}/code", data={"code": wrong_of(code)})
    assert wrong.status_code == 422
    page = opened(phone, token, f"{code[:3]} {code[3:]}")
    assert 'name="dyspnoea"' in page
    assert "Jeanne" not in page
    assert other.post(f"/q/{token}", data=CALM).status_code == 410
    thanks = phone.post(f"/q/{token}", data=CALM).text
    assert "Merci" in thanks
    assert "pendant ses horaires : 8 h à 20 h" in plain(thanks).replace("de 8 h", "8 h")
    assert phone.post(f"/q/{token}", data=CALM).status_code == 410
    assert phone.get(f"/q/{token}").status_code == 410
    assert sources() == ["link"]


def test_the_test_sees_a_link_that_is_never_used_up(
    scene: Scene, new_client: NewClient, gp: TestClient, record: str
) -> None:
    mutate(
        "questionnaires.gate_end_link", "ended_at = access.current_instant()", "ended_at = ended_at"
    )
    with pytest.raises(AssertionError):
        test_a_link_asks_its_code_and_is_answered_once(scene, new_client, gp, record)


def test_five_wrong_codes_end_a_link(
    scene: Scene, new_client: NewClient, gp: TestClient, record: str
) -> None:
    token, code = link_and_code(gp, scene, record)
    phone, guess = new_client(), {"code": wrong_of(code)}
    tried = [phone.post(f"/q/{token}/code", data=guess).status_code for _ in range(5)]
    assert tried == [422] * 4 + [410]
    assert phone.post(f"/q/{token}/code", data={"code": code}).status_code == 410


@pytest.mark.parametrize("fault", ["tries = tries + 1", "k.tries < 5"])
def test_the_test_sees_codes_tried_without_end(
    scene: Scene, new_client: NewClient, gp: TestClient, record: str, fault: str
) -> None:
    mutate("questionnaires.gate_try_link", fault, fault.replace("+ 1", "").replace("5", "5000"))
    with pytest.raises(AssertionError):
        test_five_wrong_codes_end_a_link(scene, new_client, gp, record)


def test_two_links_in_one_browser_take_nothing_from_each_other(
    scene: Scene, new_client: NewClient, gp: TestClient, record: str
) -> None:
    phone = new_client()
    first = link_and_code(gp, scene, record)
    opened(phone, *first)
    second = link_and_code(gp, scene, record, "ecovid-daily")
    assert second != first
    opened(phone, *second)
    assert "Merci" in phone.post(f"/q/{first[0]}", data=CALM).text
    assert 'name="chills"' in phone.get(f"/q/{second[0]}").text


def test_the_test_sees_one_cookie_for_all_links(
    scene: Scene,
    new_client: NewClient,
    gp: TestClient,
    record: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(link_answer_routes, "cookie_of", lambda token: "chevet_link")
    with pytest.raises(AssertionError):
        test_two_links_in_one_browser_take_nothing_from_each_other(scene, new_client, gp, record)


def test_an_answer_just_after_the_end_is_taken_in(
    scene: Scene, new_client: NewClient, gp: TestClient, record: str
) -> None:
    token, code = link_and_code(gp, scene, record)
    phone, late = new_client(), new_client()
    opened(phone, token, code)
    ended_ago("50 minutes")
    assert late.post(f"/q/{token}/code", data={"code": code}).status_code == 410
    assert "Merci" in phone.post(f"/q/{token}", data=CALM).text
    assert sources() == ["link"]


@pytest.mark.parametrize("hours", [0, 24])
def test_the_test_sees_an_hour_of_grace_that_is_none_or_a_day(
    scene: Scene, new_client: NewClient, gp: TestClient, record: str, hours: int
) -> None:
    mutate("questionnaires.gate_link_session", "'01:00:00'", f"'{hours}:00:00'")
    test = (
        test_what_was_typed_too_late_stays_on_the_page
        if hours
        else (test_an_answer_just_after_the_end_is_taken_in)
    )
    with pytest.raises(AssertionError):
        test(scene, new_client, gp, record)


def test_what_was_typed_too_late_stays_on_the_page(
    scene: Scene, new_client: NewClient, gp: TestClient, record: str
) -> None:
    token, code = link_and_code(gp, scene, record)
    phone = new_client()
    opened(phone, token, code)
    ended_ago("2 hours")
    form = {**GRAVE, "_edition": active_edition("home-daily").digest}
    page = phone.post(f"/q/{token}", data=form)
    said = plain(page.text)
    assert page.status_code == 410
    assert "votre équipe ne l'a pas lu" in said
    assert "38,4 °C" in said
    assert "au repos" in said
    assert 'href="tel:15"' in said.split("Votre saisie")[0]
    assert sources() == []


def test_a_session_that_ended_asks_the_code_again_and_keeps_what_was_typed(
    scene: Scene, new_client: NewClient, gp: TestClient, record: str
) -> None:
    token, code = link_and_code(gp, scene, record)
    phone = new_client()
    opened(phone, token, code)
    opened(new_client(), token, code)
    form = {**GRAVE, "_edition": active_edition("home-daily").digest}
    page = phone.post(f"/q/{token}", data=form)
    assert page.status_code == 422
    assert 'value="38,4"' in page.text
    assert 'name="_code"' in page.text
    wrong = phone.post(f"/q/{token}", data={**form, "_code": wrong_of(code)})
    assert 'value="38,4"' in wrong.text
    assert sources() == []
    assert "Merci" in phone.post(f"/q/{token}", data={**form, "_code": code}).text
    assert sources() == ["link"]


@pytest.mark.parametrize("is_open", [True, False])
def test_a_grave_answer_by_a_link_is_told_whom_to_call_and_asked_whether_he_did(
    scene: Scene,
    new_client: NewClient,
    gp: TestClient,
    record: str,
    monkeypatch: pytest.MonkeyPatch,
    is_open: bool,
) -> None:
    another = (clock.now() + timedelta(days=3)).strftime("%a").lower()
    hours = "mon-sun 00:00-24:00" if is_open else f"{another} 08:00-20:00"
    monkeypatch.setenv("CHEVET_SERVICE_OPENING", hours)
    settings.cache_clear()
    token, code = link_and_code(gp, scene, record)
    phone = new_client()
    opened(phone, token, code)
    page = plain(phone.post(f"/q/{token}", data=GRAVE).text)
    assert ("Le service est fermé. Appelez le 15 maintenant." in page) is not is_open
    assert "Avez-vous appelé" in page
    assert new_client().post(f"/q/{token}/called", data={"called": "yes"}).status_code == 410
    assert called() == []
    told = phone.post(f"/q/{token}/called", data={"called": "no", "told": "call_15"})
    assert "pas encore appelé" in told.text
    assert 'href="tel:15"' in told.text
    assert called() == [False]
    run("update questionnaires.link set ended_at = now() - interval '2 hours'")
    assert phone.post(f"/q/{token}/called", data={"called": "yes"}).status_code == 410


def test_a_low_mood_by_a_link_is_told_3114_and_asked_whether_he_called(
    scene: Scene, new_client: NewClient, gp: TestClient, record: str
) -> None:
    token, code = link_and_code(gp, scene, record, "ecovid-daily")
    phone = new_client()
    opened(phone, token, code)
    page = plain(phone.post(f"/q/{token}", data=LOW).text)
    assert 'href="tel:3114"' in page
    assert "Avez-vous appelé" in page
    phone.post(f"/q/{token}/called", data={"called": "yes", "told": "call_3114"})
    assert called() == [True]
