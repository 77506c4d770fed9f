"""Codes by text message, each once and for ten minutes; none of them ever goes by mail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from core.doors import GateConnection
from core.settings import settings
from identity import factor_service
from messages.message import Message
from messages.service import put_out, register_contact
from tests.integration.alerts.home import rows
from tests.integration.web.scene import NewClient, Scene, give_password
from tests.integration.web.test_serves_once import TICKETS, always, run

pytestmark = pytest.mark.promise("S13")


def codes_by_mail() -> list[tuple[object, ...]]:
    return rows(
        "select template from messages.outbox where channel = 'email'"
        " and template in ('sign_in_code') or channel = 'email' and params ? 'code'"
    )


def ask_for_every_code(scene: Scene, new_client: NewClient) -> None:
    """Ask for a code as somebody with a mail, a telephone and no other factor."""
    patient = scene.home.care.patient
    register_contact(patient, "email", "jeanne@maison.example")
    client = new_client()
    give_password(client, "patient")
    client.post("/sign-in/sms")


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch, scene: Scene) -> None:
    """A service that sends text messages, and a telephone that gets them."""
    monkeypatch.setenv("CHEVET_SMS_URL", "json://127.0.0.1:9/")
    settings.cache_clear()
    run(
        "insert into identity.sms_phone (person, number, confirmed_at)"
        " values (%s, '+33639980112', now())",
        scene.home.care.patient,
    )


def test_somebody_with_a_mail_alone_has_no_second_factor(
    scene: Scene, new_client: NewClient
) -> None:
    patient = scene.home.care.patient
    run("delete from identity.totp where person = %s", patient)
    register_contact(patient, "email", "jeanne@maison.example")
    client = new_client()
    give_password(client, "patient")
    assert client.get("/sign-in/second").url.path == "/sign-in/set-up"
    client.post("/sign-in/sms")
    assert rows("select * from messages.outbox where template = 'sign_in_code'") == []
    assert client.get("/p", follow_redirects=False).status_code == 303


@pytest.mark.usefixtures("texts")
def test_no_code_goes_by_mail(scene: Scene, new_client: NewClient) -> None:
    ask_for_every_code(scene, new_client)
    sent = rows("select channel, address from messages.outbox where template = 'sign_in_code'")
    assert sent == [("sms", "+33639980112")]
    assert codes_by_mail() == []


@pytest.mark.usefixtures("texts")
def test_a_code_that_goes_by_mail_is_noticed(
    scene: Scene, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def by_mail(conn: GateConnection, message: Message, now: datetime) -> None:
        put_out(conn, replace(message, channel="email", address="a@b.example"), now)

    monkeypatch.setattr(factor_service, "put_out", by_mail)
    ask_for_every_code(scene, new_client)
    assert codes_by_mail() != []


# A code by text message


@pytest.fixture
def texted(texts: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[TestClient], str]:
    codes = list[str]()
    make = factor_service.new_short_code

    def kept() -> str:
        codes.append(make())
        return codes[-1]

    monkeypatch.setattr(factor_service, "new_short_code", kept)

    def ask(client: TestClient) -> str:
        give_password(client, "patient")
        client.post("/sign-in/sms")
        return codes[-1]

    return ask


def text_works_again(texted: Callable[[TestClient], str], new_client: NewClient) -> bool:
    first, again = new_client(), new_client()
    code = texted(first)
    give_password(again, "patient")
    told = [
        client.post("/sign-in/second", data={"code": code}, follow_redirects=False).status_code
        for client in (first, again)
    ]
    assert told[0] == 303
    return told[1] == 303


def test_a_code_by_text_message_serves_once(
    texted: Callable[[TestClient], str], new_client: NewClient
) -> None:
    assert not text_works_again(texted, new_client)


def test_a_text_that_serves_twice_is_noticed(
    texted: Callable[[TestClient], str], new_client: NewClient
) -> None:
    run(
        "create or replace function identity.gate_ticket_of(p_kind text, p_person uuid)"
        " returns table (id uuid, person uuid, code_hash bytea, phone text) language sql stable"
        f" security definer begin atomic {TICKETS} where kind = p_kind and person = p_person; end"
    )
    always("gate_use_ticket(p_id uuid)")
    assert text_works_again(texted, new_client)


def test_a_code_by_text_message_lasts_ten_minutes(
    texted: Callable[[TestClient], str], new_client: NewClient, clock_file: Path
) -> None:
    code = texted(new_client())
    clock_file.write_text("601")
    client = new_client()
    give_password(client, "patient")
    assert client.post("/sign-in/second", data={"code": code}).status_code == 401
    clock_file.write_text("590")
    client = new_client()
    give_password(client, "patient")
    led = client.post("/sign-in/second", data={"code": code}, follow_redirects=False)
    assert led.status_code == 303


def test_texts_cannot_be_asked_for_without_end(
    texted: Callable[[TestClient], str], new_client: NewClient
) -> None:
    client = new_client()
    texted(client)
    for _ in range(8):
        client.post("/sign-in/sms")
    assert len(rows("select 1 from messages.outbox where template = 'sign_in_code'")) == 5
