"""Use case: registering a patient, after a look at who is registered already."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from core import clock
from core.access import Permission
from core.doors import Actor, PersonConnection, ServiceConnection, acting_as, note_access
from core.ids import new_id
from identity.duplicates import Compared, Suspect, find_suspects
from identity.people import PatientTraits
from identity.search_service import MOST_SEARCHES, SEARCH_MINUTES, TooManySearches
from identity.store import records as store
from identity.store import search
from identity.traits import NotThisStatus, check_status

MOST_ALIKE: Final = 2000
"""People of one birth date who are compared; in 100,000 there are about four."""


@dataclass(frozen=True, slots=True)
class Registered:
    """The patient is registered and the actor is in his circle."""

    patient: UUID
    suspects: int


@dataclass(frozen=True, slots=True)
class LooksRegistered:
    """Somebody like that is registered already: look, then confirm or go there."""

    suspects: tuple[Suspect, ...]


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """The acting post does not register patients."""


def register(
    actor: Actor, traits: PatientTraits, *, confirmed: bool, shared: bool = True
) -> Registered | LooksRegistered | NotThisStatus | NotAllowed | TooManySearches:
    """Register a patient for a post with `patients:include`.

    The first time somebody alike is shown instead; `confirmed` says the person has looked. The
    pair is then flagged for those who watch over identities. Each look counts as a search. A record
    that is not `shared` is read by the actor's organisation alone until somebody shares it.
    """
    wrong = check_status(
        traits.ins_status,
        ins=traits.ins,
        document=traits.document,
        is_doubtful=traits.is_doubtful,
        is_fictitious=traits.is_fictitious,
    )
    if wrong is not None:
        return wrong
    now = clock.now()
    with acting_as(actor) as conn:
        if not search.note_search(conn, most=MOST_SEARCHES, minutes=SEARCH_MINUTES):
            note_access(conn, actor, Permission.PATIENTS_INCLUDE, None, "E", outcome="refused")
            return TooManySearches()
        suspects = _suspects(conn, traits)
        for suspect in suspects:
            other = suspect.alike.patient_id
            note_access(conn, actor, Permission.PATIENTS_INCLUDE, other, "E")
        if suspects and not confirmed:
            return LooksRegistered(tuple(suspects))
        if not store.include_patient(conn, traits, (new_id(now), new_id(now))):
            note_access(conn, actor, Permission.PATIENTS_INCLUDE, None, "C", outcome="refused")
            return NotAllowed()
        if not shared:
            store.open_unshared(conn, traits.patient_id, new_id(now))
        flag_suspects(conn, traits.patient_id, suspects)
        note_access(conn, actor, Permission.PATIENTS_INCLUDE, traits.patient_id, "C")
    return Registered(traits.patient_id, len(suspects))


def flag_suspects(
    conn: PersonConnection | ServiceConnection, patient: UUID, suspects: list[Suspect]
) -> None:
    """Let the records that may be of one person wait for somebody to judge them."""
    now = clock.now()
    for suspect in suspects:
        store.save_suspect(
            conn,
            id=new_id(now),
            patient=patient,
            other=suspect.alike.patient_id,
            cause=suspect.cause,
        )


def _suspects(conn: PersonConnection | ServiceConnection, traits: PatientTraits) -> list[Suspect]:
    known = store.load_alike(conn, traits.birth_date, traits.ins, MOST_ALIKE)
    return find_suspects(compared(traits), known)


def flag_likeness(conn: ServiceConnection, traits: PatientTraits) -> None:
    """Flag who is like a patient that a machine is about to register."""
    flag_suspects(conn, traits.patient_id, _suspects_of_others(conn, traits))


def _suspects_of_others(conn: ServiceConnection, traits: PatientTraits) -> list[Suspect]:
    return [one for one in _suspects(conn, traits) if one.alike.patient_id != traits.patient_id]


def compared(traits: PatientTraits) -> Compared:
    """Return the traits of an identity that are compared with others."""
    return Compared(
        birth_name=traits.birth_name,
        birth_first_name=traits.birth_first_name,
        used_name=traits.used_name,
        used_first_name=traits.used_first_name,
        birth_date=traits.birth_date,
        sex=traits.sex,
        ins=traits.ins,
    )
