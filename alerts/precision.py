"""What alerts were worth: how many, what came of them, how soon somebody answered. Pure.

An alert is counted where it was raised. Whether it was useful is read from its coded outcome alone,
so that nobody judges it twice; the sorting of outcomes is proposed, to be validated by a doctor.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import sqrt
from statistics import median
from typing import Final
from uuid import UUID

from alerts.outcomes import Outcome
from scoring.level import Level

Z_95: Final = 1.959964
"""Quantile of the normal distribution for a two-sided interval of 95 %."""


class Worth(StrEnum):
    """What an outcome says of the alert."""

    USEFUL = "useful"
    USELESS = "useless"
    NOT_SAID = "not_said"
    """The end says nothing of the alert: the follow-up ended, or somebody died of anything."""


WORTH: Final[dict[Outcome, Worth]] = {
    Outcome.PATIENT_CALLED_REASSURED: Worth.USELESS,
    Outcome.ADVICE_GIVEN: Worth.USEFUL,
    Outcome.GP_CALLED: Worth.USEFUL,
    Outcome.TREATMENT_ADJUSTED: Worth.USEFUL,
    Outcome.CONSULTATION_ARRANGED: Worth.USEFUL,
    Outcome.HOME_VISIT_ARRANGED: Worth.USEFUL,
    Outcome.SENT_TO_EMERGENCY: Worth.USEFUL,
    Outcome.EMERGENCY_CALLED_15: Worth.USEFUL,
    Outcome.HOSPITALISED: Worth.USEFUL,
    Outcome.UNREACHABLE_HOME_VISIT: Worth.USEFUL,
    Outcome.USUAL_FOR_THIS_PERSON: Worth.USELESS,
    Outcome.TECHNICAL_PROBLEM: Worth.USELESS,
    Outcome.FALSE_ALARM_SENSOR: Worth.USELESS,
    Outcome.DUPLICATE: Worth.USELESS,
    Outcome.FOLLOW_UP_ENDED: Worth.NOT_SAID,
    Outcome.PATIENT_DIED: Worth.NOT_SAID,
}
"""Proposed: useful is what changed something for the patient; an unneeded call is not."""


class Group(StrEnum):
    """By what alerts are gathered."""

    SITE = "site"
    RULE = "rule"
    PROGRAMME = "programme"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFact:
    """One alert of the period; `programme` is the profile the patient was watched by, if any."""

    patient: UUID
    rule: str
    programme: str | None
    level: Level
    raised_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    outcome: Outcome | None
    closed_by: UUID | None
    closer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """How long a patient was followed under a programme in the period, in days."""

    patient: UUID
    name: str
    programme: str
    days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """What the alerts of one group were worth; `key` is a rule, a programme, a patient or empty.

    `per_patient_day` is None below one patient-day, the shares where there is nothing to share.
    `ppv` is the share of useful ones among those whose outcome says it, with its 95 %
    interval (Wilson 1927).
    """

    key: str
    name: str
    alerts: int
    red: int
    open: int
    patient_days: float
    per_patient_day: float | None
    useful: int
    useless: int
    not_said: int
    undocumented: int
    ppv: float | None
    ppv_interval: tuple[float, float] | None
    to_answer: timedelta | None
    slowest_answer: timedelta | None
    to_close: timedelta | None
    outcomes: tuple[tuple[Outcome, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How many alerts one person closed, and how long after they were raised (median)."""

    person: UUID
    name: str
    closed: int
    red: int
    to_close: timedelta


def weigh(
    facts: Sequence[AlertFact], followed: Sequence[Followed], group: Group
) -> tuple[Precision, ...]:
    """Return a line for each group, most alerts first; patients and programmes without any too."""
    key = _KEYS[group]
    gathered: dict[str, list[AlertFact]] = {"": []} if group is Group.SITE else {}
    for fact in facts:
        gathered.setdefault(key(fact), []).append(fact)
    days, names = _days(followed, group)
    for each in days:
        gathered.setdefault(each, [])
    total = sum(one.days for one in followed)
    lines = (
        _line(each, names.get(each, ""), found, days.get(each, total if group in _WHOLE else 0.0))
        for each, found in gathered.items()
    )
    return tuple(sorted(lines, key=lambda line: (-line.alerts, line.name, line.key)))


def loads(facts: Iterable[AlertFact]) -> tuple[Load, ...]:
    """Return what each person closed, most first."""
    closed: dict[UUID, list[AlertFact]] = {}
    for fact in facts:
        if fact.closed_by is not None:
            closed.setdefault(fact.closed_by, []).append(fact)
    found = (
        Load(
            person=person,
            name=theirs[0].closer or "",
            closed=len(theirs),
            red=sum(fact.level is Level.RED for fact in theirs),
            to_close=_middle(_closing_times(theirs)),
        )
        for person, theirs in closed.items()
    )
    return tuple(sorted(found, key=lambda load: (-load.closed, load.name)))


def wilson(hits: int, of: int) -> tuple[float, float] | None:
    """Return the 95 % interval of a share (Wilson, JASA 1927;22:209), None of nothing."""
    if of == 0:
        return None
    share, square = hits / of, Z_95**2
    middle = share + square / (2 * of)
    half = Z_95 * sqrt(share * (1 - share) / of + square / (4 * of * of))
    low, high = ((middle + sign * half) / (1 + square / of) for sign in (-1, 1))
    # Rounding may leave the share itself a hair outside, at nought and at one.
    return min(share, max(0.0, low)), max(share, min(1.0, high))


_KEYS: Final[dict[Group, Callable[[AlertFact], str]]] = {
    Group.SITE: lambda _: "",
    Group.RULE: lambda fact: fact.rule,
    Group.PROGRAMME: lambda fact: fact.programme or "",
    Group.PATIENT: lambda fact: str(fact.patient),
}
_WHOLE: Final = (Group.SITE, Group.RULE)
"""Every rule watches every patient: its days are all days."""


def _days(followed: Sequence[Followed], group: Group) -> tuple[dict[str, float], dict[str, str]]:
    days, names = defaultdict[str, float](float), dict[str, str]()
    if group in _WHOLE:
        return {}, {}
    for one in followed:
        key = str(one.patient) if group is Group.PATIENT else one.programme
        days[key] += one.days
        names[key] = one.name if group is Group.PATIENT else one.programme
    return dict(days), names


def _line(key: str, name: str, facts: list[AlertFact], days: float) -> Precision:
    outcomes = Counter(fact.outcome for fact in facts if fact.outcome is not None)
    worth = Counter[Worth]()
    for outcome, count in outcomes.items():
        worth[WORTH[outcome]] += count
    answers = sorted(f.answered_at - f.raised_at for f in facts if f.answered_at is not None)
    closings = _closing_times(facts)
    judged = worth[Worth.USEFUL] + worth[Worth.USELESS]
    return Precision(
        key=key,
        name=name,
        alerts=len(facts),
        red=sum(fact.level is Level.RED for fact in facts),
        open=sum(fact.closed_at is None for fact in facts),
        patient_days=days,
        per_patient_day=len(facts) / days if days >= 1 else None,
        useful=worth[Worth.USEFUL],
        useless=worth[Worth.USELESS],
        not_said=worth[Worth.NOT_SAID],
        undocumented=sum(fact.closed_at is not None and fact.outcome is None for fact in facts),
        ppv=worth[Worth.USEFUL] / judged if judged else None,
        ppv_interval=wilson(worth[Worth.USEFUL], judged),
        to_answer=_middle(answers) if answers else None,
        slowest_answer=answers[-1] if answers else None,
        to_close=_middle(closings) if closings else None,
        outcomes=tuple(sorted(outcomes.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _closing_times(facts: Iterable[AlertFact]) -> list[timedelta]:
    return [fact.closed_at - fact.raised_at for fact in facts if fact.closed_at is not None]


def _middle(spans: Iterable[timedelta]) -> timedelta:
    return timedelta(seconds=median(span.total_seconds() for span in spans))
