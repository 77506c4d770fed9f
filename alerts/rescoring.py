"""Asking a model again about a past period: what may be asked, at which instants, what came of it.

Pure. A run asks about each patient every so often while he was followed. What was measured up to
the instant counts, whenever it arrived and as it stands after its newest amendment: so does the
live line, which is computed anew when data come late.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

LONGEST: Final = timedelta(days=366)
"""As long as a period may be: a year. Source: proposed."""
SPANS: Final = (1, 2, 4, 6, 8, 12, 24)
"""Hours between two questions. Source: proposed; three measures a day are usual at home."""
MOST_INSTANTS: Final = 2200
"""Questions about one patient: a year every four hours. Source: proposed."""
STRETCH: Final = timedelta(days=14)
"""Instants of one patient computed at once: as many sampled minutes as fit in a small memory."""
LONGEST_REASON: Final = 500
FIELDS: Final = ("version", "first", "until", "every", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a run asks: a version, from when until when, how often, about whom, and why.

    `organisation` None: everybody followed anywhere; `programme` None: under any profile.
    """

    version: str
    asked_from: datetime
    asked_until: datetime
    every: timedelta
    organisation: UUID | None = None
    programme: str | None = None
    reason: str


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Why no run begins: the field that is wrong, and the sentence (a msgid)."""

    field: str
    reason: str


def check(asked: Asked, now: datetime) -> NotAsked | None:
    """Return what is wrong with what is asked, or None."""
    span = asked.asked_until - asked.asked_from
    if span < timedelta(0):
        return NotAsked("until", "The period ends before it begins.")
    if asked.asked_until > now:
        return NotAsked("until", "The period must have passed.")
    if span > LONGEST:
        return NotAsked("until", "A period is a year at most.")
    if asked.every not in [timedelta(hours=hours) for hours in SPANS]:
        return NotAsked("every", "Choose one of the spans offered.")
    if span / asked.every > MOST_INSTANTS:
        return NotAsked("every", "So long a period cannot be asked about so often.")
    if not asked.reason.strip():
        return NotAsked("reason", "Say why, in words: it is read when somebody asks what for.")
    if len(asked.reason) > LONGEST_REASON:
        return NotAsked("reason", "The reason is too long.")
    return None


def instants(
    asked_from: datetime,
    asked_until: datetime,
    every: timedelta,
    spans: Sequence[tuple[datetime, datetime]],
) -> list[datetime]:
    """Return the instants of the period, both ends included, that lie within the spans."""
    count = int((asked_until - asked_from) / every) + 1
    all_of_them = (asked_from + number * every for number in range(count))
    return [at for at in all_of_them if any(since <= at <= until for since, until in spans)]


def stretches(at: Sequence[datetime]) -> Iterator[list[datetime]]:
    """Yield instants, which are in order, in lists that span no more than a stretch."""
    some: list[datetime] = []
    for each in at:
        if some and each - some[0] > STRETCH:
            yield some
            some = []
        some.append(each)
    if some:
        yield some
