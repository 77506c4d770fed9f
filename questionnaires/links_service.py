"""Use cases of a link to one questionnaire: made by staff, opened with a code, answered once.

A link opens no record: it asks one questionnaire of somebody who may answer it anyway, in a browser
that gave the code (docs/decisions/0083-a-link-asks-and-shows-nothing.md).
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from core import clock
from core.access import Permission
from core.care import open_record
from core.doors import Actor, CareContext, acting_as, before_sign_in
from core.ids import new_id
from core.sealing import keyed_digest, seal_text
from messages.message import SEALED_PARAM
from questionnaires import links_store as store
from questionnaires.library_service import load_edition
from questionnaires.links_store import LinkRow, LinkSession, NewLink, Offer
from questionnaires.plans.service import task_waiting
from questionnaires.questionnaire import Questionnaire

Way = Literal["email", "sms"]
LASTS: Final = timedelta(hours=24)
"""How long a link without a task can be answered (proposed)."""
LONGEST: Final = timedelta(days=3)
"""No link lasts longer, whenever its task ends (proposed).

A browser that opened it in time may send for one hour more, as the database counts
(`gate_link_session`)."""
MOST_TRIES: Final = 5
"""Wrong codes until a link is dead, as the database counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The link is on its way; `code` is set when it has to be told, for it goes no other way."""

    id: UUID
    expires_at: datetime
    code: str | None


@dataclass(frozen=True, slots=True)
class CannotReach:
    """That person has no such address, or may not answer for the patient."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The link was answered, replaced, ended or tried too often, or is too old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongCode:
    """It was not the code; `left` more can be tried."""

    left: int


@dataclass(frozen=True, slots=True)
class Opened:
    """The code was right: `session` is the cookie of the one browser that may answer."""

    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Who answers what by a link, under his own right to answer."""

    ctx: CareContext
    edition: Questionnaire
    link: LinkSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Who answered by a link just now, and with what."""

    ctx: CareContext
    answer: UUID


def offers(ctx: CareContext) -> list[Offer]:
    """Return to whom a link can be sent; needs `answers:write`."""
    with acting_as(ctx) as conn:
        return store.load_offers(conn, ctx.patient)


def links(ctx: CareContext) -> list[LinkRow]:
    """Return the last links made for the patient; needs `answers:read`."""
    with acting_as(ctx) as conn:
        return store.load_links(conn, ctx.patient)


def make_link(
    ctx: CareContext,
    recipient: UUID,
    edition: str,
    way: Way,
    *,
    task: UUID | None = None,
    until: datetime | None = None,
) -> Made | CannotReach:
    """Send a link one way and its code another; without another way the code is given back.

    It ends with its task (`until`), or after a day. Needs `answers:write`.
    """
    name = load_edition(edition).name
    now = clock.now()
    id, token, code = new_id(now), secrets.token_urlsafe(16), f"{secrets.randbelow(10**6):06d}"
    expires_at = min(until, now + LONGEST) if until and until > now else now + LASTS
    new = NewLink(
        id=id,
        patient=ctx.patient,
        recipient=recipient,
        edition=edition,
        task=task,
        token_hash=_hash(token),
        code_hash=_code_digest(token, code),
        expires_at=expires_at,
        channel=way,
        params={"token": seal_text(token, SEALED_PARAM)},
        code_params={"code": seal_text(code, SEALED_PARAM)},
        message=new_id(now),
        code_message=new_id(now),
    )
    with acting_as(ctx, action="C", detail={"link": str(id), "channel": way}) as conn:
        asked = task or task_waiting(conn, ctx, name, now)
        verdict = store.make_link(conn, replace(new, task=asked))
    if verdict in (None, "no_address"):
        return CannotReach()
    return Made(id=id, expires_at=expires_at, code=code if verdict == "tell_code" else None)


def end_link(ctx: CareContext, link: UUID) -> bool:
    """End a link: it opens nothing any more; needs `answers:write`."""
    with acting_as(ctx, action="U", detail={"link": str(link)}) as conn:
        return store.end_link(conn, ctx.patient, link)


def is_waiting(token: str) -> bool:
    """Say whether a link can still be opened; looking uses nothing up."""
    with before_sign_in() as conn:
        return store.load_waiting(conn, _hash(token)) is not None


def open_link(token: str, code: str) -> Opened | WrongCode | Gone:
    """Try the code of a link; the right one makes this browser the one that answers."""
    session = secrets.token_urlsafe(32)
    plain = "".join(letter for letter in code if letter.isdigit())
    with before_sign_in() as conn:
        digest = _code_digest(token, plain)
        verdict = store.try_link(conn, _hash(token), digest, _hash(session))
        waiting = store.load_waiting(conn, _hash(token)) if verdict == "wrong" else None
    if verdict == "open":
        return Opened(session)
    return WrongCode(left=MOST_TRIES - waiting.tries) if waiting else Gone()


def answering(token: str, session: str) -> Answering | Gone:
    """Return who answers what in this browser, if he may still: each lock is asked again."""
    with before_sign_in() as conn:
        link = store.load_session(conn, _hash(token), _hash(session))
    if link is None:
        return Gone()
    ctx = _as_recipient(link.recipient, link.patient)
    if ctx is None:
        return Gone()
    return Answering(ctx=ctx, edition=load_edition(link.edition), link=link)


def answered(token: str, session: str) -> Answered | Gone:
    """Return who answered in this browser within the hour, if he may still."""
    with before_sign_in() as conn:
        found = store.load_answered(conn, _hash(token), _hash(session))
    ctx = _as_recipient(found.recipient, found.patient) if found else None
    return Gone() if found is None or ctx is None else Answered(ctx=ctx, answer=found.answer)


def _as_recipient(recipient: UUID, patient: UUID) -> CareContext | None:
    actor = Actor(person=recipient, post=None, session=None, purpose="PATRQT")
    ctx = open_record(actor, patient, Permission.ANSWERS_WRITE)
    return ctx if isinstance(ctx, CareContext) else None


def finish(session: str) -> None:
    """End the link that was answered."""
    with before_sign_in() as conn:
        store.end_session(conn, _hash(session))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _code_digest(token: str, code: str) -> bytes:
    return keyed_digest(code, f"answer_link:{token}")
