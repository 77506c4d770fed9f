"""Use case: the record of a person somebody names: one that is open already, or a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, assert_never
from uuid import UUID

from core.access import Permission
from core.care import open_record
from core.doors import Actor, CareContext
from identity import registration_service
from identity.duplicates import Suspect
from identity.people import PatientTraits
from identity.registration_service import LooksRegistered, NotAllowed, Registered
from identity.search_service import TooManySearches
from identity.traits import NotThisStatus


@dataclass(frozen=True, slots=True)
class Identified:
    """The record is open to the actor."""

    patient: UUID


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody like that is registered: whoever asks says whether it is the same person."""

    suspects: Sequence[Suspect]


@dataclass(frozen=True, slots=True)
class CannotIdentify:
    """No record; `problem` names a sentence of IDENTIFY_SENTENCES, `reason` is one of identity."""

    problem: Literal["closed", "not_allowed", "too_many", "status"]
    reason: str = ""


def same_person(actor: Actor, patient: UUID) -> Identified | CannotIdentify:
    """Take a record that is known, if it is open to the actor with `monitoring:write`."""
    ctx = open_record(actor, patient, Permission.MONITORING_WRITE)
    return Identified(patient) if isinstance(ctx, CareContext) else CannotIdentify("closed")


def identify(
    actor: Actor, traits: PatientTraits, *, confirmed: bool
) -> Identified | Alike | CannotIdentify:
    """Register a person; the first time somebody alike is shown instead."""
    outcome = registration_service.register(actor, traits, confirmed=confirmed)
    match outcome:
        case Registered(patient=patient):
            return Identified(patient)
        case LooksRegistered(suspects=suspects):
            return Alike(suspects)
        case NotThisStatus(reason=reason):
            return CannotIdentify("status", reason)
        case NotAllowed():
            return CannotIdentify("not_allowed")
        case TooManySearches():
            return CannotIdentify("too_many")
        case _:
            assert_never(outcome)
