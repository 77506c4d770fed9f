"""Use cases of the end of a shift, for the organisation the actor acts in."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from alerts.handover import Handover, Matter, MatterAlert, Signed, too_long
from alerts.records import from_json, to_json
from alerts.rows import deciding, read_evidence
from alerts.store import handover as store
from core.access import Permission
from core.doors import Actor, PersonConnection, acting_as, note_access

SHOWN: Final = 30
"""As many handovers as a list shows."""


def open_matters(actor: Actor) -> tuple[Matter, ...]:
    """Return what is open in the queue now, worst first."""
    with acting_as(actor) as conn:
        rows = store.load_open(conn)
        _note(conn, actor, [row.patient_id for row in rows])
    return tuple(
        Matter(
            key=row.key,
            patient_id=row.patient_id,
            name=row.name,
            alert=_alert(row.alert),
            first_call_late=row.first_call_late,
            call_back_due=row.call_back_due,
            of_drill=row.of_drill,
        )
        for row in rows
    )


def give(
    actor: Actor, handover: UUID, note: str, remarks: Mapping[UUID, str], seen: Iterable[UUID]
) -> Signed:
    """Sign what is left to the next shift, under an id the page made; CHANGED: not what was seen.

    A remark belongs to one of `seen`; empty ones are left out.
    """
    kept = {key: text.strip() for key, text in remarks.items() if text.strip()}
    if too_long(note.strip(), kept):
        return Signed.TOO_LONG
    with acting_as(actor) as conn:
        return store.give(conn, handover, note.strip(), kept, seen)


def take(actor: Actor, handover: UUID, digest: str) -> Signed:
    """Sign that the actor takes over what `digest` says, as he read it."""
    with acting_as(actor) as conn:
        return store.take(conn, handover, digest)


def handovers(actor: Actor) -> tuple[Handover, ...]:
    """Return the newest handovers of the organisation."""
    with acting_as(actor) as conn:
        return tuple(store.load_handovers(conn, SHOWN))


def read_handover(actor: Actor, handover: UUID) -> tuple[Handover, tuple[Matter, ...]] | None:
    """Return one handover with what it says; None for none, or for another organisation's."""
    with acting_as(actor) as conn:
        found = store.load_handovers(conn, 1, handover)
        if not found:
            return None
        rows = store.load_lines(conn, handover)
        _note(conn, actor, [row.patient_id for row in rows if row.patient_id])
    return found[0], tuple(
        Matter(
            key=None,
            patient_id=row.patient_id,
            name=row.name,
            alert=_alert(row.alert),
            first_call_late=row.first_call_late,
            call_back_due=row.call_back_due,
            of_drill=row.of_drill,
            remark=row.remark,
        )
        for row in rows
    )


def _alert(written: dict[str, Any] | None) -> MatterAlert | None:
    if written is None:
        return None
    reason = deciding(read_evidence(written["evidence"]))
    return from_json(MatterAlert, {**written, "reason": to_json(reason)})


def _note(conn: PersonConnection, actor: Actor, patients: list[UUID]) -> None:
    if patients:
        shown = sorted({str(patient) for patient in patients})
        note_access(conn, actor, Permission.QUEUE_READ, None, "R", {"patients": shown})
