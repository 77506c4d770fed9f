"""Use cases of shared notes: read them, sign one, keep a copy of one's own after leaving."""

from dataclasses import dataclass
from uuid import UUID

from psycopg import errors

from coordination import items_store as store
from coordination.notes import LONGEST_TEXT, Contribution, LeftCircle, Note, left_circles
from core import clock
from core.access import Permission
from core.doors import Actor, CareContext, acting_as, note_access
from core.items import Hiding, ItemKind, Sensitivity

MOST_NOTES = 200
"""A page of notes."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The note is shared in the circle from now on; sent twice, it is there once."""


@dataclass(frozen=True, slots=True)
class EmptyText:
    """There is nothing to sign."""


@dataclass(frozen=True, slots=True)
class TooLong:
    """The text is longer than a note may be."""

    most: int


def notes(ctx: CareContext) -> tuple[list[Note], list[Hiding]]:
    """Return the notes the actor may read, and from whom they are hidden; needs `notes:read`."""
    with acting_as(ctx, detail={"what": "notes"}) as conn:
        return (
            store.load_notes(conn, ctx.patient, MOST_NOTES),
            store.load_hidings(conn, ctx.patient),
        )


def note(ctx: CareContext, item: UUID) -> tuple[Note, list[Hiding]] | None:
    """Return one note and from whom it is hidden; needs `notes:read`.

    None when there is none or it is hidden from the actor, which is then traced as refused.
    """
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        found = store.load_note(conn, ctx.patient, item)
        note_access(
            conn,
            ctx.actor,
            ctx.permission,
            ctx.patient,
            "R",
            {"item": str(item)},
            outcome="success" if found else "refused",
            through=ctx.through,
        )
        if found is None:
            return None
        hidings = store.load_hidings(conn, ctx.patient)
        return found, [hiding for hiding in hidings if hiding.item_id == item]


def sign_note(
    ctx: CareContext, item: UUID, text: str, sensitivity: Sensitivity
) -> Signed | EmptyText | TooLong:
    """Sign a note, for good; needs `notes:write`. `item` is the form's own id."""
    written = text.replace("\r\n", "\n").strip()
    if not written:
        return EmptyText()
    if len(written) > LONGEST_TEXT:
        return TooLong(LONGEST_TEXT)
    now = clock.now()
    try:
        with acting_as(ctx, action="C", detail={"item": str(item)}) as conn:
            store.save_item(conn, ctx.patient, item, ItemKind.NOTE, sensitivity)
            store.save_note(
                conn, ctx.patient, item, author=ctx.actor.person, text=written, now=now
            )
    except errors.UniqueViolation:
        return Signed()
    return Signed()


def my_left_circles(actor: Actor) -> list[LeftCircle]:
    """Return the circles the actor has left and signed something in."""
    with acting_as(actor) as conn:
        circles = left_circles(store.load_contributions(conn))
        for circle in circles:
            note_access(
                conn,
                actor,
                Permission.CONTRIBUTIONS_READ,
                circle.patient_id,
                "R",
                {"what": "list of own contributions"},
            )
        return circles


def my_contributions(actor: Actor, patient: UUID) -> list[Contribution]:
    """Return what the actor signed about a patient whose circle he has left; [] otherwise."""
    with acting_as(actor) as conn:
        signed = [
            one
            for one in store.load_contributions(conn)
            if one.patient_id == patient and not one.still_in
        ]
        if signed:
            note_access(
                conn,
                actor,
                Permission.CONTRIBUTIONS_READ,
                patient,
                "R",
                {"items": [str(one.item_id) for one in signed]},
            )
        return signed
