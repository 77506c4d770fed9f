"""Opening a record: the one function that turns an actor and a patient id into a CareContext.

Lock 1. It asks the database which roles the actor holds now, decides in `core.access`, and
commits the trace of a refusal on its own, whatever becomes of the request.
"""

from dataclasses import dataclass, replace
from typing import Final, assert_never
from uuid import UUID

from core.access import (
    CLOSED_BY_ARCHIVE,
    Allowed,
    Basis,
    Denied,
    Held,
    NotInCircle,
    Permission,
    decide,
)
from core.doors import (
    Actor,
    CareContext,
    PersonConnection,
    VisiblePatientId,
    acting_as,
    note_access,
)
from core.rights import rights
from core.rows import fetch_all
from core.sqlfile import load_queries

ARCHIVED: Final = "the record is archived"


@dataclass(frozen=True, slots=True)
class _HeldRow:
    membership_id: UUID
    role: str
    basis: str
    agreed: list[str]

    def held(self) -> Held:
        return Held(
            membership_id=self.membership_id,
            role=self.role,
            basis=self.basis,
            agreed=tuple(self.agreed),
        )


def open_record(
    actor: Actor, patient: UUID, permission: Permission
) -> CareContext | Denied | NotInCircle:
    """Check one permission of an actor for one patient, now.

    A stranger gets NotInCircle whether or not the patient exists.
    """
    with acting_as(actor, patient=patient) as conn:
        verdict = decide(load_held(conn, patient), permission, rights())
        if isinstance(verdict, Allowed) and _is_closed(conn, patient, permission):
            verdict = Denied(ARCHIVED)
        match verdict:
            case Allowed(through=held):
                if held.basis == Basis.BREAK_GLASS:
                    actor = replace(actor, purpose="BTG")
                return CareContext(
                    actor=actor,
                    patient=VisiblePatientId(patient),
                    permission=permission,
                    through=held,
                )
            case Denied() | NotInCircle():
                note_access(conn, actor, permission, patient, "E", outcome="refused")
                return verdict
            case _:
                assert_never(verdict)


def _is_closed(conn: PersonConnection, patient: UUID, permission: Permission) -> bool:
    """Say whether the record is archived and the permission one that writes."""
    if permission not in CLOSED_BY_ARCHIVE:
        return False
    params = {"patient": patient, "permission": permission}
    row = conn.execute(load_queries("core")["is_closed"], params).fetchone()
    return bool(row and row[0])


def load_held(conn: PersonConnection, patient: UUID) -> list[Held]:
    """Return what the actor of the transaction holds for a patient now."""
    params = {"patient": patient}
    rows = fetch_all(conn, load_queries("core")["held_in_hand"], params, _HeldRow)
    return [row.held() for row in rows]
