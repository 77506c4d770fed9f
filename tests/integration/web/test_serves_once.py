"""Recovery codes, invitations, links to a new password: each once, each for its time."""

from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from identity import activation_service, reset_service
from identity.activation_service import invite
from identity.factor_service import make_recovery_codes, second_factors
from identity.origin import Origin
from messages.service import register_contact
from tests.as_owner import run
from tests.codes import code_of
from tests.integration.web.scene import NewClient, Scene, give_password

pytestmark = pytest.mark.promise("S13")
NEW = "quatre girafes mauves au balcon"
FORM = {"new": NEW, "again": NEW}
OWN = "quatrefages-du-vernay-brunehilde"
"""A password that is long enough, but is the first part of its owner's own sign-in name."""
WRONG = "AAAA-AAAA"
TICKETS = "select id, person, code_hash, phone from identity.ticket"


def always(function: str) -> None:
    """Replace a function of the database by one that says yes: the fault, from outside."""
    run(
        f"create or replace function identity.{function} returns boolean language sql "
        "security definer begin atomic select true; end"
    )


def signs_in_as_own(login: str) -> None:
    """Give an account a sign-in name whose first part is the password `OWN`."""
    run("update identity.account set login = %s where login = %s", f"{OWN}@cabinet.example", login)


def unending_links() -> None:
    """Links that stay good once used, and after their time."""
    run(
        "create or replace function identity.gate_ticket_by_token(p_kind text, p_token_hash bytea)"
        " returns table (id uuid, person uuid, code_hash bytea, phone text) language sql stable"
        f" security definer begin atomic {TICKETS} where kind = p_kind"
        " and token_hash = p_token_hash; end"
    )
    always("gate_use_ticket(p_id uuid)")


@pytest.fixture
def mailed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The links sent by mail, as whoever reads the mailbox has them."""
    links = list[str]()

    def keep(text: str, purpose: str) -> str:
        links.append(text)
        return "sealed"

    for service in (activation_service, reset_service):
        monkeypatch.setattr(service, "seal_text", keep)
    return links


# Recovery codes


def recovery_code_works_again(scene: Scene, new_client: NewClient) -> bool:
    (code, *_) = make_recovery_codes(scene.home.care.gp.person)
    told = []
    for _ in range(2):
        client = new_client()
        give_password(client, "gp")
        told.append(client.post("/sign-in/second", data={"code": code}, follow_redirects=False))
    assert told[0].status_code == 303
    return told[1].status_code == 303


def test_a_recovery_code_opens_once(scene: Scene, new_client: NewClient) -> None:
    assert not recovery_code_works_again(scene, new_client)


def test_a_recovery_code_that_opens_twice_is_noticed(scene: Scene, new_client: NewClient) -> None:
    always("gate_use_recovery_code(p_person uuid, p_hash bytea)")
    assert recovery_code_works_again(scene, new_client)


def test_new_recovery_codes_end_the_old_and_are_nobody_elses(
    scene: Scene, new_client: NewClient
) -> None:
    person = scene.home.care.gp.person
    old, new = make_recovery_codes(person), make_recovery_codes(person)
    client = new_client()
    give_password(client, "nurse")
    assert client.post("/sign-in/second", data={"code": new[0]}).status_code == 401
    client = new_client()
    give_password(client, "gp")
    assert client.post("/sign-in/second", data={"code": old[0]}).status_code == 401
    led = client.post("/sign-in/second", data={"code": new[0]}, follow_redirects=False)
    assert led.status_code == 303


# Invitations: a link by mail, and a code by another way


@pytest.fixture
def invitation(scene: Scene, mailed: list[str]) -> tuple[str, str]:
    """The address and the code of an invitation to a patient without a second factor."""
    patient = scene.home.care.patient
    run("delete from identity.totp where person = %s", patient)
    code = invite(patient, "jeanne@maison.example")
    return f"/activate/{mailed[-1]}", code


def activates(client: TestClient, page: str, code: str) -> int:
    return client.post(page, data={"code": code, **FORM}, follow_redirects=False).status_code


def test_an_invitation_opens_once_and_only_with_its_code(
    invitation: tuple[str, str], new_client: NewClient
) -> None:
    page, code = invitation
    for typed in ("", WRONG, page.rsplit("/", 1)[1]):
        assert activates(new_client(), page, typed) == 422, typed
    assert activates(new_client(), page + "x", code) == 410
    client = new_client()
    assert activates(client, page, code.lower()) == 303
    for path in ("/p", "/p/questions", "/account/sign-in"):
        led = client.get(path, follow_redirects=False)
        assert led.headers["location"].startswith("/sign-in"), path
    assert activates(new_client(), page, code) == 410


def test_an_invitation_that_opens_twice_is_noticed(
    invitation: tuple[str, str], new_client: NewClient
) -> None:
    page, code = invitation
    unending_links()
    assert [activates(new_client(), page, code) for _ in range(2)] == [303, 303]


def test_an_invitation_lasts_seven_days(
    invitation: tuple[str, str], new_client: NewClient, clock_file: Path
) -> None:
    page, code = invitation
    clock_file.write_text(str(timedelta(days=6, hours=23).total_seconds()))
    assert new_client().get(page).status_code == 200
    clock_file.write_text(str(timedelta(days=7, seconds=1).total_seconds()))
    assert new_client().get(page).status_code == 410
    assert activates(new_client(), page, code) == 410
    unending_links()
    assert activates(new_client(), page, code) == 303, "only the limit refused it"


def test_the_code_of_an_invitation_cannot_be_guessed_at(
    invitation: tuple[str, str], new_client: NewClient, clock_file: Path
) -> None:
    page, code = invitation
    told = [activates(new_client(), page, WRONG) for _ in range(12)]
    assert told == [422] * 10 + [429] * 2
    assert activates(new_client(), page, code) == 429, "right ones wait too: nothing is told"
    clock_file.write_text(str(timedelta(minutes=16).total_seconds()))
    assert activates(new_client(), page, code) == 303


def test_a_new_invitation_ends_the_one_before(
    invitation: tuple[str, str], scene: Scene, mailed: list[str], new_client: NewClient
) -> None:
    page, code = invitation
    again = invite(scene.home.care.patient, "jeanne@maison.example")
    assert activates(new_client(), page, code) == 410
    assert activates(new_client(), f"/activate/{mailed[-1]}", again) == 303


def test_a_password_that_is_refused_uses_no_invitation_up(
    invitation: tuple[str, str], scene: Scene, new_client: NewClient
) -> None:
    """Neither the link nor a second factor is lost to a password that is not set."""
    page, code = invitation
    signs_in_as_own("patient")
    make_recovery_codes(scene.home.care.patient)
    own = {"code": code, "new": OWN, "again": OWN}
    assert new_client().post(page, data=own).status_code == 422
    assert second_factors(scene.home.care.patient).recovery_left > 0
    assert activates(new_client(), page, code) == 303


# A forgotten password


@pytest.fixture
def link(scene: Scene, mailed: list[str]) -> str:
    run("update identity.account set login = 'gp@cabinet.example' where login = 'gp'")
    reset_service.ask("gp@cabinet.example", Origin())
    return f"/reset/{mailed[-1]}"


def resets(client: TestClient, link: str, code: str) -> int:
    return client.post(link, data={"code": code, **FORM}).status_code


def test_a_link_to_a_new_password_lasts_half_an_hour_and_serves_once(
    link: str, new_client: NewClient, clock_file: Path
) -> None:
    clock_file.write_text(str(timedelta(minutes=31).total_seconds()))
    assert resets(new_client(), link, code_of("gp")) == 410
    clock_file.write_text(str(timedelta(minutes=29).total_seconds()))
    assert resets(new_client(), link, code_of("gp")) == 200
    assert resets(new_client(), link, code_of("gp", steps=1)) == 410
    unending_links()
    assert resets(new_client(), link, code_of("gp", steps=1)) == 200, "noticed if it serves twice"


def test_a_password_that_is_refused_uses_no_link_up(link: str, new_client: NewClient) -> None:
    signs_in_as_own("gp@cabinet.example")
    own = {"code": code_of("gp"), "new": OWN, "again": OWN}
    assert new_client().post(link, data=own).status_code == 422
    assert resets(new_client(), link, code_of("gp")) == 200


def test_the_second_factor_of_a_reset_cannot_be_guessed_at(
    link: str, new_client: NewClient
) -> None:
    told = [resets(new_client(), link, f"{number:06}") for number in range(12)]
    assert told == [422] * 10 + [429] * 2


def test_without_a_second_factor_no_link_is_sent(
    scene: Scene, mailed: list[str], new_client: NewClient
) -> None:
    """Nothing but the mail would stand before the account: it has to be opened anew."""
    gp = scene.home.care.gp.person
    register_contact(gp, "email", "gp@cabinet.example")
    run("delete from identity.totp where person = %s", gp)
    reset_service.ask("gp", Origin())
    assert mailed == []
