"""Registering a patient: a look at who is registered already, then a record with its circle."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from core.access import Permission
from core.care import CareContext, open_record
from core.doors import Actor
from identity import merge_service as merging
from identity import registration_service as registration
from identity.people import PatientTraits
from identity.traits import NotThisStatus, new_traits
from tests.conftest import Database
from tests.integration.identity.officers import make_officer, make_post
from tests.people import make_gp, make_patient


def draft(name: str = "Martin", **wanted: object) -> PatientTraits:
    given: dict[str, object] = {
        "patient_id": uuid4(),
        "birth_name": name,
        "birth_first_names": "Jeanne",
        "birth_date": date(1951, 4, 2),
        "sex": "female",
    }
    return new_traits(**{**given, **wanted})  # type: ignore[arg-type]


@pytest.fixture
def gp(database: Database) -> Actor:
    return make_gp()


def test_nobody_alike_is_registered_at_once(gp: Actor) -> None:
    done = registration.register(gp, draft(), confirmed=False)
    assert isinstance(done, registration.Registered)
    assert isinstance(open_record(gp, done.patient, Permission.VITALS_READ), CareContext)


def test_somebody_alike_is_shown_first_and_flagged(gp: Actor) -> None:
    known = make_patient()
    wanted = draft("MARTÍN", birth_first_names="Jeanne Marie")
    shown = registration.register(gp, wanted, confirmed=False)
    assert isinstance(shown, registration.LooksRegistered)
    assert [(s.alike.patient_id, s.cause) for s in shown.suspects] == [(known, "same_traits")]
    done = registration.register(gp, wanted, confirmed=True)
    assert done == registration.Registered(wanted.patient_id, 1)
    (pair,), _ = merging.pairs(make_officer())
    assert {side.patient_id for side in pair.sides} == {known, wanted.patient_id}
    other = registration.register(gp, draft("Dubois"), confirmed=False)
    assert isinstance(other, registration.Registered)


def test_who_registers_enters_the_circle_in_person_or_as_a_service(database: Database) -> None:
    missions = {
        "gp": None,
        "home_nurse": None,
        "telemonitoring_nurse": "telemonitoring_centre",
        "dac_coordinator": "dac",
        "hospital_doctor": "ward",
    }
    for number, (role, mission) in enumerate(missions.items()):
        actor = make_post("Une personne", "Un service", role)
        born = date(1951, 4, 2 + number)
        done = registration.register(actor, draft(birth_date=born), confirmed=False)
        assert isinstance(done, registration.Registered)
        ctx = open_record(actor, done.patient, Permission.IDENTITY_READ)
        assert isinstance(ctx, CareContext)
        assert ctx.through.role == role
        alone = Actor(person=actor.person, post=None, session=None)
        in_person = open_record(alone, done.patient, Permission.IDENTITY_READ)
        assert isinstance(in_person, CareContext) is (mission is None)


def test_a_post_without_the_right_registers_nobody(database: Database) -> None:
    make_patient()
    for role in ("pharmacist", "home_help", "administrator", "identity_officer"):
        actor = make_post("Une personne", "Un service", role)
        for confirmed in (False, True):
            done = registration.register(actor, draft(), confirmed=confirmed)
            assert done == registration.NotAllowed()


def test_a_status_without_its_proof_is_refused_before_anything(gp: Actor) -> None:
    wanted = draft(ins_status="validated")
    assert isinstance(registration.register(gp, wanted, confirmed=True), NotThisStatus)
    assert not isinstance(open_record(gp, UUID(int=1), Permission.IDENTITY_READ), CareContext)
