"""Somebody has lost every second factor: the way back, and nobody else's way in."""

import psycopg
import pytest
from starlette.testclient import TestClient

from core.settings import settings
from identity import activation_service
from identity.administration import operator_service
from identity.administration.refused import Refused
from identity.factor_service import make_recovery_codes, second_factors
from identity.session_service import who_is
from messages.service import register_contact
from tests.codes import code_of
from tests.integration.alerts.home import rows
from tests.integration.web.scene import NewClient, Scene, give_password, sign_in

pytestmark = pytest.mark.promise("S13")
NEW = "quatre girafes mauves au balcon"


@pytest.fixture
def mailed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The links sent by mail, as whoever reads the mailbox has them."""
    links = list[str]()

    def keep(text: str, purpose: str) -> str:
        links.append(text)
        return "sealed"

    monkeypatch.setattr(activation_service, "seal_text", keep)
    return links


@pytest.fixture
def code(scene: Scene, mailed: list[str]) -> str:
    """The GP's account is being opened anew; he had an application and paper."""
    register_contact(scene.home.care.gp.person, "email", "gp@cabinet.example")
    told = operator_service.reopen("gp")
    assert isinstance(told, str)
    return told


def activates(client: TestClient, link: str, code: str) -> int:
    form = {"code": code, "new": NEW, "again": NEW}
    return client.post(f"/activate/{link}", data=form, follow_redirects=False).status_code


def test_who_lost_everything_opens_the_account_anew(
    scene: Scene, new_client: NewClient, mailed: list[str], code: str
) -> None:
    gp = scene.home.care.gp.person
    (paper, *_) = make_recovery_codes(gp)
    found = sign_in(new_client(), "gp")
    client = new_client()
    assert activates(client, mailed[-1], code) == 303
    assert client.get("/sign-in/second").url.path == "/sign-in/set-up"
    assert client.get(scene.page, follow_redirects=False).status_code == 303
    assert not second_factors(gp).any
    assert second_factors(gp).recovery_left == 0
    # Whoever has the lost phone or paper has nothing: sessions, codes and password are over.
    assert who_is(found.cookies["chevet_session"]) is None
    assert give_password(new_client(), "gp").status_code == 401
    for typed in (code_of("gp"), paper):
        assert client.post("/sign-in/second", data={"code": typed}).status_code == 401
    assert rows("select purpose from audit.event where service = 'administration'")[-1:] == [
        ("account_reopened",)
    ]


def test_until_link_and_code_are_both_given_everything_stays(
    scene: Scene, new_client: NewClient, mailed: list[str], code: str
) -> None:
    """Neither the mailbox alone nor the operator alone takes anything from the owner."""
    gp = scene.home.care.gp.person
    signed_in = sign_in(new_client(), "gp")
    assert activates(new_client(), mailed[-1], "AAAA-AAAA") == 422
    assert activates(new_client(), "x" * 43, code) == 410
    assert second_factors(gp).totp
    assert who_is(signed_in.cookies["chevet_session"]) is not None
    assert give_password(new_client(), "gp").status_code == 303


def test_the_link_goes_to_the_known_address_alone(scene: Scene, code: str) -> None:
    sent = rows("select address from messages.outbox where template = 'activation'")
    assert sent == [("gp@cabinet.example",)]


def test_whose_account_is_not_opened_anew(scene: Scene, mailed: list[str]) -> None:
    assert operator_service.reopen("nobody") == Refused("Nobody has this sign-in name.")
    unknown = operator_service.reopen("stranger")
    assert unknown == Refused("No mail address is known for this account.")
    operator_service.suspend("nurse", suspended=True)
    assert isinstance(operator_service.reopen("nurse"), Refused)
    assert mailed == []


def test_a_factor_that_outlives_the_new_opening_is_noticed(
    scene: Scene, new_client: NewClient, mailed: list[str], code: str
) -> None:
    """With the function that removes it emptied, the lost application still stands there."""
    with psycopg.connect(settings().owner_dsn) as conn:
        conn.execute(
            "create or replace function identity.gate_remove_totp(p_person uuid) returns void"
            " language sql security definer begin atomic select; end"
        )
    client = new_client()
    assert activates(client, mailed[-1], code) == 303
    assert second_factors(scene.home.care.gp.person).any
    assert client.get("/sign-in/second").url.path == "/sign-in/second"
