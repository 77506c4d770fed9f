"""The escalation ladder: who is called, by which channel, and how long each is waited for.

A ladder is versioned data (`ladders/*.json`) and is frozen into the alert when it is raised, so
that editing the ladder never moves the deadlines of an alert that is already out.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

import msgspec

from scoring.level import Level


class Recipient(StrEnum):
    """Whom a rung calls; resolved to people and addresses only when the notice is sent."""

    TELEMONITORING_NURSE = "telemonitoring_nurse"
    SECOND_NURSE = "second_nurse"
    HOME_NURSE = "home_nurse"
    COORDINATING_DOCTOR = "coordinating_doctor"
    GP = "gp"
    ON_CALL = "on_call"
    OPERATOR = "operator"


class Channel(StrEnum):
    """By which way a notice goes out."""

    CONSOLE = "console"
    EMAIL = "email"
    SMS = "sms"
    PUSH = "push"


class Purpose(StrEnum):
    """Whether a ladder is meant for patients or only shows the mechanism with short waits."""

    CARE = "care"
    DEMONSTRATION = "demonstration"


Seconds = Annotated[int, msgspec.Meta(gt=0, le=7 * 86_400)]


class Waits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A delay for each level an alert can have, in seconds, with where the number comes from."""

    orange: Seconds
    red: Seconds
    source: Annotated[str, msgspec.Meta(min_length=1)]

    def of(self, level: Level) -> timedelta:
        """Return the delay for `level`; an alert is orange or red and nothing else."""
        return timedelta(seconds=self.red if level is Level.RED else self.orange)


class Rung(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rung: who, by which channels, and how long before the next rung is called.

    `on_duty_only`: nobody is called outside his duty, the service's hours, or the hours he gave;
    without it, only an organisation that keeps a rota is asked who is on duty. `only_red`: an
    orange alert passes it by.
    """

    role: Recipient
    channels: Annotated[tuple[Channel, ...], msgspec.Meta(min_length=1)]
    wait_seconds: Waits
    on_duty_only: bool = False
    only_red: bool = False


class Ladder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole ladder; rungs count from 1, and after the last one `repeat_from_rung` comes again.

    `owned_seconds` (« Prendre en charge ») and `called_seconds` (« Je rappelle le patient ») are
    how long an ownership lasts; `seen_seconds` is the one delay that a « Vu » buys.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+$")]
    version: Annotated[int, msgspec.Meta(ge=1)]
    title: Annotated[str, msgspec.Meta(min_length=1)]
    status: Annotated[str, msgspec.Meta(min_length=1)]
    purpose: Purpose
    rungs: Annotated[tuple[Rung, ...], msgspec.Meta(min_length=1)]
    repeat_from_rung: Annotated[int, msgspec.Meta(ge=1)]
    operator_channels: Annotated[tuple[Channel, ...], msgspec.Meta(min_length=1)]
    owned_seconds: Waits
    called_seconds: Waits
    seen_seconds: Waits

    def __post_init__(self) -> None:
        """Refuse a ladder that would loop from a rung it does not have."""
        if self.repeat_from_rung > len(self.rungs):
            raise ValueError(
                f"repeat_from_rung is {self.repeat_from_rung}, the ladder has {len(self.rungs)}"
            )

    @property
    def by_duty(self) -> bool:
        """Say whether it calls only people on duty: then a night may have nobody by design."""
        return any(rung.on_duty_only for rung in self.rungs)

    @property
    def asks_gp(self) -> bool:
        """Say whether it calls a GP only as he agreed: a record without one names a substitute."""
        return any(rung.role is Recipient.GP and rung.on_duty_only for rung in self.rungs)

    def rung(self, number: int) -> Rung:
        """Return the rung of that number, from 1."""
        return self.rungs[number - 1]


class LadderError(ValueError):
    """The ladder file cannot be used: the message says where and why."""


def parse_ladder(text: str | bytes) -> Ladder:
    """Read a ladder from JSON; raises LadderError on anything unknown, missing or out of bounds."""
    try:
        return msgspec.json.decode(text, type=Ladder)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LadderError(str(error)) from error


def ladder_json(ladder: Ladder) -> str:
    """Write a ladder as JSON, to be frozen into an alert; `parse_ladder` gives it back equal."""
    return msgspec.json.encode(ladder).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to send: to everybody of `role`, by `channel`. It holds no health value."""

    alert_id: UUID
    round: int
    rung: int
    role: Recipient
    channel: Channel

    def key(self, recipient: str) -> str:
        """Return the stable key of this notice for one person: the same step, the same key."""
        return f"{self.alert_id}:{self.round}:{self.rung}:{recipient}:{self.channel}"


FIRST_RUNG: Final = 1
