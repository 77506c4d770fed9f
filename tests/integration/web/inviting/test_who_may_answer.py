"""Who may answer an invitation: whom it is for, proved, while its author is in the circle."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from identity import service as identity
from tests.as_owner import rows, run
from tests.integration.web.federation.signing import register_rpps
from tests.integration.web.inviting.inviting import (
    HERS,
    MAIL,
    PHYSIO,
    RPPS,
    circle_of,
    confirming,
    invitation,
    links,
    make_office,
    page_of,
)
from tests.integration.web.scene import NewClient, Scene, open_account, sign_in

pytestmark = pytest.mark.promise("S9")


@dataclass(frozen=True)
class Invited:
    """The GP, and Lina with an account at the address that is invited."""

    gp: TestClient
    lina: TestClient
    person: UUID


@pytest.fixture
def invited(scene: Scene, new_client: NewClient) -> Invited:
    person = identity.register_person("Lina Petit")
    open_account(person, MAIL)
    gp = sign_in(new_client(), "gp")
    assert "est partie" in gp.post(page_of(scene), data=PHYSIO).text
    return Invited(gp, sign_in(new_client(), MAIL), person)


def accept(client: TestClient) -> str:
    sent = client.post(
        f"/invitations/{invitation()}/answer", data={"accepts": "yes"}, follow_redirects=False
    )
    return str(sent.headers["location"])


def test_another_account_neither_sees_nor_answers_it(
    scene: Scene, new_client: NewClient, invited: Invited
) -> None:
    register_rpps(scene.stranger.person, RPPS)
    stranger = sign_in(new_client(), "stranger")
    assert "Dr Paul Lefèvre" not in stranger.get(links()[-1]).text
    assert accept(stranger).endswith("said=gone")
    assert stranger.get(circle_of(scene)).status_code == 404


def test_without_a_confirmed_number_nobody_enters_as_a_professional(
    scene: Scene, invited: Invited
) -> None:
    waiting = invited.lina.get("/invitations").text
    assert "Dr Paul Lefèvre" in waiting
    assert "Martin" not in waiting
    assert accept(invited.lina).endswith("said=unproved")
    assert invited.lina.get(circle_of(scene)).status_code == 404
    register_rpps(invited.person, RPPS)
    assert "Jeanne Martin" in invited.lina.get("/invitations").text
    assert "/circle/contacts" in accept(invited.lina)


def test_it_falls_with_the_stay_of_whoever_invited(scene: Scene, invited: Invited) -> None:
    register_rpps(invited.person, RPPS)
    run(
        "update access.membership set ends_at = now() where party = %s",
        scene.home.care.gp.person,
    )
    assert "Dr Paul Lefèvre" not in invited.lina.get("/invitations").text
    assert accept(invited.lina).endswith("said=gone")


def test_whoever_invites_never_confirms_the_number_himself(
    scene: Scene, new_client: NewClient
) -> None:
    office = make_office(scene, new_client)
    gp = sign_in(new_client(), "gp")
    gp.post(page_of(scene), data=PHYSIO)
    new_client().post(links()[-1], data=HERS)
    admin = rows("select person from identity.account where login = 'admin'")
    run("update coordination.invitation set invited_by = %s", admin[0][0])
    office.admin.post(f"/admin/invited/{invitation()}", data=confirming())
    assert rows("select 1 from identity.account where login = %s", MAIL) == []


def test_what_was_asked_since_the_page_was_read_is_not_confirmed(
    scene: Scene, new_client: NewClient
) -> None:
    office = make_office(scene, new_client)
    gp, link = sign_in(new_client(), "gp"), ""
    gp.post(page_of(scene), data=PHYSIO)
    link = links()[-1]
    new_client().post(link, data=HERS)
    read = confirming()
    run("update coordination.invitation set asked_at = asked_at + interval '1 minute'")
    office.admin.post(f"/admin/invited/{invitation()}", data=read)
    assert rows("select 1 from identity.account where login = %s", MAIL) == []


def test_somebody_close_enters_with_what_the_patient_agreed_to(
    scene: Scene, new_client: NewClient
) -> None:
    gp, page = sign_in(new_client(), "gp"), page_of(scene)
    carer = {"role": "carer", "name": "Luc Martin", "address": "luc@maison.example"}
    assert gp.post(page, data=carer).status_code == 422
    agreed = {"consent_means": "spoken", "consent_on": "2026-01-05", "groups": "values"}
    assert "est partie" in gp.post(page, data=carer | agreed).text
    luc = new_client()
    luc.post(links()[-1], data={"family": "Martin", "given": "Luc"})
    assert "Dit être Luc Martin" in gp.get(page).text
    confirmed = gp.post(f"{page}/{invitation()}", data=confirming())
    assert 'class="number"' in confirmed.text
    run("update identity.account set password_hash = 'x' where login = 'luc@maison.example'")
    assert "said=accepted" in accept(sign_in(luc, "luc@maison.example"))
    ((wording, permissions),) = rows("select wording, permissions from coordination.consent")
    assert "Luc Martin" in str(wording)
    assert permissions == ["answers:read", "vitals:read"]
