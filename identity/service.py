"""Use cases of identity: registering people and their accounts, reading a patient's traits."""

from datetime import date, datetime
from uuid import UUID

from core import clock
from core.access import natural_basis
from core.doors import CareContext, Service, ServiceConnection, acting_as, serving
from core.ids import new_id
from identity import store
from identity.numbers import Ins
from identity.password_service import hasher
from identity.people import (
    IdentityDocument,
    InsStatus,
    PatientTraits,
    Sex,
)
from identity.registration_service import flag_likeness
from identity.traits import new_traits


def register_organisation(name: str) -> UUID:
    """Add an organisation."""
    return _register_party("organisation", name)


def register_person(name: str) -> UUID:
    """Add a person."""
    return _register_party("person", name)


def _register_party(kind: str, name: str) -> UUID:
    now = clock.now()
    party = new_id(now)
    with serving(Service.ADMINISTRATION) as conn:
        store.save_party(conn, id=party, kind=kind, name=name, now=now)
    return party


def give_post(person: UUID, organisation: UUID, role: str) -> UUID:
    """Give a person a post in an organisation from now on."""
    now = clock.now()
    post = new_id(now)
    with serving(Service.ADMINISTRATION) as conn:
        store.save_post(conn, id=post, person=person, organisation=organisation, role=role, now=now)
    return post


def register_patient(
    *,
    birth_name: str,
    birth_first_names: str,
    birth_date: date,
    sex: Sex,
    used_name: str | None = None,
    used_first_name: str | None = None,
    ins_status: InsStatus = "provisional",
    phone: str | None = None,
    birth_first_name: str | None = None,
    birth_place: str | None = None,
    ins: Ins | None = None,
    document: IdentityDocument | None = None,
) -> UUID:
    """Add a patient, who is in his own circle from the start.

    For whoever sets a service up or loads identities of another system; a person registers
    patients through `registration_service`, which looks for duplicates first.
    """
    now = clock.now()
    traits = new_traits(
        patient_id=new_id(now),
        birth_name=birth_name,
        birth_first_names=birth_first_names,
        birth_first_name=birth_first_name,
        used_name=used_name,
        used_first_name=used_first_name,
        birth_date=birth_date,
        sex=sex,
        birth_place=birth_place,
        ins=ins,
        ins_status=ins_status,
        document=document,
        phone=phone,
    )
    return _save_patient(traits, now)


def _save_patient(traits: PatientTraits, now: datetime) -> UUID:
    with serving(Service.ADMINISTRATION) as conn:
        store.save_party(conn, id=traits.patient_id, kind="person", name=traits.full_name, now=now)
        store.save_patient(conn, traits, now)
        _enter_circle(conn, traits.patient_id, traits.patient_id, "patient", now)
        flag_likeness(conn, traits)
    return traits.patient_id


def join_circle(patient: UUID, party: UUID, role: str) -> UUID:
    """Put a party into a patient's circle from now on, as the operator sets a service up."""
    now = clock.now()
    with serving(Service.ADMINISTRATION) as conn:
        return _enter_circle(conn, patient, party, role, now)


def _enter_circle(
    conn: ServiceConnection, patient: UUID, party: UUID, role: str, now: datetime
) -> UUID:
    """Add a membership; `now` comes before the transaction's own time, or its queue misses it."""
    membership = new_id(now)
    store.save_membership(
        conn,
        id=membership,
        patient=patient,
        party=party,
        role=role,
        basis=natural_basis(role),
        starts_at=now,
        ends_at=None,
        granted_by=None,
        reason=None,
    )
    return membership


def open_account(
    person: UUID,
    login: str,
    password: str | None = None,
    *,
    locale: str = "fr",
    time_zone: str = "Europe/Paris",
) -> None:
    """Let a person sign in with a login and a password; without one, an activation sets it."""
    hashed = hasher().hash(password) if password else ""
    with serving(Service.ADMINISTRATION) as conn:
        store.save_account(
            conn,
            person=person,
            login=login.strip().lower(),
            password_hash=hashed,
            locale=locale,
            time_zone=time_zone,
            now=clock.now(),
        )


def patient_traits(ctx: CareContext) -> PatientTraits | None:
    """Return the traits of the patient in hand; needs `identity:read`."""
    with acting_as(ctx) as conn:
        return store.load_traits(conn, ctx.patient)
