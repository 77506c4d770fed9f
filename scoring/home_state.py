"""The home state: green, orange or red, the worst of the profile's items, with the reasons.

Proposed logic (docs/clinical/home-state.md), to be validated by a clinician; it is not a score.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from core.vitals import Quality
from scoring.item import AnswerItem, Bound, Item, MeasuredItem
from scoring.level import Level
from scoring.observation import Answer, Reading

FUTURE_TOLERANCE: Final = timedelta(minutes=5)
"""Beyond this a time in the future is a clock fault. Source: proposed, time rules of Chevet."""

OLDEST_JUDGED: Final = timedelta(days=30)
"""Beyond this age a value is history, not a reason to call. Source: proposed, same rules."""


class MissingWhy(StrEnum):
    """Why an item has no value that counts."""

    NEVER = "never"
    STALE = "stale"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One item as judged: `level` GREEN, ORANGE or RED, on which value, by which limit.

    `value` and `unit` are None for an answer, `code` is None for a measurement; `bound` and
    `threshold` are None when no limit was met. `to_verify`: the device or its clock doubts.
    """

    item: str
    title: str
    level: Level
    value: float | None
    unit: str | None
    code: str | None
    at: datetime
    quality: Quality
    bound: Bound | None
    threshold: float | None
    source: str | None
    to_verify: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One item without a value that counts; `at` is the time of the last one, if any."""

    item: str
    title: str
    why: MissingWhy
    essential: bool
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeState:
    """The state of a patient at home at `at`.

    `findings` holds every item that was judged, worst first then in the profile's order;
    `missing` every item that was not.
    """

    level: Level
    at: datetime
    findings: tuple[Finding, ...]
    missing: tuple[Missing, ...]

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """Return the findings that are not green: what the state is due to, worst first."""
        return tuple(finding for finding in self.findings if finding.level > Level.GREEN)


def decide_home_state(
    items: Sequence[Item],
    readings: Iterable[Reading],
    answers: Iterable[Answer],
    usual: Mapping[str, float],
    now: datetime,
) -> HomeState:
    """Judge the latest value of each item at `now`."""
    raise NotImplementedError
