"""What is written of a note before it is signed, and which of it can be: pure.

A form is kept as it was typed (`Written`), judged (`parse_draft`), and either signed as a `Draft`
or shown again with what stands against it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.access import MISSIONS, Role
from core.items import NEVER_WITHHELD_TO, Sensitivity, reads_withheld

LONGEST_TEXT: Final = 10_000
"""Characters of a note; the database refuses longer ones too."""
LONGEST_REASON: Final = 500
MOST_TAGS: Final = 8
LONGEST_TAG: Final = 30
LATEST_REVIEW: Final = timedelta(days=180)
"""A withheld note is judged again within six months (proposed)."""
LATEST_REMINDER: Final = timedelta(days=730)
"""A note comes back within two years (proposed)."""


class Kind(StrEnum):
    """Kinds of notes (FHIR Communication.category); `general` is of notes before there were any."""

    OBSERVATION = "observation"
    TRANSMISSION = "transmission"
    VISIT = "visit"
    CALL = "call"
    SOCIAL = "social"
    DISCHARGE = "discharge"
    GENERAL = "general"


class Cause(StrEnum):
    """Why a note is not communicable (CSP L.1111-7, third parties; R.4127-44, abuse)."""

    THIRD_PARTY = "third_party"
    ABUSE = "abuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding:
    """Not communicable to the patient and his family, judged again on a day."""

    cause: Cause
    reason: str
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A note shall come back on a day: to whoever holds `role` then, or to its author."""

    due_on: date
    role: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A note that may be signed."""

    text: str
    kind: Kind = Kind.GENERAL
    tags: tuple[str, ...] = ()
    mentions: frozenset[UUID] = frozenset()
    sensitivity: Sensitivity = Sensitivity.NORMAL
    withholding: Withholding | None = None
    wish: Wish | None = None
    within: UUID | None = None
    """The note that this one answers or adds to."""
    corrects: UUID | None = None
    """The author's own note that this one adds to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A form as it was typed."""

    text: str = ""
    kind: str = Kind.OBSERVATION
    tags: str = ""
    mentions: tuple[str, ...] = ()
    sensitive: str = ""
    withheld: str = ""
    cause: str = ""
    reason: str = ""
    review_on: str = ""
    remind_on: str = ""
    remind_whom: str = "me"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What stands against signing: codes of `noting_words.PROBLEM_SENTENCES` by field."""

    problems: Mapping[str, str] = field(default_factory=dict)


def parse_draft(
    written: Written, circle: Mapping[UUID, frozenset[str]], today: date
) -> Draft | Wrong:
    """Judge a form. `circle` are the live members and their roles, `today` is the writer's day."""
    problems = dict[str, str]()
    text = written.text.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST_TEXT:
        problems["text"] = "long" if text else "empty"
    if written.kind not in Kind.__members__.values():
        problems["kind"] = "kind"
    tags = parse_tags(written.tags)
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        problems["tags"] = "tags"
    mentions = frozenset(filter(None, map(_uuid, written.mentions)))
    if len(mentions) < len(set(written.mentions)) or not mentions <= circle.keys():
        problems["mentions"] = "nobody"
    withholding = _withholding(written, today, problems)
    if written.withheld and any(not may_know(circle.get(one, frozenset())) for one in mentions):
        problems["mentions"] = "family"
    wish = parse_wish(written.remind_on, written.remind_whom, today, problems)
    if withholding and wish and wish.role and not may_know(frozenset({wish.role})):
        problems["remind"] = "family"
    if problems:
        return Wrong(problems)
    return Draft(
        text=text,
        kind=Kind(written.kind),
        tags=tags,
        mentions=mentions,
        sensitivity=Sensitivity.SENSITIVE if written.sensitive else Sensitivity.NORMAL,
        withholding=withholding,
        wish=wish,
    )


def may_know(roles: frozenset[str]) -> bool:
    """Whether a member may be told of a withheld note; an organisation's staff is judged later."""
    return reads_withheld(roles) or bool(roles & MISSIONS and not roles & NEVER_WITHHELD_TO)


def _withholding(written: Written, today: date, problems: dict[str, str]) -> Withholding | None:
    if not written.withheld:
        return None
    reason = written.reason.strip()
    if written.cause not in Cause.__members__.values():
        problems["cause"] = "cause"
    if not reason or len(reason) > LONGEST_REASON:
        problems["reason"] = "reason"
    day = parse_review_day(written.review_on, today)
    if day is None:
        problems["review_on"] = "review"
    if day is None or problems.keys() & {"cause", "reason"}:
        return None
    return Withholding(cause=Cause(written.cause), reason=reason, review_on=day)


def parse_review_day(raw: str, today: date) -> date | None:
    """Return a day on which a withheld note is judged again: after today, within six months."""
    day = _day(raw)
    return day if day is not None and today < day <= today + LATEST_REVIEW else None


def parse_wish(raw_day: str, whom: str, today: date, problems: dict[str, str]) -> Wish | None:
    """Return the reminder a form asks for; None when it asks for none, or for one that is wrong."""
    if not raw_day.strip():
        return None
    day = _day(raw_day)
    if day is None or not today <= day <= today + LATEST_REMINDER:
        problems["remind"] = "reminder"
        return None
    if whom == "me":
        return Wish(due_on=day, role=None)
    kind, _, role = whom.partition(":")
    if kind != "role" or role not in Role.__members__.values() or role in MISSIONS:
        problems["remind"] = "whom"
        return None
    return Wish(due_on=day, role=role)


def parse_tags(raw: str) -> tuple[str, ...]:
    """Return the words of `#plaie, Escarre` in small letters, each once, in the order typed."""
    words = (
        " ".join(part.strip().lstrip("#").lower().split()) for part in re.split(r"[,;\n]", raw)
    )
    return tuple(dict.fromkeys(word for word in words if word))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which notes of a record a list shows; all fields as they were typed."""

    words: str = ""
    kind: str = ""
    tag: str = ""
    unread: str = ""
    before: str = ""
    """The last note of the page before."""

    @property
    def is_filtered(self) -> bool:
        """Whether not every note is meant."""
        return bool(self.words.strip() or self.kind or self.tag or self.unread)

    @property
    def parts(self) -> list[str]:
        """The words a note must hold, each."""
        return self.words.split()[:10]

    @property
    def after(self) -> UUID | None:
        """The note whose elders are shown; None for the first page, and for what is no id."""
        return _uuid(self.before)


def roles_of(members: Iterable[tuple[UUID, str]]) -> dict[UUID, frozenset[str]]:
    """Gather roles by party."""
    found = dict[UUID, frozenset[str]]()
    for party, role in members:
        found[party] = found.get(party, frozenset()) | {role}
    return found


def _day(raw: str) -> date | None:
    try:
        return date.fromisoformat(raw.strip())
    except ValueError:
        return None


def _uuid(raw: str) -> UUID | None:
    try:
        return UUID(raw)
    except ValueError:
        return None
