"""The page « Dossier » and those around it, as a browser asks for them."""

import re

import pytest
from starlette.testclient import TestClient

from core import clock
from tests.as_owner import rows
from tests.days import day_in_france
from tests.integration.identity.officers import make_post
from tests.integration.opening.desk import Desk, identity_of, make_desk, reads
from tests.integration.opening.test_statements import picture
from tests.integration.web.scene import NewClient, open_account, sign_in


@pytest.fixture
def desk(new_client: NewClient) -> Desk:
    made = make_desk()
    people = {
        "coordinator": made.coordinator,
        "gp": made.gp,
        "nurse": made.nurse,
        "own": made.own,
    }
    for login, actor in people.items():
        open_account(actor.person, login)
    return made


def test_a_change_needs_a_reason_a_tick_and_the_page_as_it_stands(
    desk: Desk, new_client: NewClient
) -> None:
    client, page = sign_in(new_client(), "coordinator"), f"/patients/{desk.patient}/record"
    asked = {"shared": "no", "reason": "Demande", "confirmed": "yes", "version": "0"}
    assert client.post(f"{page}/sharing", data={**asked, "reason": " "}).status_code == 422
    assert client.post(f"{page}/sharing", data={**asked, "confirmed": ""}).status_code == 422
    done = client.post(f"{page}/sharing", data=asked)
    assert "Annuler" in done.text
    assert "Dr Paul Lefèvre" in done.text, "who sleeps is named"
    assert client.post(f"{page}/sharing", data=asked).status_code == 409
    gp = sign_in(new_client(), "gp")
    assert gp.get(page).status_code == 404
    assert "PETIT" not in gp.get("/").text
    assert "Zoé Petit" in gp.get("/records").text
    undone = {**asked, "shared": "yes", "version": "1"}
    assert client.post(f"{page}/sharing", data=undone).status_code == 200
    assert gp.get(page).status_code == 200
    nurse = sign_in(new_client(), "nurse")
    assert nurse.get(page).status_code == 200
    assert nurse.post(f"{page}/sharing", data=undone).status_code == 403


def test_an_archived_record_says_why_it_is_not_written(desk: Desk, new_client: NewClient) -> None:
    client, page = sign_in(new_client(), "coordinator"), f"/patients/{desk.patient}/record"
    asked = {"archived": "yes", "reason": "Fin", "confirmed": "yes", "version": "0"}
    assert "Dossier archivé" in client.post(f"{page}/archive", data=asked).text
    refused = sign_in(new_client(), "gp").get(f"/patients/{desk.patient}/notes/new")
    assert refused.status_code == 403
    assert "est archivé" in refused.text
    assert rows("select count(*) from audit.event where outcome = 'refused'") == [(1,)]


def test_a_paper_is_sent_and_read_by_who_manages_alone(desk: Desk, new_client: NewClient) -> None:
    client, page = sign_in(new_client(), "coordinator"), f"/patients/{desk.patient}/record"
    form = {
        "kind": "agreement",
        "said_by": "patient",
        "said_on": str(day_in_france()),
        "means": "paper",
    }
    sent = {"photo": ("signed.jpg", picture(), "image/jpeg")}
    for wrong in ({**form, "said_on": "2999-01-01"}, {**form, "means": ""}):
        assert client.post(f"{page}/statements", data=wrong, files=sent).status_code == 422
    text = {"photo": ("signed.jpg", b"no picture", "image/jpeg")}
    refused = client.post(f"{page}/statements", data=form, files=text)
    assert refused.status_code == 422
    assert "JPEG, PNG ou WebP" in refused.text
    done = client.post(f"{page}/statements", data=form, files=sent)
    found = re.search(rf"{page}/papers/[0-9a-f-]+", done.text)
    assert found
    shown = client.get(found.group())
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["content-disposition"].startswith("attachment")
    assert sign_in(new_client(), "nurse").get(found.group()).status_code == 403


def test_the_patient_reads_it_and_opposes(desk: Desk, new_client: NewClient) -> None:
    own = sign_in(new_client(), "own")
    assert "partagé avec votre cercle" in own.get("/p/record").text
    opposed = own.post("/p/record/opposition", data={"opposed": "yes"})
    assert "Vous vous opposez" in opposed.text
    assert not reads(desk.gp, desk.patient)
    assert own.post("/p/record/opposition", data={"opposed": "no"}).status_code == 200
    assert not reads(desk.gp, desk.patient)


def test_a_record_is_handed_over_by_pages(desk: Desk, new_client: NewClient) -> None:
    other = make_post("Omar Diallo", "DAC Paris Sud", "dac_coordinator")
    open_account(other.person, "other")
    client, page = sign_in(new_client(), "coordinator"), f"/patients/{desk.patient}/record"
    found = client.post(f"{page}/transfers", data={"text": "Paris Sud", "version": "0"})
    assert str(identity_of(other)) in found.text
    form = {
        "text": "Paris Sud",
        "organisation": str(identity_of(other)),
        "mission": "dac",
        "reason": "Déménage",
        "version": "0",
    }
    assert client.post(f"{page}/transfers", data=form).status_code == 422, "nobody was told"
    told = {**form, "told_on": str(day_in_france())}
    assert client.post(f"{page}/transfers", data=told).status_code == 200
    taker: TestClient = sign_in(new_client(), "other")
    waiting = re.search(r"/records/transfers/[0-9a-f-]+", taker.get("/records").text)
    assert waiting
    accepted = taker.post(waiting.group(), data={"verdict": "accept"})
    assert "DAC Paris Sud" in accepted.text
    assert client.get(page).status_code == 404, "the former organisation has left"
    assert clock.now()
