"""« Would the last 30 days have fired? »: the rules themselves over what was measured. Pure.

What calls is found by `rules.called_for`, as in every review; nothing of the rules is written a
second time. One alert lasts until its item has not been breached for QUIET: what is counted is
calls, not readings.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from alerts.judging import Watch
from alerts.rules import Call, Context, called_for
from scoring.level import Level
from scoring.observation import Answer, Reading

QUIET: Final = timedelta(hours=12)
"""An alert ends when its item has not been breached for so long. Source: proposed, half a day in
which a nurse has answered it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """An alert that would have been raised, or (`worsened`) an orange one that became red.

    `value` is None for an answer.
    """

    item: str
    level: Level
    at: datetime
    value: float | None
    worsened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What would have fired, in event-time order."""

    fired: tuple[Fired, ...]

    def counts(self) -> Mapping[tuple[str, Level], int]:
        """Return how many of each item and level."""
        return Counter((one.item, one.level) for one in self.fired)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a draft would have fired and what the live version would have, on the same values.

    `readings`, `answers`: how many were judged. `since`: from when on; `cut`: it is later than
    asked for, because there were more values than one look may hold.
    """

    draft: Replay
    live: Replay
    readings: int
    answers: int
    since: datetime
    cut: bool

    @property
    def silent(self) -> bool:
        """Tell whether the draft would have called nobody: « rien n'aurait sonné »."""
        return not self.draft.fired


def replay(
    readings: Iterable[Reading], answers: Iterable[Answer], watch: Watch, now: datetime
) -> Replay:
    """Judge what was measured and answered by a prescription, all at once, up to `now`."""
    _, called = called_for(
        readings, answers, context=Context(usual=watch.usual), profile=watch.profile, now=now
    )
    fired = [one for each in called for one in _alerts(each.item, each.calls)]
    return Replay(fired=tuple(sorted(fired, key=attrgetter("at", "item"))))


def _alerts(item: str, calls: Sequence[Call]) -> Iterator[Fired]:
    """Yield the alerts that calls of one item, in event-time order, make."""
    level: Level | None = None
    last: datetime | None = None
    for call in calls:
        if last is None or level is None or call.at - last > QUIET:
            level = None
        if level is None or call.level > level:
            yield Fired(
                item=item,
                level=call.level,
                at=call.at,
                value=call.value,
                worsened=level is not None,
            )
            level = call.level
        last = call.at
