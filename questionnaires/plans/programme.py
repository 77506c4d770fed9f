"""Programmes: templates of plans, as versioned JSON, each with its sources. Pure.

A programme is copied into a plan when it starts: a later version never changes a running plan.
"""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from questionnaires.plans.schedule import Clock, Schedule

Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+$")]
Text = Annotated[str, msgspec.Meta(min_length=1)]


class ProgrammeLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One questionnaire of the library, by name, and when it is asked.

    `times_by_count`: number of times a day to the proposed times; whoever starts the plan chooses
    the number, then each time. Without it the times of the schedule are proposed alone.
    """

    questionnaire: Name
    schedule: Schedule
    times_by_count: Mapping[str, tuple[Clock, ...]] = {}


class Programme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a plan is made of; `days` None: it goes on until a person ends it.

    `required_by_law` names the decree that forbids to switch off the alert of silence.
    """

    id: Name
    version: Annotated[int, msgspec.Meta(ge=1)]
    title: Mapping[str, Text]
    status: Text
    days: Annotated[int, msgspec.Meta(ge=1, le=366)] | None
    required_by_law: Text | None
    high_risk: bool
    lines: Annotated[tuple[ProgrammeLine, ...], msgspec.Meta(min_length=1)]
    sources: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse a programme without a French title, or whose proposals do not count."""
        if "fr" not in self.title or "en" not in self.title:
            raise ValueError("a title in French and in English is missing")
        for line in self.lines:
            for count, times in line.times_by_count.items():
                if count != str(len(times)):
                    raise ValueError(f"{line.questionnaire}: {count} times a day are {len(times)}")


class ProgrammeError(ValueError):
    """The programme file cannot be used: the message says where and why."""


def parse_programme(text: str | bytes) -> Programme:
    """Read a programme from JSON; raises ProgrammeError on anything unknown or out of bounds."""
    try:
        return msgspec.json.decode(text, type=Programme)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProgrammeError(str(error)) from error


def with_times(schedule: Schedule, times: tuple[Clock, ...]) -> Schedule:
    """Return a schedule asked at other times of day, in every phase that has as many or more.

    A phase with fewer times than the first (a steady rhythm after an intro) takes as many of the
    new ones as it had, the earliest.
    """
    first = len(schedule.phases[0].times)
    phases = tuple(
        msgspec.structs.replace(
            phase,
            times=times if len(phase.times) >= first else times[: len(phase.times)],
        )
        for phase in schedule.phases
    )
    return msgspec.structs.replace(schedule, phases=phases)
