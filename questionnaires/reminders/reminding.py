"""What becomes of a reminder now. Pure.

A notification first; without a receipt within a minute the SMS or the mail the patient chose; if
its provider has not taken that over, the other one; then nobody writes any more and the desk
calls. Nothing is decided from what was true when the reminder was planned: whether the task is
still open, how many messages he got today and where he is reached are asked at each step.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final, Literal, assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

RECEIPT_WITHIN: Final = timedelta(seconds=60)
"""A notification without a receipt after this long counts as not arrived (the wanted service)."""
TAKEN_WITHIN: Final = timedelta(minutes=3)
"""A provider that has not taken a message over after this long is given up for the other
(proposed: half an hour before the deadline is worth more than one message)."""

Written = Literal["sms", "email"]
Fallback = Literal["sms", "email", "none"]


class Step(StrEnum):
    """What a reminder does next: notify, write, write the other way, tell the family."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    END = "end"


class Outcome(StrEnum):
    """How a reminder ended."""

    QUIET = "quiet"
    """Not needed: answered, paused, over, or another reminder took its place."""
    TOLD = "told"
    """It reached the patient, as far as anybody can know."""
    HELD = "held"
    """Not sent: the cap of the day, the night, or no way to him; the desk calls."""
    SILENT = "silent"
    """The deadline passed without an answer, and those who asked for it were told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From which to which hour, on the patient's clock, no reminder is sent; equal: none."""

    begin: int
    end: int

    def over_at(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Return when the quiet is over, or None when there is none now."""
        local = now.astimezone(zone)
        after, before = local.hour >= self.begin, local.hour < self.end
        over_midnight = self.begin > self.end
        if not ((after or before) if over_midnight else (after and before)):
            return None
        day = local.date() + timedelta(days=1 if over_midnight and after else 0)
        return datetime.combine(day, time(self.end), zone).astimezone(now.tzinfo)


def parse_quiet_hours(text: str) -> QuietHours:
    """Return the hours of CHEVET_QUIET_HOURS, « 21-8 »."""
    begin, end = text.split("-")
    return QuietHours(begin=int(begin), end=int(end))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where a patient is reached: his browsers, his number (E.164), his mail, his choice."""

    browsers: tuple[UUID, ...] = ()
    mobile: str | None = None
    mail: str | None = None
    fallback: Fallback = "sms"

    def written(self) -> tuple[tuple[Written, str], ...]:
        """Return the ways of writing there are, the chosen one first."""
        if self.fallback == "none":
            return ()
        ways: list[tuple[Written, str]] = []
        if self.mobile:
            ways.append(("sms", self.mobile))
        if self.mail:
            ways.append(("email", self.mail))
        return tuple(sorted(ways, key=lambda way: way[0] != self.fallback))


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A reminder and all that is true of it now.

    `received`: a browser has said so; `taken`: the provider took the SMS or mail over; `today`:
    messages he got on his local day; `superseded`: a later reminder of the task is due too. Until
    `alarm_at` the task can be answered: deadline and grace.
    """

    step: Step
    wanted: bool
    superseded: bool
    alarm_at: datetime
    zone: ZoneInfo
    reach: Reach
    received: bool
    taken: bool
    today: int


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing more comes of this reminder."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Wait:
    """Look again at `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Notify:
    """Notify these browsers, then look for a receipt at `look_at`."""

    browsers: tuple[UUID, ...]
    look_at: datetime


@dataclass(frozen=True, slots=True)
class Write:
    """Write by a channel; then, at `look_at`, see at step `then` whether it was taken over."""

    channel: Written
    address: str
    then: Step
    look_at: datetime


@dataclass(frozen=True, slots=True)
class TellFamily:
    """The deadline is missed: tell those whom the patient lets be told."""


Decision = Done | Wait | Notify | Write | TellFamily


def decide(found: Situation, now: datetime, *, cap: int, quiet: QuietHours) -> Decision:
    """Return what a reminder does now; the cap and the night hold back every step that writes."""
    if not found.wanted or found.superseded:
        return Done(Outcome.QUIET)
    match found.step:
        case Step.END:
            return TellFamily() if now >= found.alarm_at else Wait(found.alarm_at)
        case Step.SECOND | Step.THIRD if found.received or found.taken:
            return Done(Outcome.TOLD)
        case Step.FIRST | Step.SECOND | Step.THIRD:
            return _held_back(found, now, cap, quiet) or _next_message(found, now)
        case _:
            assert_never(found.step)


def _held_back(found: Situation, now: datetime, cap: int, quiet: QuietHours) -> Done | Wait | None:
    if now >= found.alarm_at:
        return Done(Outcome.HELD)
    over_at = quiet.over_at(now, found.zone)
    if over_at is not None:
        return Wait(over_at) if over_at < found.alarm_at else Done(Outcome.HELD)
    return Done(Outcome.HELD) if found.today >= cap else None


def _next_message(found: Situation, now: datetime) -> Decision:
    ways = found.reach.written()
    if found.step is Step.FIRST and found.reach.browsers:
        return Notify(found.reach.browsers, now + RECEIPT_WITHIN)
    if found.step is Step.THIRD:
        if len(ways) < 2:
            return Done(Outcome.HELD)
        channel, address = ways[1]
        # Whatever comes of it, nobody writes a third time: looked at again, it is told or held.
        return Write(channel, address, Step.THIRD, found.alarm_at)
    if not ways:
        return Done(Outcome.HELD)
    channel, address = ways[0]
    return Write(channel, address, Step.THIRD, now + TAKEN_WITHIN)


def later(asked: timedelta, due_at: datetime, now: datetime) -> datetime | None:
    """Return when « later » is, or None when that is not inside the window any more.

    The last quarter of an hour before the deadline is left for answering (proposed).
    """
    at = now + asked
    return at if at <= due_at - timedelta(minutes=15) else None
