"""An emergency and two records read as one: what was said of either holds for both."""

from datetime import date
from uuid import UUID

import psycopg
import pytest
from starlette.testclient import TestClient

from coordination import emergency_service as service
from core.doors import Actor
from core.settings import settings
from identity import merge_service as merging
from identity import service as identity
from messages import service as messages
from tests.integration.alerts.home import rows
from tests.integration.identity.officers import make_officer, make_post
from tests.integration.web.scene import PASSWORD, NewClient, Scene, open_account, sign_in
from tests.people import make_gp

FORM = {
    "name": "MARTIN",
    "first_name": "jeanne",
    "birth_date": "1951-04-02",
    "reason": "Inconsciente à son domicile, SAMU sur place, traitements inconnus",
    "secret": PASSWORD,
}


@pytest.fixture
def kept(scene: Scene) -> UUID:
    """A second record of Jeanne Martin, under whose traits both are read after a merge."""
    return identity.register_patient(
        birth_name="Martin", birth_first_names="Jeanne", birth_date=date(1951, 4, 2), sex="female"
    )


@pytest.fixture
def urgent(scene: Scene, new_client: NewClient) -> TestClient:
    """An emergency doctor, signed in."""
    messages.register_contact(scene.home.care.patient, "email", "jeanne@patient.example")
    actor = make_post("Dr Sonia Garde", "Hôpital d’Argenteuil", "hospital_doctor")
    open_account(actor.person, "urgent")
    return sign_in(new_client(), "urgent")


def merge_into(kept: UUID) -> None:
    officer = make_officer()
    (pair,), _ = merging.pairs(officer)
    assert merging.merge(officer, pair.pair_id, kept, "Même carte") == merging.Done()


def break_glass(client: TestClient) -> int:
    return client.post("/emergency/open", data=FORM, follow_redirects=False).status_code


def oppose(client: TestClient, opposed: str = "yes") -> None:
    form = {"opposed": opposed}
    client.post("/p/consents/opposition", data=form, follow_redirects=False)


@pytest.mark.promise("S9")
def test_an_opposition_holds_for_the_record_it_was_merged_into(
    scene: Scene, kept: UUID, urgent: TestClient, new_client: NewClient
) -> None:
    patient = sign_in(new_client(), "patient")
    oppose(patient)
    merge_into(kept)
    assert break_glass(urgent) == 403
    assert urgent.get(scene.page).status_code == 404
    oppose(patient, "")
    assert break_glass(urgent) == 303


@pytest.mark.promise("S9")
def test_an_opposition_ends_what_is_open_through_the_other_record(
    scene: Scene, kept: UUID, urgent: TestClient, new_client: NewClient
) -> None:
    merge_into(kept)
    assert break_glass(urgent) == 303
    assert urgent.get(scene.page).status_code == 200
    oppose(sign_in(new_client(), "patient"))
    assert urgent.get(scene.page).status_code == 404


@pytest.mark.promise("S9")
def test_who_answers_for_either_record_is_told_and_all_that_was_done_is_reviewed(
    scene: Scene, kept: UUID, urgent: TestClient
) -> None:
    doctor = make_gp("Dr Lise Autre")
    identity.join_circle(kept, doctor.person, "gp")
    messages.register_contact(doctor.person, "email", "lise@cabinet.example")
    merge_into(kept)
    assert break_glass(urgent) == 303
    told = rows("select address from messages.outbox where key like 'break-glass:%%'")
    assert {"jeanne@patient.example", "lise@cabinet.example"} <= {one for (one,) in told}
    for record in (scene.home.care.patient, kept):
        assert urgent.get(f"/patients/{record}/notes").status_code == 200
    ((access, place),) = rows("select id, organisation from coordination.break_glass")
    assert isinstance(access, UUID)
    assert isinstance(place, UUID)
    reviewer = reviewing(place)
    found = service.review_page(reviewer, access)
    assert found is not None
    assert {one.permission: one.times for one in found[1]}["notes:read"] == 2


def test_a_consent_given_in_either_record_is_shown_and_taken_back(
    scene: Scene, kept: UUID, new_client: NewClient
) -> None:
    carer = identity.register_person("Paul Martin")
    open_account(carer, "carer")
    membership = identity.join_circle(kept, carer, "carer")
    with psycopg.connect(settings().owner_dsn) as conn:
        conn.execute(
            "insert into coordination.consent (id, patient_id, membership_id, text_id,"
            " text_version, wording, given_on, given_by, means, recorded_by, recorded_at)"
            " values (%(id)s, %(of)s, %(id)s, 'outside_care_team', 1, 'Oui', current_date, %(of)s,"
            " 'spoken', %(of)s, now())",
            {"id": membership, "of": kept},
        )
    merge_into(kept)
    page = f"/patients/{scene.home.care.patient}/circle"
    reader, patient = sign_in(new_client(), "carer"), sign_in(new_client(), "patient")
    assert reader.get(page).status_code != 404
    assert "Oui" in patient.get("/p/consents").text
    patient.post(f"/p/consents/{membership}/withdraw", follow_redirects=False)
    assert reader.get(page).status_code == 404


def reviewing(place: UUID) -> Actor:
    person = identity.register_person("Dr Paul Revue")
    post = identity.give_post(person, place, "access_reviewer")
    return Actor(person=person, post=post, session=None)
