"""A coordination service that opens records, and those around a patient of it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from coordination.opening import service
from coordination.opening.opening import Outcome
from core.access import Permission
from core.care import CareContext, open_record
from core.doors import Actor
from identity import registration_service as registration
from identity import service as identity
from identity.traits import new_traits
from tests.integration.identity.officers import make_post
from tests.people import make_centre, make_gp


@dataclass(frozen=True)
class Desk:
    """A record opened by a coordinator; a GP, a centre and a carer are in its circle too."""

    patient: UUID
    dac: UUID
    coordinator: Actor
    gp: Actor
    nurse: Actor
    carer: Actor
    own: Actor


def registered(actor: Actor, *, shared: bool = True, name: str = "Petit") -> UUID:
    """Register somebody at the desk and return his record."""
    traits = new_traits(
        patient_id=uuid4(),
        birth_name=name,
        birth_first_names="Zoé",
        birth_date=date(1947, 5, 3),
        sex="female",
    )
    done = registration.register(actor, traits, confirmed=True, shared=shared)
    assert isinstance(done, registration.Registered)
    return done.patient


def make_desk(*, shared: bool = True) -> Desk:
    """Open a record and put people around it."""
    coordinator = make_post("Sarah Lopez", "DAC Paris Est", "dac_coordinator")
    patient = registered(coordinator, shared=shared)
    centre, nurse = make_centre()
    gp = make_gp()
    carer = identity.register_person("Luc Petit")
    identity.join_circle(patient, centre, "telemonitoring_centre")
    identity.join_circle(patient, gp.person, "gp")
    identity.join_circle(patient, carer, "carer")
    ctx = opened(coordinator, patient)
    head = service.record(ctx)
    assert head is not None
    return Desk(
        patient=patient,
        dac=identity_of(coordinator),
        coordinator=coordinator,
        gp=gp,
        nurse=nurse,
        carer=Actor(person=carer, post=None, session=None),
        own=Actor(person=patient, post=None, session=None, purpose="PATRQT"),
    )


def identity_of(actor: Actor) -> UUID:
    """Return the organisation of a post."""
    from tests.as_owner import rows

    ((found,),) = rows("select organisation from access.post where id = %s", actor.post)
    assert isinstance(found, UUID)
    return found


def opened(
    actor: Actor, patient: UUID, permission: Permission = Permission.CIRCLE_MANAGE
) -> CareContext:
    """Open a record, which must open."""
    ctx = open_record(actor, patient, permission)
    assert isinstance(ctx, CareContext), ctx
    return ctx


def reads(actor: Actor, patient: UUID) -> bool:
    """Say whether the record opens to somebody at all."""
    return isinstance(open_record(actor, patient, Permission.CIRCLE_READ), CareContext)


def share(desk: Desk, wanted: bool, actor: Actor | None = None) -> Outcome:
    """Share the record, or share it no more, as its page stands now."""
    ctx = opened(actor or desk.coordinator, desk.patient)
    found = service.record(ctx)
    assert found is not None
    return service.set_sharing(ctx, found.head.version, shared=wanted, reason="Demande")


def archive(desk: Desk, wanted: bool) -> Outcome:
    """Archive the record, or reopen it, as its page stands now."""
    ctx = opened(desk.coordinator, desk.patient)
    found = service.record(ctx)
    assert found is not None
    return service.set_archived(ctx, found.head.version, archived=wanted, reason="Fin")
