"""Links by mail, invitations, recovery codes, remembered phones; changing how one signs in."""

import re
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from starlette.testclient import TestClient

from core import clock
from core.sealing import unseal_text
from core.settings import settings
from identity import activation_service, reset_service
from identity.activation_service import invite
from identity.factor_service import begin_totp, make_recovery_codes
from identity.factors import step_of
from identity.origin import Origin
from identity.reauth_service import confirm
from identity.session_service import hash_token
from identity.verdicts import Confirmed, TooManyAttempts, Wrong
from messages.message import SEALED_PARAM
from tests.as_owner import rows, run
from tests.codes import code_of
from tests.integration.web.proving import NEW_PASSWORD, opens, second, session
from tests.integration.web.scene import (
    PASSWORD,
    NewClient,
    Scene,
    give_password,
    sign_in,
)


@pytest.mark.promise("S13")
def test_a_recovery_code_serves_once(scene: Scene, new_client: NewClient) -> None:
    (code, *_) = make_recovery_codes(scene.home.care.gp.person)
    first, again = new_client(), new_client()
    for client in (first, again):
        give_password(client, "gp")
    assert second(first, code.lower().replace("-", " ")) == 303
    assert second(again, code) == 401


@pytest.fixture
def link(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> str:
    """The link to a new password, as whoever reads the GP's mail has it."""
    tokens = list[str]()

    def seal(text: str, purpose: str) -> str:
        tokens.append(text)
        return "sealed"

    monkeypatch.setattr(reset_service, "seal_text", seal)
    run("update identity.account set login = 'gp@cabinet.example' where login = 'gp'")
    reset_service.ask("gp@cabinet.example", Origin())
    (token,) = tokens
    return f"/reset/{token}"


def reset(client: TestClient, link: str, code: str, new: str = NEW_PASSWORD) -> int:
    form = {"code": code, "new": new, "again": new}
    return client.post(link, data=form, follow_redirects=False).status_code


@pytest.mark.promise("S13")
def test_mail_alone_changes_no_password(link: str, scene: Scene, new_client: NewClient) -> None:
    thief, owner = new_client(), new_client()
    assert reset(thief, link, "") == 422
    assert reset(thief, link, "000000") == 422
    assert reset(thief, link, code_of("nurse")) == 422
    signed_in_elsewhere = sign_in(new_client(), "nurse")
    assert reset(signed_in_elsewhere, link, "") == 422
    still = sign_in(owner, "gp@cabinet.example")
    assert reset(new_client(), link, code_of("gp"), "password") == 422
    assert reset(new_client(), link, code_of("gp")) == 200
    assert session(still) is None, "every session ends"
    assert reset(new_client(), link, code_of("gp", steps=1)) == 410
    old = give_password(new_client(), "gp@cabinet.example")
    assert old.status_code == 401
    after = give_password(new_client(), "gp@cabinet.example", password=NEW_PASSWORD)
    assert after.headers["location"] == "/sign-in/second", "and the second factor is asked for"


@pytest.mark.promise("S13")
def test_mail_taken_for_a_second_factor_is_noticed(
    link: str, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reset_service, "check_code_of", lambda *_a, **_k: Confirmed())
    assert reset(new_client(), link, "") == 200


def test_asking_for_a_link_tells_nothing_and_mails_no_stranger(
    scene: Scene, new_client: NewClient
) -> None:
    client = new_client()
    run("update identity.account set login = 'gp@cabinet.example' where login = 'gp'")
    pages = [
        client.post("/forgotten", data={"login": login}).text
        for login in ("gp@cabinet.example", "nobody@nowhere.example")
    ]
    assert pages[0] == pages[1]
    sent = rows("select address, params from messages.outbox where template = 'password_reset'")
    assert [address.endswith("@gp.example") for address, _ in sent] == [True]
    assert re.search("gp|Lefèvre", str(sent[0][1])) is None


@pytest.mark.promise("S13")
def test_an_invitation_needs_the_code_given_another_way_and_serves_once(
    scene: Scene, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = list[str]()
    monkeypatch.setattr(
        activation_service, "seal_text", lambda text, _: tokens.append(text) or "sealed"
    )
    patient = scene.home.care.patient
    run("delete from identity.totp where person = %s", patient)
    code = invite(patient, "jeanne@maison.example")
    client, page = new_client(), f"/activate/{tokens[0]}"
    new = {"new": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert client.get(page).status_code == 200
    assert client.post(page, data={"code": "AAAA-AAAA", **new}).status_code == 422
    assert client.post(page, data={"code": code, "new": "x", "again": "x"}).status_code == 422
    opened = client.post(page, data={"code": code, **new}, follow_redirects=False)
    assert opened.headers["location"] == "/sign-in/second"
    assert client.get("/p", follow_redirects=False).headers["location"].startswith("/sign-in")
    assert client.get("/sign-in/second").url.path == "/sign-in/set-up"
    assert new_client().post(page, data={"code": code, **new}).status_code == 410
    secret = begin_totp(patient)
    form = {"code": pyotp.TOTP(secret).generate_otp(step_of(clock.now()))}
    led = client.post("/sign-in/set-up/totp", data=form, follow_redirects=False)
    assert led.headers["location"].startswith("/account/recovery-codes")
    assert opens(client, "/p")


def code_sent() -> str:
    """Return the code in the latest text message, as the sender unseals it."""
    (params,) = rows(
        "select params from messages.outbox where template = 'sign_in_code' "
        "order by created_at desc limit 1"
    )[0]
    return unseal_text(params["code"], SEALED_PARAM)


@pytest.mark.promise("S13")
def test_a_text_message_is_for_patients_and_its_code_serves_once(
    scene: Scene, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_SMS_URL", "jsons://gateway.example/{to}")
    settings.cache_clear()
    patient, gp = sign_in(new_client(), "patient"), sign_in(new_client(), "gp")
    page, number = "/sign-in/set-up/sms", {"number": "06 12 34 56 78"}
    assert gp.post(page, data=number, follow_redirects=False).status_code == 303
    assert rows("select 1 from messages.outbox where channel = 'sms'") == []
    assert patient.post(page, data={"number": "01 23"}).status_code == 422
    assert patient.post(page, data=number).status_code == 200
    first = code_sent()
    assert first not in str(rows("select * from messages.outbox"))
    patient.post(page, data={**number, "code": first}, follow_redirects=False)
    assert rows("select number from identity.sms_phone") == [("+33612345678",)]
    client, again = new_client(), new_client()
    for one in (client, again):
        give_password(one, "patient")
    client.post("/sign-in/sms", data={})
    code = code_sent()
    assert second(client, code) == 303
    assert second(again, code) == 401


# A remembered phone


@pytest.fixture
def phone(scene: Scene, new_client: NewClient) -> TestClient:
    """The patient's phone, remembered, a day after he signed in."""
    client = new_client()
    give_password(client, "patient")
    assert second(client, code_of("patient"), remember="true") == 303
    client.cookies.delete("chevet_session")
    return client


@pytest.mark.promise("S13")
def test_a_remembered_phone_answers_today_and_opens_nothing(
    scene: Scene, phone: TestClient
) -> None:
    calm = {"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}
    assert opens(phone, "/p/questions")
    assert phone.post("/p/questions", data=calm).status_code == 200
    closed = ("/p/journal", "/p/circle", "/account/sign-in", "/account/sessions", "/account/rights")
    for path in closed:
        answer = phone.get(path, follow_redirects=False)
        assert answer.status_code in (303, 404), path
        if answer.status_code == 303:
            assert answer.headers["location"].startswith("/sign-in"), path
    # The record asks for both factors: the phone is in hand, perhaps in somebody else's.
    assert second(phone, code_of("patient", steps=1)) == 401
    assert second(phone, code_of("patient", steps=1), password="not the one") == 401
    assert second(phone, code_of("patient", steps=1), password=PASSWORD) == 303
    assert opens(phone, "/p/journal")


@pytest.mark.promise("S13")
def test_a_phone_forgotten_elsewhere_answers_no_more(
    scene: Scene, phone: TestClient, new_client: NewClient
) -> None:
    elsewhere = sign_in(new_client(), "patient")
    (id,) = rows("select id from identity.session where aal = 'remembered'")[0]
    assert str(id) in elsewhere.get("/account/sign-in").text
    elsewhere.post("/account/phones/forget", data={"phone": str(id)})
    assert not opens(phone, "/p/questions")


@pytest.mark.promise("S13")
def test_a_remembered_phone_ends_after_its_days(phone: TestClient, clock_file: Path) -> None:
    clock_file.write_text(str(timedelta(days=31).total_seconds()))
    assert not opens(phone, "/p/questions")


# Grave acts, and changing factors


@pytest.mark.promise("S13")
def test_grave_acts_are_confirmed_by_password_or_code(scene: Scene, new_client: NewClient) -> None:
    who = session(sign_in(new_client(), "gp"))
    other = session(sign_in(new_client(), "gp"))
    assert who is not None
    assert other is not None
    assert confirm(who, PASSWORD, address="192.0.2.1") == Confirmed()
    assert confirm(who, code_of("gp"), address="192.0.2.1") == Confirmed()
    assert confirm(who, code_of("gp"), address="192.0.2.1") == Wrong()
    for _ in range(9):
        assert confirm(who, "not the one", address="192.0.2.1") == Wrong()
    told = {type(confirm(who, "000000", address="192.0.2.1")) for _ in range(12)}
    assert TooManyAttempts in told
    assert confirm(other, PASSWORD, address="192.0.2.1") == Confirmed(), "another session is free"


def test_changing_a_factor_asks_for_factors_given_lately(
    scene: Scene, new_client: NewClient, clock_file: Path
) -> None:
    client = sign_in(new_client(), "gp")
    clock_file.write_text(str(timedelta(minutes=11).total_seconds()))
    assert opens(client, "/")
    for path in ("/account/recovery-codes", "/sign-in/set-up"):
        answer = client.get(path, follow_redirects=False)
        assert answer.headers["location"].startswith("/sign-in/second"), path
    removed = client.post("/account/factors/remove", data={"kind": "totp"}, follow_redirects=False)
    assert removed.headers["location"].startswith("/sign-in/second")
    assert rows("select count(*) from identity.totp where confirmed_at is not null") == [(4,)]


def test_the_last_second_factor_stays(scene: Scene, new_client: NewClient) -> None:
    client = sign_in(new_client(), "gp")
    assert client.post("/account/factors/remove", data={"kind": "totp"}).status_code == 422


@pytest.mark.promise("S13")
def test_a_new_password_ends_every_other_session(scene: Scene, new_client: NewClient) -> None:
    here, there = sign_in(new_client(), "gp"), sign_in(new_client(), "gp")
    form = {"current": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD}
    weak = here.post("/account/password", data={**form, "new": "password", "again": "password"})
    assert weak.status_code == 422
    wrong = here.post("/account/password", data={**form, "current": "not the one"})
    assert wrong.status_code == 422
    assert here.post("/account/password", data=form).status_code == 200
    assert session(here) is not None
    assert session(there) is None


def test_no_token_and_no_secret_stands_in_the_database(scene: Scene, new_client: NewClient) -> None:
    client = sign_in(new_client(), "gp")
    token = client.cookies["chevet_session"]
    kept = rows("select token_hash from identity.session")
    assert (hash_token(token),) in kept
    assert all(token.encode() not in bytes(one) for (one,) in kept)
    (hashed,) = rows("select distinct password_hash from identity.account")[0]
    assert hashed.startswith("$argon2id$")
    codes = make_recovery_codes(scene.home.care.gp.person)
    assert codes[0] not in str(rows("select * from identity.recovery_code"))
