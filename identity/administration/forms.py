"""Reads what an administrator types, and puts the posts of an organisation together by person.

Pure. Days are those of the reader's own time zone: a first day begins at its midnight, a last day
lasts to its end.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.access import Role
from identity.numbers import WrongNumber, parse_rpps

ROLES_OF_POSTS: Final = (
    Role.TELEMONITORING_NURSE,
    Role.GP,
    Role.COORDINATING_DOCTOR,
    Role.HOSPITAL_DOCTOR,
    Role.HOME_NURSE,
    Role.PHARMACIST,
    Role.PHYSIOTHERAPIST,
    Role.SOCIAL_WORKER,
    Role.HOME_HELP,
    Role.DAC_COORDINATOR,
    Role.IDENTITY_OFFICER,
    Role.ACCESS_REVIEWER,
    Role.ADMINISTRATOR,
)
"""Roles a post may have; those of patients, families and missions are given otherwise."""
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LONGEST_TEXT: Final = 120


class Outcome(StrEnum):
    """What came of an administrator's act; the page has a sentence for each."""

    DONE = "done"
    INVITED = "invited"
    GIVEN = "given"
    """The person has an account already and is given the post."""
    HELD = "held"
    ELSEWHERE = "elsewhere"
    """Known in other organisations or circles: not this administrator's to decide on."""
    MAIL_TAKEN = "mail_taken"
    GONE = "gone"
    SELF = "self"
    NOBODY = "nobody"
    DATES = "dates"
    ALREADY = "already"
    FORM = "form"


SUCCESSES: Final = frozenset({Outcome.DONE, Outcome.INVITED, Outcome.GIVEN})


@dataclass(frozen=True, slots=True)
class WrongField:
    """What was typed cannot be used; `field` names where, `reason` is a text of the interface."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Whom to invite, and in which post."""

    family: str
    given: str
    mail: str
    rpps: str | None
    role: Role
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From when to when somebody is replaced."""

    starts_at: datetime
    ends_at: datetime


def parse_invitation(
    *,
    family: str,
    given: str,
    mail: str,
    rpps: str,
    role: str,
    until: str,
    zone: tzinfo,
    now: datetime,
) -> Invitation | WrongField:
    """Read the form of an invitation."""
    for field, text in (("family", family), ("given", given)):
        if not text.strip() or len(text) > LONGEST_TEXT or not text.isprintable():
            return WrongField(field, "Write the name.")
    if not is_mail(mail.strip()):
        return WrongField("mail", "This is not a mail address.")
    number = parse_rpps(rpps) if rpps.strip() else None
    if isinstance(number, WrongNumber):
        return WrongField("rpps", number.reason)
    if role not in ROLES_OF_POSTS:
        return WrongField("role", "This role cannot be given.")
    ends = parse_last_day(until, zone)
    if until.strip() and (ends is None or ends <= now):
        return WrongField("until", "Choose a day to come.")
    return Invitation(
        family=family.strip(),
        given=given.strip(),
        mail=mail.strip(),
        rpps=number,
        role=Role(role),
        until=ends,
    )


def is_mail(text: str) -> bool:
    """Say whether a text has the shape of a mail address; whether it works, the mail tells."""
    return len(text) <= LONGEST_TEXT and _MAIL.fullmatch(text) is not None


def parse_period(first: str, last: str, zone: tzinfo, now: datetime) -> Period | WrongField:
    """Read the first and the last day of a substitute; today begins now."""
    begins, ends = parse_first_day(first, zone), parse_last_day(last, zone)
    if begins is None or ends is None or ends <= now or ends <= begins:
        return WrongField("until", "Choose a first day and a later last day.")
    return Period(starts_at=max(begins, now), ends_at=ends)


def parse_first_day(raw: str, zone: tzinfo) -> datetime | None:
    """Return the first instant of a day written as 2026-12-31, or None."""
    day = _day(raw)
    return datetime.combine(day, time(), zone) if day else None


def parse_last_day(raw: str, zone: tzinfo) -> datetime | None:
    """Return the end of a day written as 2026-12-31, or None."""
    day = _day(raw)
    return datetime.combine(day + timedelta(days=1), time(), zone) if day else None


def last_instant(ends_at: datetime | None) -> datetime | None:
    """Return the last instant before an end; its day is the last day somebody typed."""
    return ends_at - timedelta(microseconds=1) if ends_at else None


def _day(raw: str) -> date | None:
    try:
        day = date.fromisoformat(raw.strip())
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2200 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPost:
    """A post of the administered organisation, and the account of who holds it."""

    post: UUID
    person: UUID
    name: str
    rpps: str | None
    role: str
    starts_at: datetime
    ends_at: datetime | None
    replaces_name: str | None
    state: str
    expires_at: datetime | None
    is_ours: bool
    is_me: bool

    @property
    def last_instant(self) -> datetime | None:
        """The end as a reader counts it: the last day is the one before the first without."""
        return last_instant(self.ends_at)

    @property
    def last_of_account(self) -> datetime | None:
        """The end of the account, counted so."""
        return last_instant(self.expires_at)

    def is_over(self, now: datetime) -> bool:
        """Say whether the post has ended."""
        return self.ends_at is not None and self.ends_at <= now


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the organisation with the posts he holds or held there."""

    person: UUID
    posts: tuple[HeldPost, ...]

    @property
    def first(self) -> HeldPost:
        """Any of them: what is told of the account is the same in all."""
        return self.posts[0]


def by_person(posts: Iterable[HeldPost]) -> tuple[Member, ...]:
    """Return the people in the order of their first post."""
    grouped: dict[UUID, list[HeldPost]] = {}
    for post in posts:
        grouped.setdefault(post.person, []).append(post)
    return tuple(Member(person, tuple(held)) for person, held in grouped.items())
