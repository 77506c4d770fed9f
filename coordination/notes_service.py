"""Use cases of shared notes: read them, sign one, keep a copy of one's own after leaving."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from psycopg import errors

from coordination import items_store
from coordination import notes_store as store
from coordination.notes import (
    Contribution,
    LeftCircle,
    Note,
    hidings_of,
    is_shown,
    left_circles,
)
from coordination.noting import Draft, Sought
from core import clock
from core.access import Allowed, Permission, decide
from core.care import load_held
from core.doors import Actor, CareContext, PersonConnection, acting_as, note_access
from core.ids import new_id
from core.items import Hiding, may_decide, may_lift
from core.rights import rights

A_PAGE = 30
"""Notes of a page of the list."""
MOST_PRINTED = 200
"""Notes that are printed at once."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The note is shared in the circle from now on; sent twice, it is there once."""


@dataclass(frozen=True, slots=True)
class OtherSigned:
    """That form was signed already, with another text or settings: this one is not shared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesRead:
    """A page of the notes of a record, and what a list says of each."""

    notes: list[Note]
    hidings: list[Hiding]
    answers: Counter[UUID]
    """How many answers and additions to a note the reader sees, by its id."""
    mentions: list[store.Mention]
    tags: list[str]
    may_write: bool
    more: bool
    """Whether there are older ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRead:
    """One note with its thread, from whom it is hidden, and what the reader may do."""

    note: Note
    thread: list[Note]
    openings: list[store.Opening]
    mentions: list[store.Mention]
    reminders: list[store.Reminder]
    withheld: store.Withheld | None
    roles: frozenset[str]
    """The roles the reader holds for the patient."""
    hidings: list[Hiding]
    may_write: bool
    may_hide: bool
    may_flag: bool
    lifts: frozenset[UUID]
    """Ids of the hidings that the reader may undo."""


def notes(ctx: CareContext, sought: Sought = Sought()) -> NotesRead:  # noqa: B008
    """Return a page of the notes the actor may read, latest first; needs `notes:read`."""
    with acting_as(ctx, detail={"what": "notes"}) as conn:
        found = shown(conn, ctx, store.load_notes(conn, ctx.patient, sought, A_PAGE + 1))
        page = found[:A_PAGE]
        ids = [note.item_id for note in page]
        within = shown(conn, ctx, store.load_within(conn, ctx.patient, ids))
        return NotesRead(
            notes=page,
            hidings=items_store.load_hidings(conn, ctx.patient),
            answers=Counter(note.within for note in within if note.within),
            mentions=store.load_mentions(conn, ctx.patient, ids),
            tags=store.load_tags(conn, ctx.patient),
            may_write=grants(conn, ctx, Permission.NOTES_WRITE),
            more=len(found) > A_PAGE,
        )


def printed_notes(ctx: CareContext) -> list[tuple[Note, list[Note]]]:
    """Return the notes the actor may read, each with its thread, to print; needs `notes:read`.

    What is not communicable is never printed: paper is left on tables. The rest counts as opened.
    """
    with acting_as(ctx, detail={"what": "print"}) as conn:
        found = shown(conn, ctx, store.load_notes(conn, ctx.patient, Sought(), MOST_PRINTED))
        roots = [note for note in found if not note.withheld]
        ids = [note.item_id for note in roots]
        under = shown(conn, ctx, store.load_within(conn, ctx.patient, ids))
        within = [one for one in under if not one.withheld]
        store.save_opened(conn, [*ids, *(note.item_id for note in within)])
    return [(root, [one for one in within if one.within == root.item_id]) for root in roots]


def note(ctx: CareContext, item: UUID) -> NoteRead | None:
    """Return one note and from whom it is hidden; needs `notes:read`.

    None when there is none or it is hidden from the actor, which is then traced as refused. What
    is shown of it counts as opened from now on.
    """
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        found = find(conn, ctx, item)
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
        thread = shown(conn, ctx, store.load_within(conn, ctx.patient, [item]))
        store.save_opened(conn, [item, *(one.item_id for one in thread)])
        return _with_decisions(conn, ctx, found, thread)


def find(conn: PersonConnection, ctx: CareContext, item: UUID) -> Note | None:
    """Return a note, if the actor is shown it."""
    loaded = store.load_note(conn, ctx.patient, item)
    return next(iter(shown(conn, ctx, [loaded] if loaded else [])), None)


def shown(conn: PersonConnection, ctx: CareContext, notes: list[Note]) -> list[Note]:
    """Leave out what is hidden from the actor: the first lock, on facts of the database."""
    kept_from = items_store.load_to_judge(conn, ctx.patient)
    reader = items_store.load_reader(conn, ctx.patient, ctx.actor.person)
    return [note for note in notes if is_shown(note, kept_from, reader)]


def _with_decisions(
    conn: PersonConnection, ctx: CareContext, note: Note, thread: list[Note]
) -> NoteRead:
    item, me = note.item, ctx.actor.person
    ids = [note.item_id, *(one.item_id for one in thread)]
    roles = items_store.load_reader(conn, ctx.patient, me).roles
    hidings = hidings_of(note, items_store.load_hidings(conn, ctx.patient))
    granted = grants(conn, ctx, Permission.ITEMS_HIDE)
    return NoteRead(
        note=note,
        thread=thread,
        openings=store.load_openings(conn, ctx.patient, ids),
        mentions=store.load_mentions(conn, ctx.patient, ids),
        reminders=store.load_reminders(conn, ctx.patient, note.item_id),
        withheld=store.load_withheld(conn, ctx.patient, note.item_id),
        roles=roles,
        hidings=hidings,
        may_write=grants(conn, ctx, Permission.NOTES_WRITE),
        may_hide=granted and may_decide(item, me, roles),
        may_flag=granted and may_lift(item, item.flagged_by, me, roles),
        lifts=frozenset(h.id for h in hidings if granted and may_lift(item, h.by, me, roles)),
    )


def grants(conn: PersonConnection, ctx: CareContext, permission: Permission) -> bool:
    """Whether to show a form at all; the act itself is judged when it comes."""
    return isinstance(decide(load_held(conn, ctx.patient), permission, rights()), Allowed)


def sign_note(ctx: CareContext, item: UUID, draft: Draft) -> Signed | OtherSigned:
    """Sign a note, for good; needs `notes:write`. `item` is the form's own id.

    The same sent twice is signed once; another text or other settings are not signed at all.
    """
    now = clock.now()
    try:
        with acting_as(ctx, action="C", detail={"item": str(item)}) as conn:
            store.save_note(conn, ctx.patient, item, draft, author=ctx.actor.person, now=now)
            if not store.save_withheld(conn, new_id(now), item, draft):
                raise RuntimeError("a note that was to be withheld is not: nothing is signed")
            store.save_mentions(conn, item, draft)
            if draft.wish is not None:
                wish = draft.wish
                store.save_reminder(conn, new_id(now), item, wish.due_on, wish.role)
    except errors.UniqueViolation:
        with acting_as(ctx.actor, patient=ctx.patient) as conn:
            own = store.load_own_note(conn, item)
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
        return Signed() if own and own.is_of(ctx.patient, draft) else OtherSigned()
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
