"""An exercise of the whole chain, from a stored reading to a closed alert, and its report. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.ladder import Ladder, parse_ladder
from alerts.telling import ANSWERS
from scoring.level import LEVEL_BY_CODE, Level

SENT_WITHIN: Final = timedelta(seconds=30)
"""From the reading's COMMIT to the first message at the provider: promise R5."""
OVER_AFTER: Final = timedelta(hours=24)
"""An exercise that nobody has closed by then is over, and its report is frozen (proposed)."""
STARTS_WITHIN: Final = timedelta(hours=6)
"""A planned exercise that could not start in so long is told to the operator (proposed)."""


class Started(StrEnum):
    """What became of the wish to start or plan an exercise."""

    STARTED = "started"
    PLANNED = "planned"
    NOT_ALLOWED = "not_allowed"
    NOT_FOLLOWED = "not_followed"
    NOT_FICTITIOUS = "not_fictitious"
    LIVED_IN = "lived_in"
    NOT_WATCHED = "not_watched"
    NOT_STAFF = "not_staff"
    RUNNING = "running"
    OPEN_ALERT = "open_alert"


STARTED_SENTENCES: Final[Mapping[Started, str]] = {
    Started.STARTED: "The exercise has begun: its alert comes by the usual way.",
    Started.PLANNED: "The monthly exercise is planned.",
    Started.NOT_ALLOWED: "Your role does not allow this.",
    Started.NOT_FOLLOWED: "Your organisation does not follow this record.",
    Started.NOT_FICTITIOUS: "Refused: this record is not marked as fictitious. "
    "An exercise is never made on a real patient.",
    Started.LIVED_IN: "Refused: a device, an answer, a measurement, an account or another record "
    "belongs to this record, so a real person may stand behind it. Make a record for exercises "
    "alone.",
    Started.NOT_WATCHED: "This record has no prescription: nothing would raise an alert.",
    Started.NOT_STAFF: "This person has no post in your organisation.",
    Started.RUNNING: "An exercise of your organisation or on this record is under way already.",
    Started.OPEN_ALERT: "A saturation alert of this record is open: close it first.",
}


class Part(StrEnum):
    """The links of the chain, in their order."""

    STORED = "stored"
    JUDGED = "judged"
    RAISED = "raised"
    SENT = "sent"
    CALLED = "called"
    FIRST_STEP = "first_step"
    ANSWERED = "answered"
    CLOSED = "closed"


class Met(StrEnum):
    """Whether a link held in its time; FACT has no bound."""

    FACT = "fact"
    MET = "met"
    MISSED = "missed"
    NOT_YET = "not_yet"


class Verdict(StrEnum):
    """What an exercise showed; LATE: answered, but only after others had to be called."""

    UNDER_WAY = "under_way"
    PASSED = "passed"
    LATE = "late"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One link: when it held (None: it has not), before when it must, and by whom."""

    part: Part
    at: datetime | None
    before: datetime | None
    met: Met
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One person called by one channel; `state` is that of the outbox, None: the console alone."""

    at: datetime
    role: str
    name: str
    channel: str | None
    state: str | None
    sent_at: datetime | None
    received_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an exercise showed by `made_at`; frozen once it is over."""

    made_at: datetime
    verdict: Verdict
    alert_id: UUID | None
    lines: tuple[Line, ...]
    calls: tuple[Call, ...]

    def line(self, part: Part) -> Line | None:
        """Return one link of the chain, if the report has it."""
        return next((line for line in self.lines if line.part is part), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillRow:
    """An exercise as the database tells it: `alerts.drill_facts`."""

    id: UUID
    organisation: UUID
    patient_id: UUID | None
    patient_name: str | None
    person: UUID | None
    person_name: str | None
    started_at: datetime
    started_by_name: str | None
    planned: bool
    judged_at: datetime | None
    alert: dict[str, Any] | None
    steps: list[dict[str, Any]] | None
    sent: list[dict[str, Any]] | None
    report: dict[str, Any] | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Story:
    """What followed from the reading; `bound` is before when somebody must have answered."""

    calls: tuple[Call, ...]
    raised_at: datetime | None
    called_at: datetime | None
    first_step_ends: datetime | None
    bound: datetime | None
    answered_at: datetime | None
    answered_by: str | None
    closed_at: datetime | None
    closed_by: str | None


def make_report(row: DrillRow, now: datetime) -> Report:
    """Return what an exercise has shown by `now`, from what was written on the way."""
    story, soon = _story_of(row), row.started_at + SENT_WITHIN
    first_sent = min((call.sent_at for call in story.calls if call.sent_at), default=None)
    lines = [Line(part=Part.STORED, at=row.started_at, before=None, met=Met.FACT)]

    def add(
        part: Part, at: datetime | None, before: datetime | None, name: str | None = None
    ) -> None:
        lines.append(Line(part=part, at=at, before=before, met=_met(at, before, now), name=name))

    add(Part.JUDGED, row.judged_at, soon)
    add(Part.RAISED, story.raised_at, soon)
    add(Part.SENT, first_sent, soon)
    if row.person is not None:
        add(Part.CALLED, story.called_at, story.bound, row.person_name)
    else:
        add(Part.FIRST_STEP, story.answered_at, story.first_step_ends, story.answered_by)
    add(Part.ANSWERED, story.answered_at, story.bound, story.answered_by)
    add(Part.CLOSED, story.closed_at, row.started_at + OVER_AFTER, story.closed_by)
    alert_id = UUID(row.alert["id"]) if row.alert else None
    return Report(
        made_at=now,
        verdict=_verdict(lines),
        alert_id=alert_id,
        lines=tuple(lines),
        calls=story.calls,
    )


def is_over(report: Report, started_at: datetime) -> bool:
    """Say whether nothing can change a report any more: closed with all judged, or a day old."""
    closed = report.line(Part.CLOSED)
    done = closed is not None and closed.at is not None
    return report.made_at >= started_at + OVER_AFTER or (
        done and report.verdict is not Verdict.UNDER_WAY
    )


def _met(at: datetime | None, before: datetime | None, now: datetime) -> Met:
    if at is None:
        return Met.MISSED if before is not None and now >= before else Met.NOT_YET
    return Met.MISSED if before is not None and at > before else Met.MET


def _verdict(lines: Sequence[Line]) -> Verdict:
    needed = {line.met for line in lines if line.part is not Part.FIRST_STEP}
    if Met.MISSED in needed:
        return Verdict.FAILED
    if Met.NOT_YET in needed:
        return Verdict.UNDER_WAY
    late = any(line.part is Part.FIRST_STEP and line.met is Met.MISSED for line in lines)
    return Verdict.LATE if late else Verdict.PASSED


def _story_of(row: DrillRow) -> _Story:
    calls = tuple(_call(one) for one in row.sent or ())
    alert, steps = row.alert or {}, row.steps or []
    mine = [one for one in row.sent or () if one["person"] == str(row.person)]
    called_at = min((_when(one["at"]) for one in mine), default=None)
    answers = [
        step for step in steps
        if step["what"] in ANSWERS and step["by"] and row.person in (None, UUID(step["by"]))
    ]  # fmt: skip
    answer = answers[0] if answers else None
    closing = next((step for step in steps if step["what"] == "closed"), None)
    first_step_ends = bound = None
    if alert:
        ladder = parse_ladder(json.dumps(alert["ladder"]))
        level = LEVEL_BY_CODE[alert["level"]]
        first_step_ends = _step_end(ladder, level, row.sent or ())
        bound = _step_end(ladder, level, mine) if mine else None
        bound = bound or _when(alert["raised_at"]) + _whole(ladder, level)
    return _Story(
        calls=calls,
        raised_at=_when_or_none(alert.get("raised_at")),
        called_at=called_at,
        first_step_ends=first_step_ends,
        bound=bound,
        answered_at=_when(answer["at"]) if answer else None,
        answered_by=answer["name"] if answer else None,
        closed_at=_when_or_none(alert.get("closed_at")),
        closed_by=closing["name"] if closing else None,
    )


def _step_end(ladder: Ladder, level: Level, calls: Sequence[Mapping[str, Any]]) -> datetime | None:
    """Return when the wait of the earliest of some calls ends; None without any."""
    first = min(calls, key=lambda one: _when(one["at"]), default=None)
    if first is None:
        return None
    return _when(first["at"]) + timedelta(seconds=_wait(ladder, first["rung"], level))


def _whole(ladder: Ladder, level: Level) -> timedelta:
    """Return how long all rungs take, one after the other."""
    waits = (_wait(ladder, number, level) for number in range(1, len(ladder.rungs) + 1))
    return timedelta(seconds=sum(waits))


def _wait(ladder: Ladder, rung: int, level: Level) -> float:
    return ladder.rung(rung).wait_seconds.of(level).total_seconds()


def _call(one: Mapping[str, Any]) -> Call:
    return Call(
        at=_when(one["at"]),
        role=one["role"],
        name=one["name"],
        channel=one["channel"],
        state=one["state"],
        sent_at=_when_or_none(one["sent_at"]),
        received_at=_when_or_none(one["received_at"]),
    )


def _when(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _when_or_none(text: str | None) -> datetime | None:
    return None if text is None else _when(text)


def planned_for(
    day: int, at: time, zone: ZoneInfo, now: datetime, changed_at: datetime
) -> tuple[date, datetime] | None:
    """Return the day and instant of the last exercise that should have come by now, else None.

    None as well when the plan was made after that hour: it then begins with the next month. An
    hour that the clock jumps over in spring is the hour after it.
    """
    today = now.astimezone(zone).date()
    wanted = today.replace(day=day)
    if now < datetime.combine(wanted, at, zone):
        wanted = (today.replace(day=1) - timedelta(days=1)).replace(day=day)
    instant = datetime.combine(wanted, at, zone)
    return None if changed_at > instant else (wanted, instant)
