"""Coordinates of a circle: who is shown what, no lost update, attending physician, replacements."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from starlette.testclient import TestClient

from identity import service as identity
from tests.as_owner import rows, run
from tests.days import day_in_france
from tests.integration.web.federation.signing import register_rpps
from tests.integration.web.inviting.inviting import RPPS, circle_of
from tests.integration.web.scene import NewClient, Scene, open_account, sign_in
from tests.people import make_patient

OWN = {"phone": "06 39 98 01 15", "mail": "", "mail_to": "nobody", "channel": "call"}


def stay(scene: Scene, person: UUID) -> UUID:
    ((found,),) = rows(
        "select id from access.membership where party = %s and patient_id = %s"
        " and (ends_at is null or ends_at > now())",
        person,
        scene.home.care.patient,
    )
    assert isinstance(found, UUID)
    return found


def version(page: str) -> str:
    (found,) = set(
        re.findall(r"attending\"><input type=\"hidden\" name=\"version\" value=\"(\d+)", page)
    )
    return str(found)


@pytest.fixture
def gp(scene: Scene, new_client: NewClient) -> TestClient:
    return sign_in(new_client(), "gp")


@pytest.mark.promise("S9")
def test_a_number_is_shown_to_whom_its_owner_says(
    scene: Scene, new_client: NewClient, gp: TestClient
) -> None:
    nurse = identity.register_person("Marc Dubois")
    open_account(nurse, "marc")
    identity.join_circle(scene.home.care.patient, nurse, "home_nurse")
    marc, patient = sign_in(new_client(), "marc"), sign_in(new_client(), "patient")
    gp.post("/account/coordinates", data=OWN | {"phone_to": "professionals", "version": "0"})
    contacts = f"{circle_of(scene)}/contacts"
    assert 'href="tel:0639980115"' in marc.get(contacts).text
    assert 'href="sms:0639980115"' in marc.get(circle_of(scene)).text
    assert "0639980115" not in patient.get("/p/circle").text
    stale = gp.post("/account/coordinates", data=OWN | {"phone_to": "circle", "version": "0"})
    assert stale.status_code == 409
    assert "06 39 98 01 15" in stale.text
    gp.post("/account/coordinates", data=OWN | {"phone_to": "circle", "version": "1"})
    assert 'href="tel:0639980115"' in patient.get("/p/circle").text
    gp.post("/account/coordinates", data=OWN | {"phone_to": "nobody", "version": "2"})
    assert "0639980115" not in marc.get(contacts).text
    assert "0639980115" not in patient.get("/p/circle").text


def test_two_who_change_the_order_never_lose_what_the_other_wrote(
    scene: Scene, new_client: NewClient, gp: TestClient
) -> None:
    where = f"{circle_of(scene)}/contacts/{stay(scene, scene.home.care.gp.person)}"
    first = {"place": "1", "channel": "call", "phone": "", "note": "Le matin", "version": "0"}
    assert gp.post(where, data=first).status_code == 200
    stale = gp.post(where, data=first | {"place": "2", "note": "Le soir"})
    assert stale.status_code == 409
    assert "Le matin" in stale.text
    assert 'value="Le soir"' in stale.text
    assert "Dr Paul Lefèvre" in stale.text
    assert rows("select place, note, version from coordination.member_contact") == [
        (1, "Le matin", 1)
    ]
    assert gp.post(where, data=first | {"place": "0", "version": "1"}).status_code == 422
    assert gp.post(where, data=first | {"place": "2", "version": "1"}).status_code == 200
    older = gp.post(where, data=first | {"place": "3", "version": "1"})
    assert older.status_code == 409
    assert rows("select place, version from coordination.member_contact") == [(2, 2)]


def test_one_attending_physician_of_this_very_circle(
    scene: Scene, new_client: NewClient, gp: TestClient
) -> None:
    contacts, flag = f"{circle_of(scene)}/contacts", f"{circle_of(scene)}/attending"
    mine, patient = stay(scene, scene.home.care.gp.person), scene.home.care.patient
    page = gp.get(contacts).text
    flagged = gp.post(flag, data={"stay": str(mine), "version": version(page)})
    assert "Le médecin traitant déclaré est noté" in flagged.text
    assert "Médecin traitant déclaré" in gp.get(circle_of(scene)).text
    assert gp.post(flag, data={"stay": "", "version": version(page)}).status_code == 409
    centre = stay(scene, scene.home.care.centre)
    data = {"stay": str(centre), "version": version(gp.get(contacts).text)}
    assert gp.post(flag, data=data).status_code == 200
    assert rows("select attending from access.circle where patient_id = %s", patient) == [(mine,)]
    other = make_patient("Autre", "Anne")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        run("update access.circle set attending = %s where patient_id = %s", mine, other)


@pytest.mark.promise("S9")
def test_a_replacement_ends_by_itself_and_with_whom_it_replaces(
    scene: Scene, new_client: NewClient, gp: TestClient, clock_file: Path
) -> None:
    register_rpps(scene.stranger.person, RPPS)
    anne = sign_in(new_client(), "stranger")
    contacts, today = f"{circle_of(scene)}/contacts", day_in_france()
    form = {"login": RPPS, "first": str(today), "last": str(today + timedelta(days=2))}
    assert anne.get(scene.page).status_code == 404
    named = gp.post(f"{circle_of(scene)}/replacement", data=form)
    assert "Le remplacement est noté" in named.text
    assert anne.get(scene.page).status_code == 200
    assert "remplace Dr Paul Lefèvre" in gp.get(contacts).text
    assert anne.post(f"{circle_of(scene)}/replacement", data=form).status_code == 422
    nobody = gp.post(f"{circle_of(scene)}/replacement", data=form | {"login": "inconnu"})
    assert nobody.status_code == 422
    assert 'value="inconnu"' in nobody.text
    hers = stay(scene, scene.stranger.person)
    gp.post(f"{circle_of(scene)}/replacement/{hers}/end")
    assert anne.get(scene.page).status_code == 404
    gp.post(f"{circle_of(scene)}/replacement", data=form)
    assert anne.get(scene.page).status_code == 200
    run(
        "update access.membership set ends_at = now() where id = %s",
        stay(scene, scene.home.care.gp.person),
    )
    assert anne.get(scene.page).status_code == 404
