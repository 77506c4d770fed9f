"""The home alert rules: which of the readings nobody has judged yet must call somebody.

Pure. One rule per item of the profile. Every reading is judged in event-time order, so that one
red sample inside a batch alarms even when the next is fine; flags of quality are the way to tell
an artefact, never averaging.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from alerts.profile import Profile
from core.vitals import Quality
from scoring.item import Bound
from scoring.level import Level
from scoring.observation import Answer, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why, frozen: what was measured or answered, when, and by which limit of which profile.

    `level` is ORANGE or RED. Exactly one of (`reading_id`, `value`, `unit`) and (`answer_id`,
    `code`) is set. `bound`, `threshold` are None for an answer. `to_verify`: a value whose device
    or clock doubts, counted as orange at most. `late`: it happened before what had already been
    judged for this item.
    """

    item: str
    level: Level
    measured_at: datetime
    reading_id: int | None
    value: float | None
    unit: str | None
    quality: Quality
    answer_id: UUID | None
    code: str | None
    bound: Bound | None
    threshold: float | None
    usual: float | None
    source: str
    profile: str
    to_verify: bool
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlert:
    """What the rules need to know of an alert that is not closed."""

    alert_id: UUID
    item: str
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known of the patient beside the new values.

    `usual`: item to usual value, in the item's unit. `judged_through`: item to the event time of
    the latest value judged so far (no entry: none yet).
    """

    usual: Mapping[str, float] = field(default_factory=dict)
    judged_through: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What was judged of one item in this run.

    Counts add up: judged = green + orange + red + doubtful; `untimely` (older than 30 days) are
    beside. `judged_through` is the latest trustworthy event time judged so far, this run included.
    """

    item: str
    level: Level
    judged: int
    green: int
    orange: int
    red: int
    doubtful: int
    untimely: int
    late: int
    judged_through: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaches:
    """The breaches of one item: the first in event time, the first of the worst level, the last."""

    first: Evidence
    worst: Evidence
    last: Evidence
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """Open an alert for this item at `level`; the breach began at `breaches.first.measured_at`."""

    item: str
    level: Level
    breaches: Breaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Worsening:
    """The open orange alert is red now: it alarms anew."""

    alert_id: UUID
    item: str
    breaches: Breaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The open alert is still breached: evidence is added and nobody is called again."""

    alert_id: UUID
    item: str
    breaches: Breaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """All that follows from one run, in the profile's order of items."""

    assessments: tuple[Assessment, ...]
    raises: tuple[Raise, ...]
    worsenings: tuple[Worsening, ...]
    sightings: tuple[Sighting, ...]


def judge(
    readings: Iterable[Reading],
    answers: Iterable[Answer],
    *,
    context: Context,
    profile: Profile,
    open_alerts: Iterable[OpenAlert],
    now: datetime,
) -> Judgement:
    """Judge readings and answers nobody has judged yet, whatever order they come in."""
    raise NotImplementedError
