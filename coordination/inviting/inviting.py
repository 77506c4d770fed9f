"""Words of invitations: what a form asks for, how an invitation stands. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from coordination.circle import FAMILY, ROLES_TO_GIVE, SCOPES
from core.access import Role
from identity.administration.forms import is_mail
from identity.numbers import WrongNumber, parse_rpps

LINK_LASTS: Final = timedelta(days=7)
"""How long an invitation waits for its answer (proposed)."""
MOST_SENDS: Final = 5
"""Mails of one invitation (proposed)."""
ANSWERED_SHOWN: Final = timedelta(days=30)
ROLES_TO_INVITE: Final = tuple(role for role in ROLES_TO_GIVE if role not in SCOPES.values())
"""Roles one can be invited to; who represents the person by law shows the judgment first."""


class Status(StrEnum):
    """How an invitation stands."""

    WAITING = "waiting"
    ASKED = "asked"
    """He asked for an account: somebody has to confirm who he is."""
    CONFIRMED = "confirmed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


STATUS_LABELS: Final[dict[str, str]] = {
    Status.WAITING: "Waiting for an answer",
    Status.ASKED: "Asks for an account: who this is has to be confirmed",
    Status.CONFIRMED: "Confirmed: waiting for the account to be opened and for an answer",
    Status.ACCEPTED: "Accepted",
    Status.REFUSED: "Refused",
    Status.WITHDRAWN: "Taken back",
    Status.EXPIRED: "Expired without an answer",
}
SAID_SENTENCES: Final[dict[str, str]] = {
    "sent": "The invitation is on its way. The record stays closed until it is accepted.",
    "again": "Another mail is on its way: only its link serves now.",
    "withdrawn": "The invitation is taken back: its link opens nothing any more.",
    "gone": "This invitation has been answered or taken back meanwhile. Nothing was changed.",
    "most": "Five mails were sent for this invitation. Take it back, or call the person.",
    "sent_back": "The request is sent back. The person can ask again by the link of the mail.",
    "known": "This person already has an account here and signs in with it to answer.",
    "mail_taken": "Another account signs in with this mail address. Nothing was opened.",
    "elsewhere": (
        "This number belongs to somebody whose account others answer for. "
        "The administrator there opens it."
    ),
    "accepted": "You are in the care circle from now on.",
    "refused": "You have refused. Nobody opened anything by this invitation.",
    "already": "You are already in this circle in this role.",
    "unproved": (
        "Your RPPS number is not confirmed here yet: "
        "an administrator or the directory has to confirm it first."
    ),
}
PROBLEM_SENTENCES: Final[dict[str, str]] = {
    "name": "Write the name of the person, in 100 characters at most.",
    "address": "This is not a mail address.",
    "rpps": "This is not an RPPS number: it has eleven digits, and the last one checks the others.",
    "role": "This role cannot be given by an invitation.",
    "nobody": "Nobody in the directory has this number, or no mail address is known: write it.",
    "waiting": "An invitation to this address waits for its answer already.",
    "too_many": "Too many invitations in one day. Go on tomorrow, or call the person.",
    "not_allowed": "Nobody can be invited into this circle.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """Whom a form names: by mail address, by number, or both."""

    name: str
    address: str
    rpps: str | None
    role: Role

    @property
    def is_family(self) -> bool:
        """Say whether it is somebody close to the patient."""
        return self.role in FAMILY


@dataclass(frozen=True, slots=True)
class Mend:
    """What is to be mended: field to the key of its sentence."""

    problems: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation as whoever manages the circle sees it."""

    id: UUID
    name: str
    address: str
    role: str
    family: bool
    invited_by_name: str
    invited_at: datetime
    expires_at: datetime
    sends: int
    answer: str | None
    answered_at: datetime | None
    asked_family: str
    asked_given: str
    asked_at: datetime | None
    confirmed_at: datetime | None
    known: bool
    undeliverable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What stands behind a link: nothing of the patient."""

    id: UUID
    invited_by_name: str
    role: str
    family: bool
    expires_at: datetime
    asked: bool
    confirmed: bool
    has_office: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """An invitation that waits for whoever looks; the patient is named to whom `proved` says."""

    id: UUID
    invited_by_name: str
    organisation_name: str | None
    patient_name: str
    role: str
    family: bool
    proved: bool
    invited_at: datetime
    expires_at: datetime
    stay_ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAsked:
    """A professional who asked for an account; `same_name`: the directory has him so."""

    id: UUID
    family: str
    given: str
    rpps: str
    address: str
    role: str
    asked_at: datetime
    invited_by_name: str
    directory_name: str | None
    same_name: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What somebody says of who asked for an account, and as of when he read what was asked."""

    is_he: bool
    asked_at: datetime | None


def read_judged(asked: str, *, is_he: bool) -> Judged:
    """Read a judgement; without the instant of what was read it is of nothing."""
    try:
        at = datetime.fromisoformat(asked)
    except ValueError:
        at = None
    return Judged(is_he=is_he, asked_at=at if at is not None and at.tzinfo else None)


def status_of(one: Invitation, now: datetime) -> Status:
    """Say how an invitation stands at `now`."""
    if one.answer is not None:
        return Status(one.answer)
    if one.expires_at <= now:
        return Status.EXPIRED
    if one.known and one.confirmed_at is not None:
        return Status.CONFIRMED
    return Status.ASKED if one.asked_at is not None else Status.WAITING


def read_whom(given: Mapping[str, str]) -> Whom | Mend:
    """Read whom a form names; without a mail address the number must find one."""
    name = " ".join(given.get("name", "").split())
    address = given.get("address", "").strip().lower()
    raw = given.get("rpps", "").strip()
    number = parse_rpps(raw) if raw else None
    role = next((one for one in ROLES_TO_INVITE if one == given.get("role")), None)
    family = role in FAMILY
    problems = {}
    if (not name and (family or not raw)) or len(name) > 100 or not name.isprintable():
        problems["name"] = "name"
    if (address and not is_mail(address)) or (not address and (family or not raw)):
        problems["address"] = "address"
    if isinstance(number, WrongNumber):
        problems["rpps"] = "rpps"
    if role is None:
        problems["role"] = "role"
    if problems or role is None or isinstance(number, WrongNumber):
        return Mend(problems)
    return Whom(name=name, address=address, rpps=None if family else number, role=role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who says by a link that he is whom it was written to, until somebody confirms it."""

    family: str
    given: str
    rpps: str | None


def read_asking(given: Mapping[str, str], *, family: bool) -> Asking | Mend:
    """Read who asks for an account: of a professional the RPPS number too."""
    last = " ".join(given.get("family", "").split())
    first = " ".join(given.get("given", "").split())
    problems = {
        field: "name"
        for field, text in (("family", last), ("given", first))
        if not text or len(text) > 100 or not text.isprintable()
    }
    number = None if family else parse_rpps(given.get("rpps", ""))
    if isinstance(number, WrongNumber):
        problems["rpps"] = "rpps"
        return Mend(problems)
    return Mend(problems) if problems else Asking(family=last, given=first, rpps=number)
