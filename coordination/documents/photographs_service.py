"""Use cases of photographs: those of one place of the body, and what is attached to a note."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from coordination import notes_service
from coordination.documents import service, store
from coordination.documents.document import Document
from coordination.membership_service import opened_if_allowed
from core.access import Permission
from core.doors import CareContext, acting_as

MOST_IN_A_SERIES: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A photograph and the others of the same place, oldest first."""

    chosen: Document
    others: list[Document]


def series(ctx: CareContext, item: UUID) -> Series | None:
    """Return a photograph with its series; needs `documents:read`. None for anything else."""
    chosen = service.find(ctx, item)
    if chosen is None or chosen.site is None:
        return None
    with acting_as(ctx, detail={"item": str(item), "what": "compare"}) as conn:
        found = store.load_site(conn, ctx.patient, chosen.site, MOST_IN_A_SERIES)
        shown = service.shown(conn, ctx, found)
    return Series(chosen=chosen, others=[one for one in shown if one.item_id != item])


@dataclass(frozen=True, slots=True)
class Attached:
    """What is attached to a note, and whether the reader may attach more."""

    documents: list[Document]
    may_add: bool


def attached(ctx: CareContext, note: UUID) -> Attached:
    """Return what is attached to a note, to whom also reads documents; nothing to others."""
    opened = opened_if_allowed(ctx, Permission.DOCUMENTS_READ)
    if opened is None:
        return Attached([], may_add=False)
    with acting_as(opened, detail={"what": "attached"}) as conn:
        found = store.load_within(conn, opened.patient, [note])
        return Attached(
            service.shown(conn, opened, found),
            may_add=notes_service.grants(conn, opened, Permission.DOCUMENTS_WRITE),
        )
