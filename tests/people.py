"""Small builders of people for tests: a centre with its nurse, a GP, a patient in their care."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.doors import Actor
from identity import service as identity


@dataclass(frozen=True)
class Care:
    """One patient and the people around him."""

    patient: UUID
    centre: UUID
    nurse: Actor
    gp: Actor
    patient_actor: Actor


def make_centre(name: str = "Centre de télésuivi") -> tuple[UUID, Actor]:
    """Return a telemonitoring centre and a nurse with a post in it."""
    centre = identity.register_organisation(name)
    nurse = identity.register_person("Inès Moreau")
    post = identity.give_post(nurse, centre, "telemonitoring_nurse")
    return centre, Actor(person=nurse, post=post, session=None)


def make_gp(name: str = "Dr Paul Lefèvre") -> Actor:
    """Return a GP with a post in his practice."""
    practice = identity.register_organisation("Cabinet médical")
    gp = identity.register_person(name)
    return Actor(person=gp, post=identity.give_post(gp, practice, "gp"), session=None)


def make_patient(birth_name: str = "Martin", first_names: str = "Jeanne") -> UUID:
    """Return a patient alone in his circle."""
    return identity.register_patient(
        birth_name=birth_name,
        birth_first_names=first_names,
        birth_date=date(1951, 4, 2),
        sex="female",
    )


def make_care() -> Care:
    """Return a patient followed by a centre and a GP."""
    centre, nurse = make_centre()
    gp = make_gp()
    patient = make_patient()
    identity.join_circle(patient, centre, "telemonitoring_centre")
    identity.join_circle(patient, gp.person, "gp")
    return Care(
        patient=patient,
        centre=centre,
        nurse=nurse,
        gp=gp,
        patient_actor=Actor(person=patient, post=None, session=None, purpose="PATRQT"),
    )
