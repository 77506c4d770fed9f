"""Use cases of invitations: inviting, answering, and confirming who somebody new is."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID

from psycopg import errors

from coordination.circle import Joining
from coordination.consent import parse_means
from coordination.inviting import store
from coordination.inviting.inviting import (
    ANSWERED_SHOWN,
    LINK_LASTS,
    AccountAsked,
    Asking,
    Behind,
    Invitation,
    Judged,
    Mend,
    Mine,
    Whom,
    read_asking,
    read_whom,
)
from coordination.joining import Problem, Stay, decide_stay, sentence
from core import clock
from core.access import Permission
from core.doors import Actor, CareContext, PersonConnection, acting_as, before_sign_in, note_access
from core.ids import new_id
from core.rights import rights
from core.sealing import seal_text
from identity import activation_service
from identity.attempt_service import attempt
from identity.origin import Origin
from identity.verdicts import TooManyAttempts
from messages.message import SEALED_PARAM


@dataclass(frozen=True, slots=True)
class Invited:
    """The mail is on its way."""


@dataclass(frozen=True, slots=True)
class NotInvited:
    """Nothing was sent: `problem` of the stay, or fields to mend."""

    problems: dict[str, str]
    stay: Problem | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of confirming somebody; `code` is to be given to him otherwise than by mail."""

    outcome: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an answer, and whose record it opened."""

    outcome: str
    patient: UUID | None = None


def _letter(now: datetime, locale: str) -> store.Letter:
    token = secrets.token_urlsafe(32)
    return store.Letter(
        message=new_id(now),
        token_hash=_hash(token),
        sealed=seal_text(token, SEALED_PARAM),
        locale=locale,
        ends_at=now + LINK_LASTS,
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def invite(
    ctx: CareContext,
    given: Mapping[str, str],
    form: Joining,
    *,
    zone: tzinfo,
    say: Callable[[str], str],
    locale: str,
) -> Invited | NotInvited:
    """Invite somebody by mail; needs `circle:manage`.

    What is answered is the same whether the address has an account here or not.
    """
    whom = read_whom(given)
    if isinstance(whom, Mend):
        return NotInvited(whom.problems)
    now = clock.now()
    stay = decide_stay(form, rights=rights(), now=now, zone=zone)
    if isinstance(stay, Problem):
        return NotInvited({}, stay)
    detail = {"invited": "somebody", "role": whom.role}
    try:
        with acting_as(ctx, action="C", detail=detail) as conn:
            return _invite(conn, ctx, whom, stay, say, _letter(now, locale))
    except errors.UniqueViolation:  # the same was sent in another window at this moment
        return NotInvited({"address": "waiting"})


def _invite(
    conn: PersonConnection,
    ctx: CareContext,
    whom: Whom,
    stay: Stay,
    say: Callable[[str], str],
    letter: store.Letter,
) -> Invited | NotInvited:
    listed = store.find_by_rpps(conn, ctx.patient, whom.rpps) if whom.rpps else None
    address = whom.address or (listed.address if listed else "")
    if not address:
        return NotInvited({"rpps": "nobody"})
    verdict = store.load_verdict(conn, ctx.patient, address)
    if verdict != "yes":
        return NotInvited({"address": verdict})
    now, text = clock.now(), stay.text
    name = whom.name or (listed.name if listed else "")
    new = store.NewInvitation(
        id=new_id(now),
        name=name,
        address=address,
        role=stay.role,
        basis=stay.basis,
        agreed=stay.agreed,
        rpps=whom.rpps,
        person=None,
        stay_ends_at=stay.ends_at,
        text_id=text.id if text else None,
        text_version=text.version if text else None,
        wording=sentence(text, name, stay, rights(), say) if text else None,
        means=stay.means,
        given_on=stay.given_on,
    )
    store.save_invitation(conn, ctx.patient, ctx.actor.person, new, letter, now)
    store.save_letter(conn, ctx.patient, new.id, letter)
    return Invited()


def typed_stay(given: Mapping[str, str], groups: tuple[str, ...]) -> Joining:
    """Return the stay an invitation offers, as the form of a new member would say it."""
    return Joining(
        kind="person",
        party="",
        role=given.get("role", ""),
        basis=given.get("basis", ""),
        ends_on=given.get("ends_on", ""),
        groups=groups,
        consent_means=given.get("consent_means", "") if parse_means(given["consent_means"]) else "",
        consent_on=given.get("consent_on", ""),
    )


def invitations(ctx: CareContext) -> list[Invitation]:
    """Return the invitations into a circle; needs `circle:manage`."""
    with acting_as(ctx, detail={"read": "invitations"}) as conn:
        return store.load_invitations(conn, ctx.patient, clock.now() - ANSWERED_SHOWN)


def send_again(ctx: CareContext, invitation: UUID, locale: str) -> bool:
    """Send another mail with another link; False when it is answered, or was sent often enough."""
    with acting_as(ctx, action="U", detail={"invitation": str(invitation)}) as conn:
        return store.save_letter(conn, ctx.patient, invitation, _letter(clock.now(), locale))


def withdraw(ctx: CareContext, invitation: UUID) -> bool:
    """Take an invitation back; False when it is answered."""
    with acting_as(ctx, action="U", detail={"invitation": str(invitation)}) as conn:
        return store.end_invitation(conn, ctx.patient, invitation)


def behind(token: str) -> Behind | None:
    """Return what stands behind a link, while it serves; opening the page uses nothing up."""
    with before_sign_in() as conn:
        return store.load_behind(conn, _hash(token))


def ask_account(
    token: str, given: Mapping[str, str], origin: Origin
) -> Asking | Mend | TooManyAttempts | None:
    """Ask for an account by a link; None when the link serves no more, or says another number."""
    found = behind(token)
    if found is None:
        return None
    asking = read_asking(given, family=found.family)
    if isinstance(asking, Mend):
        return asking
    return attempt(
        "activation",
        f"invitation:{found.id}",
        origin,
        lambda: asking if _asked(token, asking) else None,
    )


def _asked(token: str, asking: Asking) -> bool:
    with before_sign_in() as conn:
        return store.save_asking(conn, _hash(token), asking.family, asking.given, asking.rpps)


def mine(actor: Actor) -> list[Mine]:
    """Return the invitations that wait for whoever is signed in."""
    with acting_as(actor) as conn:
        note_access(conn, actor, Permission.CIRCLE_READ, None, "R", {"what": "invitations"})
        return store.load_mine(conn)


def answer(actor: Actor, invitation: UUID, *, accepts: bool) -> Answered:
    """Accept or refuse an invitation; what came of it is in the trail of the record."""
    now = clock.now()
    with acting_as(actor) as conn:
        outcome = store.save_answer(conn, invitation, new_id(now), new_id(now), accepts=accepts)
        patient = store.load_patient(conn, invitation) if outcome == "accepted" else None
        detail = {"invitation": str(invitation), "outcome": outcome}
        done = "success" if outcome in ("accepted", "refused") else "refused"
        note_access(
            conn,
            actor,
            Permission.CIRCLE_READ,
            patient,
            "C",
            detail,
            outcome="success" if done == "success" else "refused",
        )
    return Answered(outcome, patient)


def accounts_asked(actor: Actor) -> list[AccountAsked]:
    """Return the professionals who wait for the administrator to confirm who they are."""
    with acting_as(actor) as conn:
        return store.load_accounts_asked(conn)


def confirm_professional(actor: Actor, invitation: UUID, judged: Judged) -> Opened:
    """Confirm who a professional is, for the administrator of the organisation that invited."""
    with acting_as(actor) as conn:
        done = _confirm(conn, invitation, judged)
        good = done.outcome in ("opened", "known", "sent_back")
        note_access(
            conn,
            actor,
            Permission.ACCOUNTS_MANAGE,
            None,
            "U",
            {"invitation": str(invitation), "outcome": done.outcome},
            outcome="success" if good else "refused",
        )
    return _open(done)


def confirm_relative(ctx: CareContext, invitation: UUID, judged: Judged) -> Opened:
    """Confirm who somebody close to the patient is; needs `circle:manage`."""
    with acting_as(ctx, action="U", detail={"invitation": str(invitation)}) as conn:
        done = _confirm(conn, invitation, judged)
    return _open(done)


def _confirm(conn: PersonConnection, invitation: UUID, judged: Judged) -> store.Confirmed:
    now = clock.now()
    return store.confirm_account(conn, invitation, new_id(now), new_id(now), judged)


def _open(done: store.Confirmed) -> Opened:
    if done.outcome != "opened" or done.person is None or done.address is None:
        return Opened(done.outcome)
    return Opened(done.outcome, activation_service.invite(done.person, done.address))
