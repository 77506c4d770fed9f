"""Use cases of a prescription: read with its history, drafted, signed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from alerts.checking import problems_of
from alerts.edge.library import load_profile
from alerts.prescribing_service import (
    NO_SUBSTITUTE,
    content_in,
    first_look,
    lacks_substitute,
    refuse_demonstration,
)
from alerts.prescription import Content, Problem, canonical, digest_of, parse_content
from alerts.profile import Signed
from alerts.store import calling, prescribing, showing
from alerts.store.prescribing import DraftRow, Kept, VersionRow
from core import clock
from core.access import Permission
from core.doors import CareContext, PersonConnection, acting_as
from core.i18n import zone
from core.ids import new_id
from core.settings import settings


class NotKept(StrEnum):
    """Why a draft was not kept or not signed; it is still there as it was."""

    NEWER = "newer"
    CHANGED = "changed"
    GONE = "gone"
    UNWATCHED = "unwatched"
    WITHOUT_GP = "without_gp"


NOT_KEPT_SENTENCES: Final = {
    NotKept.NEWER: "Somebody has signed a newer version since this draft was begun: "
    "look at it, then begin again from it.",
    NotKept.CHANGED: "This draft was changed since you read it: read it again before you sign.",
    NotKept.GONE: "This draft is no longer there: it was signed or thrown away.",
    NotKept.UNWATCHED: "Nobody watches this patient now: his follow-up has to begin first.",
    NotKept.WITHOUT_GP: NO_SUBSTITUTE,
}
"""English msgid of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft with what is wrong in it."""

    kept: Kept
    base_version: int
    content: Content
    reason: str
    alert_id: UUID | None
    by: UUID
    by_name: str
    changed_at: datetime
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One signed version; `digest` is None where the operator's command prescribed a template."""

    id: UUID
    version: int
    content: Content
    digest: str | None
    by_name: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescribed:
    """The versions of a patient's prescription, newest first, and its open drafts."""

    live: Version | None
    history: tuple[Version, ...]
    drafts: tuple[Draft, ...]


def prescribed(ctx: CareContext) -> Prescribed:
    """Return the prescription of a patient with its history; needs `alerts:read`."""
    with acting_as(ctx, detail={"read": "prescription"}) as conn:
        return _read(conn, ctx)


def _read(conn: PersonConnection, ctx: CareContext) -> Prescribed:
    versions = tuple(_version(row) for row in prescribing.load_versions(conn, ctx.patient))
    drafts = tuple(_draft(row) for row in prescribing.load_drafts(conn, ctx.patient))
    live = next((one for one in versions if one.ends_at is None), None)
    return Prescribed(live=live, history=versions, drafts=drafts)


def keep_draft(
    ctx: CareContext,
    content: Content,
    *,
    reason: str = "",
    kept: Kept | None = None,
    alert: UUID | None = None,
) -> Kept | NotKept:
    """Keep a draft, right or not yet, so that nothing is lost when the browser closes.

    `kept`: the draft that is changed, as it was seen; None begins one on the live version, in place
    of one the actor has open. `alert`: what it is proposed from; it becomes part of that alert's
    life. Needs `monitoring:write`; raises FileNotFoundError for a template or ladder that was never
    shipped, ValueError for a demonstration ladder in production.
    """
    _needs(ctx)
    load_profile(*content.template)
    refuse_demonstration(*content.ladder)
    now, text = clock.now(), canonical(content)
    reason = reason.strip()[:REASON_LONGEST]
    with acting_as(ctx, action="U", detail={"act": "prescription_drafted"}) as conn:
        if kept is not None:
            what = {"content": text, "reason": reason}
            changed = prescribing.change_draft(conn, ctx.patient, kept, **what, now=now)
            return changed or NotKept.CHANGED
        live = next(iter(prescribing.load_versions(conn, ctx.patient)), None)
        if live is None or live.ends_at is not None:
            return NotKept.UNWATCHED
        begun = prescribing.save_draft(
            conn,
            id=new_id(now),
            patient=live.patient_id,
            base=live.version,
            content=text,
            reason=reason,
            alert=_of_patient(conn, ctx, alert, live.patient_id),
            now=now,
        )
        _note(conn, ctx, alert, begun, now)
    return begun or NotKept.CHANGED


REASON_LONGEST: Final = 1000


def _of_patient(
    conn: PersonConnection, ctx: CareContext, alert: UUID | None, patient: UUID
) -> UUID | None:
    """Return the alert a draft is proposed from, if it stands on the same record."""
    row = showing.load_alert(conn, ctx.patient, alert) if alert else None
    return row.id if row is not None and row.patient_id == patient else None


def _note(
    conn: PersonConnection, ctx: CareContext, alert: UUID | None, draft: Kept | None, now: datetime
) -> None:
    """Write into the life of an alert that a change of limits was proposed."""
    row = showing.load_alert(conn, ctx.patient, alert) if alert else None
    if row is not None and draft is not None:
        calling.save_event(
            conn,
            alert=row.id,
            patient=row.patient_id,
            at=now,
            what="limits_proposed",
            by=ctx.actor.person,
            detail={"draft": str(draft.id)},
        )


def discard_draft(ctx: CareContext, kept: Kept) -> NotKept | None:
    """Throw a draft away; it stays in the record. Needs `monitoring:write`."""
    _needs(ctx)
    with acting_as(ctx, action="U", detail={"act": "prescription_discarded"}) as conn:
        done = prescribing.discard_draft(conn, ctx.patient, kept, clock.now())
    return None if done else NotKept.CHANGED


def sign_draft(ctx: CareContext, kept: Kept) -> Signed | NotKept | tuple[Problem, ...]:
    """Sign a draft as it was seen: it is the live version from now on. Needs `monitoring:write`.

    What is wrong with it is returned and nothing is signed; so is a newer version.
    """
    _needs(ctx)
    now = clock.now()
    with acting_as(ctx, action="U", detail={"act": "prescription_signed"}) as conn:
        rows = prescribing.load_drafts(conn, ctx.patient)
        row = next((one for one in rows if one.id == kept.id), None)
        if row is None:
            return NotKept.GONE
        draft = _draft(row)
        if draft.problems:
            return draft.problems
        if lacks_substitute(conn, row.patient_id, *draft.content.ladder):
            return NotKept.WITHOUT_GP
        signed = Signed(prescription=new_id(now), version=row.base_version + 1)
        word = prescribing.sign_draft(
            conn,
            row.patient_id,
            kept,
            id=signed.prescription,
            content=row.content,
            digest=digest_of(row.content),
            look_at=first_look(draft.content, signed, now),
        )
    return signed if word == "signed" else NotKept(word)


def renewal_of(live: Version) -> Content:
    """Return the same content without its end: what « Renouveler » opens as a draft."""
    return msgspec.structs.replace(live.content, ends_on=None)


def _needs(ctx: CareContext) -> None:
    if ctx.permission is not Permission.MONITORING_WRITE:
        raise ValueError(f"a prescription needs monitoring:write, not {ctx.permission}")


def _version(row: VersionRow) -> Version:
    return Version(
        id=row.id,
        version=row.version,
        content=content_in(row),
        digest=row.digest,
        by_name=row.prescribed_by_name or "",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def _draft(row: DraftRow) -> Draft:
    content = parse_content(row.content)
    today = clock.now().astimezone(zone(settings().time_zone)).date()
    return Draft(
        kept=Kept(id=row.id, revision=row.revision),
        base_version=row.base_version,
        content=content,
        reason=row.reason,
        alert_id=row.alert_id,
        by=row.made_by,
        by_name=row.made_by_name or "",
        changed_at=row.changed_at,
        problems=problems_of(content, load_profile(*content.template), today),
    )


__all__ = [
    "NOT_KEPT_SENTENCES",
    "REASON_LONGEST",
    "Draft",
    "NotKept",
    "Prescribed",
    "Version",
    "discard_draft",
    "keep_draft",
    "prescribed",
    "renewal_of",
    "sign_draft",
]
