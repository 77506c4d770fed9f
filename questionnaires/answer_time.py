"""When an answer was given, told by the server from what a phone can honestly know. Pure.

A phone's wall clock may be wrong by a day, and may be put right between the answer and its
sending. It is never believed as a time; only as a distance, and only when it has kept the same
distance from the server's clock all along.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

STEADY: Final = timedelta(minutes=2)
"""A clock whose distance from the server's changed by no more than this was not set anew
(proposed): drift of a quartz over days, and the way of a slow request."""
OLDEST: Final = timedelta(days=8)
"""No phone keeps an answer longer than this before it says so (proposed)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneTimes:
    """What the phone measured between the answer and its sending.

    `wall`: by its clock. `monotonic`: by the running page that saw both, which a sleeping phone
    may stop: at least so much has passed. `drift_then`, `drift_now`: the server's clock less the
    phone's, at the last contact before the answer and at the sending; None without such contact.
    """

    wall: timedelta
    monotonic: timedelta | None
    drift_then: timedelta | None
    drift_now: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredAt:
    """The instant, and whether it is only known within bounds."""

    at: datetime
    uncertain: bool


def decide_answered_at(
    times: PhoneTimes, *, now: datetime, not_before: datetime | None
) -> AnsweredAt:
    """Return when the answer was given: never after `now`, never before the questions opened."""
    steady = (
        times.drift_then is not None
        and times.drift_now is not None
        and abs(times.drift_now - times.drift_then) <= STEADY
        and times.wall >= timedelta(0)
    )
    if steady:
        age, uncertain = times.wall, False
    elif times.monotonic is not None:
        age, uncertain = times.monotonic, abs(times.wall - times.monotonic) > STEADY
    else:
        age, uncertain = times.wall, True
    earliest = max(not_before or now - OLDEST, now - OLDEST)
    at = now - max(age, timedelta(0)) if age <= OLDEST else now - OLDEST
    if at < earliest:
        return AnsweredAt(at=min(earliest, now), uncertain=True)
    return AnsweredAt(at=at, uncertain=uncertain or age < timedelta(0))
