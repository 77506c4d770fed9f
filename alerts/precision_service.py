"""What the alerts of an organisation were worth over a period, for whoever reads its queue."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from alerts.outcomes import Outcome
from alerts.precision import AlertFact, Followed, Group, Load, Precision, loads, weigh
from alerts.store import weighing
from core.doors import Actor, acting_as
from scoring.level import LEVEL_BY_CODE

LONGEST: Final = timedelta(days=366)
"""As long as a period may be: a year of a region is read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The whole organisation, its groups, and who closed how much; local days, both included."""

    first: date
    last: date
    whole: Precision
    lines: tuple[Precision, ...]
    loads: tuple[Load, ...]


@dataclass(frozen=True, slots=True)
class PeriodRefused:
    """The period ends before it begins, or is longer than a year."""


def precision(
    actor: Actor, first: date, last: date, zone: ZoneInfo, group: Group
) -> Weighed | PeriodRefused:
    """Return what alerts were worth from the start of `first` to the end of `last`, local days."""
    if not timedelta(0) <= last - first <= LONGEST:
        return PeriodRefused()
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    with acting_as(actor) as conn:
        facts = [_fact(row) for row in weighing.load_facts(conn, start, end)]
        followed = [
            Followed(patient=row.patient_id, name=row.name, programme=row.programme, days=row.days)
            for row in weighing.load_followed(conn, start, end)
        ]
    (whole,) = weigh(facts, followed, Group.SITE)
    lines = (whole,) if group is Group.SITE else weigh(facts, followed, group)
    return Weighed(first=first, last=last, whole=whole, lines=lines, loads=loads(facts))


def _fact(row: weighing.FactRow) -> AlertFact:
    return AlertFact(
        patient=row.patient_id,
        rule=row.item,
        programme=row.programme,
        level=LEVEL_BY_CODE[row.level],
        raised_at=row.raised_at,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        closed_by=row.closed_by,
        closer=row.closer,
    )
