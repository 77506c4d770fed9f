"""What a nurse sees of a patient at a glance: level, trend, owner, waiting.

Pure: from the views of alerts to what a row of the queue says.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from unicodedata import combining, normalize
from uuid import UUID

from alerts.alert import State
from alerts.views import AlertLine, LevelCount, QueueRow, SummaryView
from core.vitals import VITAL_BY_SLUG
from scoring.item import round_as_shown
from scoring.level import Level

Whose = Literal["all", "unowned", "mine", "aside"]
Trend = Literal[-1, 0, 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which rows of the queue are kept; None and empty keep all."""

    level: Level | None = None
    whose: Whose = "all"
    name: str = ""

    @property
    def keep_all(self) -> bool:
        """Tell whether no row is left out."""
        return self.level is None and self.whose == "all" and not self.name.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The head of the queue: patients by the level of their last review, and open alerts.

    Records that serve exercises alone are in `for_drills`, and in no other number.
    """

    patients: dict[Level, int]
    open_alerts: int
    open_red: int
    for_drills: int = 0

    @property
    def total(self) -> int:
        """Return how many patients the organisation follows."""
        return sum(self.patients.values())


def counts_of(lines: Iterable[LevelCount]) -> Counts:
    """Add up the counts of the levels."""
    known = tuple(lines)
    patients = {level: 0 for level in Level}
    for line in known:
        patients[line.level] += line.patients
    return Counts(
        patients=patients,
        open_alerts=sum(line.open_alerts for line in known),
        open_red=sum(line.open_red for line in known),
        for_drills=sum(line.for_drills for line in known),
    )


def level_shown(row: QueueRow) -> Level:
    """Return the worst of the patient's state now and of his open alerts.

    One red sample that nobody has answered stays red on the queue though the next value was fine.
    """
    return max([row.summary.level, *(alert.level for alert in row.alerts)])


def trend_of(alert: AlertLine, summary: SummaryView) -> Trend | None:
    """Return where the value went since the alert began: -1 falling, 0 stable, 1 rising.

    None for an answer, and when nothing newer than the first breach counts.
    """
    began = alert.reason.evidence
    latest = next(
        (one for one in summary.latest if one.vital is VITAL_BY_SLUG.get(alert.item)), None
    )
    if began.value is None or latest is None or latest.measured_at <= began.measured_at:
        return None
    before = round_as_shown(latest.vital, began.value)
    after = round_as_shown(latest.vital, latest.value)
    return 0 if after == before else (1 if after > before else -1)


def owners(row: QueueRow) -> tuple[str, ...]:
    """Return who has alerts of this patient in charge, each once, in order."""
    named = [alert.owner_name or "" for alert in row.alerts if alert.state is State.OWNED]
    return tuple(dict.fromkeys(named))


def waiting_since(row: QueueRow) -> datetime | None:
    """Return since when the oldest alert that nobody has in charge waits."""
    waiting = [alert.since for alert in row.alerts if alert.state is not State.OWNED]
    return min(waiting, default=None)


def is_put_aside(row: QueueRow, aside: Collection[UUID]) -> bool:
    """Tell whether a patient leaves the queue of whoever put the alerts `aside`.

    He stays in it for an alert that is not aside, a state worse than all of them, or anything else
    that is due.
    """
    if not row.alerts or row.repeats or row.rank % 10:
        return False
    worst = max(alert.level for alert in row.alerts)
    return row.summary.level <= worst and all(alert.alert_id in aside for alert in row.alerts)


def keeps(row: QueueRow, filters: Filters, me: UUID, aside: Collection[UUID] = frozenset()) -> bool:
    """Tell whether a row passes the filters of the person `me`, who put the alerts `aside`.

    Whoever searches by name finds everybody.
    """
    if filters.whose == "aside":
        if not any(alert.alert_id in aside for alert in row.alerts):
            return False
    elif not filters.name.strip() and is_put_aside(row, aside):
        return False
    if filters.level is not None and level_shown(row) is not filters.level:
        return False
    if filters.whose == "mine" and not any(alert.owner == me for alert in row.alerts):
        return False
    if filters.whose == "unowned" and waiting_since(row) is None:
        return False
    return plain(filters.name) in plain(row.name)


def plain(name: str) -> str:
    """Return a name without accents, case, hyphens or double spaces, to search in."""
    letters = "".join(c for c in normalize("NFD", name) if not combining(c))
    return " ".join(letters.casefold().replace("-", " ").replace("'", " ").split())
