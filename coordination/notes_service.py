"""Use cases of shared notes: read them, sign one, keep a copy of one's own after leaving."""

from dataclasses import dataclass
from uuid import UUID

from psycopg import errors

from coordination import items_store as store
from coordination.notes import (
    LONGEST_TEXT,
    Contribution,
    LeftCircle,
    Note,
    hidings_of,
    left_circles,
)
from core import clock
from core.access import Allowed, Permission, decide
from core.care import load_held
from core.doors import Actor, CareContext, PersonConnection, acting_as, note_access
from core.items import Hiding, ItemKind, Sensitivity, may_decide, may_lift, why_hidden
from core.rights import rights

MOST_NOTES = 200
"""A page of notes."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The note is shared in the circle from now on; sent twice, it is there once."""


@dataclass(frozen=True, slots=True)
class EmptyText:
    """There is nothing to sign."""


@dataclass(frozen=True, slots=True)
class OtherSigned:
    """That form was signed already, with another text: this one is not shared."""


@dataclass(frozen=True, slots=True)
class TooLong:
    """The text is longer than a note may be."""

    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesRead:
    """The notes of a record, from whom each is hidden, and whether the reader may add one."""

    notes: list[Note]
    hidings: list[Hiding]
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRead:
    """One note, from whom it is hidden, and what the reader may decide about it."""

    note: Note
    hidings: list[Hiding]
    may_hide: bool
    may_flag: bool
    lifts: frozenset[UUID]
    """Ids of the hidings that the reader may undo."""


def notes(ctx: CareContext) -> NotesRead:
    """Return the notes the actor may read, latest first; needs `notes:read`."""
    with acting_as(ctx, detail={"what": "notes"}) as conn:
        return NotesRead(
            notes=_shown(conn, ctx, store.load_notes(conn, ctx.patient, MOST_NOTES)),
            hidings=store.load_hidings(conn, ctx.patient),
            may_write=_grants(conn, ctx, Permission.NOTES_WRITE),
        )


def note(ctx: CareContext, item: UUID) -> NoteRead | None:
    """Return one note and from whom it is hidden; needs `notes:read`.

    None when there is none or it is hidden from the actor, which is then traced as refused.
    """
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        loaded = store.load_note(conn, ctx.patient, item)
        found = next(iter(_shown(conn, ctx, [loaded] if loaded else [])), None)
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
        return _with_decisions(conn, ctx, found)


def _shown(conn: PersonConnection, ctx: CareContext, notes: list[Note]) -> list[Note]:
    """Leave out what is hidden from the actor: the first lock, on facts of the database."""
    kept_from = store.load_to_judge(conn, ctx.patient)
    reader = store.load_reader(conn, ctx.patient, ctx.actor.person)
    return [note for note in notes if why_hidden(note.item, kept_from, reader) is None]


def _with_decisions(conn: PersonConnection, ctx: CareContext, note: Note) -> NoteRead:
    item, me = note.item, ctx.actor.person
    roles = store.load_reader(conn, ctx.patient, me).roles
    hidings = hidings_of(note, store.load_hidings(conn, ctx.patient))
    granted = _grants(conn, ctx, Permission.ITEMS_HIDE)
    return NoteRead(
        note=note,
        hidings=hidings,
        may_hide=granted and may_decide(item, me, roles),
        may_flag=granted and may_lift(item, item.flagged_by, me, roles),
        lifts=frozenset(h.id for h in hidings if granted and may_lift(item, h.by, me, roles)),
    )


def _grants(conn: PersonConnection, ctx: CareContext, permission: Permission) -> bool:
    """Whether to show a form at all; the act itself is judged when it comes."""
    return isinstance(decide(load_held(conn, ctx.patient), permission, rights()), Allowed)


def sign_note(
    ctx: CareContext, item: UUID, text: str, sensitivity: Sensitivity
) -> Signed | EmptyText | TooLong | OtherSigned:
    """Sign a note, for good; needs `notes:write`. `item` is the form's own id.

    The same text sent twice is signed once.
    """
    written = text.replace("\r\n", "\n").strip()
    if not written:
        return EmptyText()
    if len(written) > LONGEST_TEXT:
        return TooLong(LONGEST_TEXT)
    now = clock.now()
    try:
        with acting_as(ctx, action="C", detail={"item": str(item)}) as conn:
            store.save_item(conn, ctx.patient, item, ItemKind.NOTE, sensitivity)
            store.save_note(conn, ctx.patient, item, author=ctx.actor.person, text=written, now=now)
    except errors.UniqueViolation:
        with acting_as(ctx.actor, patient=ctx.patient) as conn:
            same = store.load_own_text(conn, item) == written
            note_access(
                conn,
                ctx.actor,
                ctx.permission,
                ctx.patient,
                "C",
                {"item": str(item)},
                outcome="refused",
                through=ctx.through,
            )
        return Signed() if same else OtherSigned()
    return Signed()


def my_left_circles(actor: Actor) -> list[LeftCircle]:
    """Return the circles the actor has left and signed something in."""
    with acting_as(actor) as conn:
        signed = store.load_contributions(conn)
        circles = left_circles(one for one in signed if one.author == actor.person)
        for circle in circles:
            note_access(
                conn,
                actor,
                Permission.CONTRIBUTIONS_READ,
                circle.patient_id,
                "R",
                {"what": "list"},
            )
        return circles


def my_contributions(actor: Actor, patient: UUID) -> list[Contribution]:
    """Return what the actor signed about a patient whose circle he has left; [] otherwise."""
    with acting_as(actor) as conn:
        signed = [
            one
            for one in store.load_contributions(conn)
            if one.patient_id == patient and one.author == actor.person and not one.still_in
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
