"""Whatever comes in, in whatever order: no red waits, and no orange is lost."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from alerts.repeat import (
    FIRST_AGAIN,
    Pending,
    RepeatState,
    Situation,
)
from scoring.level import Level
from scoring.observation import Reading
from tests.unit.alerts.test_repeat import MS, NOW, PROFILE, WITHIN, plan, spo2


@dataclass
class Life:
    """One patient through reviews and the clock, by the very rules that the services apply."""

    reachable: bool = True
    alert: Level | None = None
    waits: Pending | None = None
    due_at: datetime | None = None
    settled_at: datetime | None = None
    through: datetime | None = None
    called: list[tuple[datetime, Level]] = field(default_factory=list)

    def review(self, readings: list[Reading], now: datetime) -> None:
        lately = self.settled_at is not None and self.settled_at > now - FIRST_AGAIN
        known = Situation(
            rules=PROFILE.rules,
            pending={"spo2": self.waits} if self.waits else {},
            settled_lately=frozenset({"spo2"}) if lately else frozenset(),
            reachable=self.reachable,
        )
        found = plan(readings, known, opened=self.alert, through=self.through, now=now)
        for risen in found.judgement.raises:
            self._call(risen.level, now)
        for _ in found.judgement.worsenings:
            self._call(Level.RED, now)
        if "spo2" in found.ended:
            self.settled_at = now if found.ended["spo2"] is RepeatState.WITHIN else self.settled_at
            self.waits = self.due_at = None
        for one in found.held:
            self.waits = Pending(id=UUID(int=3), item="spo2", asked_at=now, held=one.breaches)
            self.due_at = now + WITHIN
        times = [one.measured_at for one in readings if one.measured_at <= now]
        self.through = max([*times, *([self.through] if self.through else [])], default=None)

    def tick(self, now: datetime) -> None:
        if self.due_at is not None and now >= self.due_at:
            if self.waits and self.waits.held and self.alert is None:
                self._call(self.waits.held.worst.level, now)
            self.waits = self.due_at = None

    def _call(self, level: Level, now: datetime) -> None:
        self.alert = level
        self.called.append((now, level))


ARRIVALS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.integers(88, 99), st.integers(0, 1_500_000)), max_size=3),
        st.integers(0, 1_200_000),
    ),
    max_size=8,
)
"""Batches: values each measured so many milliseconds before, and how long until the next one."""


@given(ARRIVALS, st.booleans())
def test_whatever_comes_in_whatever_order_no_red_waits_and_no_orange_is_lost(
    arrivals: list[tuple[list[tuple[int, int]], int]], reachable: bool
) -> None:
    life, now = Life(reachable=reachable), NOW
    oranges: list[datetime] = []
    greens: list[datetime] = []
    for batch, pause in arrivals:
        life.tick(now)
        assert life.due_at is None or now < life.due_at <= now + WITHIN
        readings = [spo2(value, now - ago * MS) for value, ago in batch]
        life.review(readings, now)
        if any(value <= 92 for value, _ in batch):
            assert life.alert is Level.RED
        oranges += [now for one in readings if one.value in (93, 94)]
        greens += [one.measured_at for one in readings if one.value >= 95]
        if not reachable and oranges:
            assert life.alert is not None
        now += pause * MS
    life.tick(now + WITHIN)
    assert life.waits is None
    if oranges and life.alert is None:
        (came,) = oranges
        assert any(measured > came for measured in greens)
