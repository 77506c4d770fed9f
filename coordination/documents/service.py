"""Use cases of reading documents: the list, one with its readers, the file of a version."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from coordination import items_store, notes_service, notes_store
from coordination.documents import store
from coordination.documents.document import Document, Version, is_shown
from core import objects
from core.access import Permission
from core.doors import Action, CareContext, PersonConnection, acting_as, note_access
from core.items import Hiding, may_decide, may_lift

MOST_SHOWN: Final = 300
"""Documents of a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The documents of a record that the actor is shown."""

    documents: list[Document]
    hidings: list[Hiding]
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One document, its versions and readers, and what the actor may do."""

    document: Document
    versions: list[Version]
    openings: list[store.Opening]
    withheld: notes_store.Withheld | None
    withdrawal: str | None
    hidings: list[Hiding]
    may_write: bool
    may_withdraw: bool
    may_hide: bool
    may_flag: bool
    lifts: frozenset[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """The bytes of a version, as they were kept."""

    version: Version
    data: bytes


def documents(ctx: CareContext) -> Listed:
    """Return the documents the actor may read, latest first; needs `documents:read`."""
    with acting_as(ctx, detail={"what": "documents"}) as conn:
        found = store.load_documents(conn, ctx.patient, None, MOST_SHOWN)
        return Listed(
            documents=shown(conn, ctx, found),
            hidings=items_store.load_hidings(conn, ctx.patient),
            may_write=notes_service.grants(conn, ctx, Permission.DOCUMENTS_WRITE),
        )


def document(ctx: CareContext, item: UUID) -> Read | None:
    """Return one document; needs `documents:read`. None, traced as refused, when there is none."""
    found = find(ctx, item)
    if found is None:
        return None
    with acting_as(ctx, detail={"item": str(item)}) as conn:
        return _with_decisions(conn, ctx, found)


def find(ctx: CareContext, item: UUID) -> Document | None:
    """Return a document the actor is shown; that it was asked in vain is traced."""
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        loaded = store.load_document(conn, ctx.patient, item)
        found = next(iter(shown(conn, ctx, [loaded] if loaded else [])), None)
        if found is None:
            trace_refused(conn, ctx, {"item": str(item)})
    return found


def shown(conn: PersonConnection, ctx: CareContext, found: list[Document]) -> list[Document]:
    """Leave out what is hidden from the actor: the first lock, on facts of the database."""
    kept_from = items_store.load_to_judge(conn, ctx.patient)
    reader = items_store.load_reader(conn, ctx.patient, ctx.actor.person)
    return [one for one in found if is_shown(one, kept_from, reader)]


def _with_decisions(conn: PersonConnection, ctx: CareContext, found: Document) -> Read:
    item, me = found.item, ctx.actor.person
    roles = items_store.load_reader(conn, ctx.patient, me).roles
    hidings = [h for h in items_store.load_hidings(conn, ctx.patient) if h.item_id == item.item_id]
    granted = notes_service.grants(conn, ctx, Permission.ITEMS_HIDE)
    return Read(
        document=found,
        versions=store.load_versions(conn, ctx.patient, item.item_id),
        openings=store.load_readers(conn, ctx.patient, item.item_id),
        withheld=notes_store.load_withheld(conn, ctx.patient, item.item_id),
        withdrawal=store.load_withdrawal(conn, item.item_id),
        hidings=hidings,
        may_write=notes_service.grants(conn, ctx, Permission.DOCUMENTS_WRITE),
        may_withdraw=found.withdrawn_at is None and store.may_withdraw(conn, item.item_id),
        may_hide=granted and may_decide(item, me, roles),
        may_flag=granted and may_lift(item, item.flagged_by, me, roles),
        lifts=frozenset(h.id for h in hidings if granted and may_lift(item, h.by, me, roles)),
    )


def file(ctx: CareContext, version: UUID) -> File | objects.Missing | objects.Damaged | None:
    """Return the file of a version and note who opened it; needs `documents:read`.

    None when there is none the actor is shown, or its document was entered in error. Bytes that
    are not those that were kept are never handed out, and the trail says so.
    """
    found = _version(ctx, version)
    if found is None:
        return None
    traced: dict[str, object] = {"item": str(found.item_id), "version": found.number}
    data = objects.fetch(found.id, found.digest)
    if not isinstance(data, bytes):
        with acting_as(ctx.actor, patient=ctx.patient) as conn:
            trace_refused(conn, ctx, traced | {"damaged": True})
        return data
    with acting_as(ctx, detail=traced) as conn:
        store.save_opened(conn, found.item_id)
    return File(version=found, data=data)


def _version(ctx: CareContext, version: UUID) -> Version | None:
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        found = store.load_version(conn, ctx.patient, version)
        of = store.load_document(conn, ctx.patient, found.item_id) if found else None
        if of is None or not shown(conn, ctx, [of]) or of.withdrawn_at is not None:
            trace_refused(conn, ctx, {"item": str(version)})
            return None
    return found


def trace_refused(
    conn: PersonConnection,
    ctx: CareContext,
    detail: dict[str, object],
    *,
    action: Action = "R",
) -> None:
    note_access(
        conn,
        ctx.actor,
        ctx.permission,
        ctx.patient,
        action,
        detail,
        outcome="refused",
        through=ctx.through,
    )
