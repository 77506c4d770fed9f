"""Use cases of a link to one version of a document: made, mailed, opened with its code, ended.

A link opens under the rights its maker has at that moment, never more
(docs/decisions/0172-a-document-leaves-by-a-link-and-a-code.md).
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from coordination.documents import link_store, service, store
from coordination.documents.document import Document, Version
from coordination.documents.link import Asked, Link
from core import clock, objects
from core.access import Basis, Permission
from core.care import open_record
from core.doors import Actor, CareContext, PersonConnection, acting_as, before_sign_in
from core.ids import new_id
from core.sealing import keyed_digest, seal_text
from identity.session_service import posts_of
from messages.message import SEALED_PARAM

TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The link is made: token and code are known now and never again."""

    token: str | None
    """None when the link went by mail: whoever tells the code does not hand on the link too."""
    code: str
    link: Link


@dataclass(frozen=True, slots=True)
class NotShared:
    """Nothing was made; `why` is the name of a sentence."""

    why: str


class _TakenBackError(Exception):
    """The transaction is taken back: a mail may not go, or a link no longer opens."""


def share(
    ctx: CareContext, found: Document, version: UUID, asked: Asked, locale: str
) -> Made | NotShared:
    """Make a link to a version of a document the actor is shown; needs `documents:write`."""
    if found.withheld or found.withdrawn_at is not None:
        return NotShared("stays")
    if ctx.through is not None and ctx.through.basis == Basis.BREAK_GLASS:
        return NotShared("break_glass")
    now, me = clock.now(), ctx.actor.person
    token, code = secrets.token_urlsafe(TOKEN_BYTES), f"{secrets.randbelow(10**6):06d}"
    new = link_store.NewLink(
        id=new_id(now),
        version=version,
        expires_at=now + asked.lasts,
        token_hash=_hash(token),
        code_hash=_code_digest(token, code),
        mailed_to=asked.address,
    )
    detail = {"document": str(found.item_id), "link": str(new.id), "mailed": bool(asked.address)}
    try:
        with acting_as(ctx, action="C", detail=detail) as conn:
            of = store.load_version(conn, ctx.patient, version)
            if of is None or of.item_id != found.item_id:
                return NotShared("no_version")
            link_store.save_link(conn, found, new, by=me, now=now)
            if asked.address:
                sealed = seal_text(token, SEALED_PARAM)
                if not link_store.save_mail(conn, new.id, new_id(now), sealed, locale):
                    raise _TakenBackError
            made = link_store.load_link(conn, ctx.patient, new.id)
    except _TakenBackError:
        return NotShared("training")
    if made is None:
        raise RuntimeError("a link was made that its maker does not see")
    return Made(token=None if asked.address else token, code=code, link=made)


def links(ctx: CareContext, item: UUID) -> list[Link]:
    """Return the links to a document; empty for who may not share it."""
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        return link_store.load_links(conn, ctx.patient, item)


def end(ctx: CareContext, link: UUID) -> Link | None:
    """End a link, said twice it is ended once; None, traced, when there is none to see."""
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        found = link_store.load_link(conn, ctx.patient, link)
        if found is None:
            service.trace_refused(conn, ctx, {"link": str(link)}, action="U")
            return None
    with acting_as(ctx, action="U", detail={"link": str(link), "ended": True}) as conn:
        link_store.end_link(conn, link)
    return found


def open_link(token: str, code: str) -> service.File | None:
    """Return the file behind a link whose code is right; None whatever else is the matter.

    The trail names whose link it was: nobody knows who held it.
    """
    plain = "".join(letter for letter in code if letter in "0123456789")
    with before_sign_in() as conn:
        behind = link_store.try_link(conn, _hash(token), _code_digest(token, plain))
    if behind is None:
        return None
    ctx = _as_maker(behind)
    if ctx is None:
        return None
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        version = _version(conn, ctx, behind)
    data = objects.fetch(version.id, version.digest) if version else None
    detail: dict[str, object] = {"link": str(behind.id), "file": str(behind.version_id)}
    if version is None or not isinstance(data, bytes):
        with acting_as(ctx.actor, patient=ctx.patient) as conn:
            service.trace_refused(conn, ctx, detail)
        return None
    try:
        with acting_as(ctx, detail=detail) as conn:
            if not link_store.save_opening(conn, behind.id):
                raise _TakenBackError
    except _TakenBackError:
        return None
    return service.File(version=version, data=data)


def _version(conn: PersonConnection, ctx: CareContext, behind: link_store.Behind) -> Version | None:
    of = store.load_document(conn, ctx.patient, behind.item_id)
    if of is None or not service.shown(conn, ctx, [of]) or of.withheld or of.withdrawn_at:
        return None
    return store.load_version(conn, ctx.patient, behind.version_id)


def _as_maker(behind: link_store.Behind) -> CareContext | None:
    """Whoever made a link as he stands now, in any post of his: he must still read and share."""
    posts: list[UUID | None] = [held.post for held in posts_of(behind.made_by)]
    for post in posts or [None]:
        actor = Actor(person=behind.made_by, post=post, session=None, purpose="TREAT")
        shares = open_record(actor, behind.patient_id, Permission.DOCUMENTS_WRITE)
        reads = open_record(actor, behind.patient_id, Permission.DOCUMENTS_READ)
        if isinstance(shares, CareContext) and isinstance(reads, CareContext):
            return reads
    return None


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _code_digest(token: str, code: str) -> bytes:
    return keyed_digest(code, f"document_link:{token}")
