"""Opening a record: the one function that turns an actor and a patient id into a CareContext.

Lock 1. It asks the database which roles the actor holds now, decides in `core.access`, and
commits the trace of a refusal on its own, whatever becomes of the request.
"""

from typing import assert_never
from uuid import UUID

from psycopg.rows import scalar_row

from core.access import Allowed, Denied, NotInCircle, Permission, decide
from core.doors import Actor, CareContext, VisiblePatientId, acting_as, note_access
from core.sqlfile import load_queries


def open_record(
    actor: Actor, patient: UUID, permission: Permission
) -> CareContext | Denied | NotInCircle:
    """Check one permission of an actor for one patient, now.

    A stranger gets NotInCircle whether or not the patient exists.
    """
    with acting_as(actor, patient=patient) as conn:
        with conn.cursor(row_factory=scalar_row) as cursor:
            held = cursor.execute(
                load_queries("core")["roles_in_hand"], {"patient": patient}
            ).fetchall()
        verdict = decide(held, permission)
        match verdict:
            case Allowed():
                return CareContext(
                    actor=actor, patient=VisiblePatientId(patient), permission=permission
                )
            case Denied() | NotInCircle():
                note_access(conn, actor, permission, patient, "E", outcome="refused")
                return verdict
            case _:
                assert_never(verdict)
