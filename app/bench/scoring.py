"""Scores of 100,000 people at once, against one after the other in the same run.

NEWS2 against a plain Python loop of comparisons and against pandas' apply of the exact score; the
model's risk against asking it person by person. All on one core.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from app.bench.verdict import Goal, ratio_goal
from core import clock
from core.vitals import Vital
from scoring.edge.model_file import SHIPPED, load_model
from scoring.model.features import HOUR_MS, Given
from scoring.model.heads import Heads
from scoring.model.risk import argue, risks
from scoring.news2 import Consciousness, News2, News2Input, score_news2
from scoring.news2_many import news2_totals
from scoring.refusal import Refused
from scoring.windows import Floats, Questions, Samples

Say = Callable[[str], None]
CALLS = 5
"""Of what takes two milliseconds, in a row: one alone would be measured with cold caches."""
NEWS2_MS, ALL_S, ONE_MS = 5.0, 10.0, 10.0
VITALS = {
    Vital.SPO2: (96, 2.5, 70, 100),
    Vital.RESPIRATORY_RATE: (18, 4, 6, 45),
    Vital.PULSE: (82, 16, 35, 170),
    Vital.TEMPERATURE: (37.0, 0.7, 34, 41),
    Vital.SYSTOLIC: (125, 18, 75, 220),
    Vital.DIASTOLIC: (72, 10, 40, 110),
}
"""Mean, standard deviation, lowest and highest of the invented values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """How many people; `sample`: how many the slow ways are measured on."""

    people: int = 100_000
    measures: int = 6
    """Spot values of each vital in 48 hours: three a day."""
    sample: int = 200
    repetitions: int = 5
    seed: int = 1


def run_scoring(say: Say, crowd: Crowd | None = None) -> list[Goal]:
    """Measure; print each result; return the goals."""
    crowd = crowd or Crowd()
    heads = load_model(SHIPPED)
    if isinstance(heads, Refused):
        raise FileNotFoundError(heads.reason)
    say(f"{crowd.people} people, seed {crowd.seed}, one core")
    with threadpool_limits(1):
        return [*_news2(crowd, say), *_model(heads, crowd, say)]


def _news2(crowd: Crowd, say: Say) -> list[Goal]:
    given = chart_values(crowd)
    few = pd.DataFrame(given).head(max(1, crowd.people // 20)).astype(KINDS)
    began = clock.monotonic()
    few.apply(exact_news2, axis=1)
    applied = (clock.monotonic() - began) * crowd.people / len(few)
    ours, loop = _in_turn(given, crowd.repetitions)
    say(
        f"NEWS2: {median(ours) * 1000:.2f} ms; loop {median(loop) * 1000:.0f} ms; "
        f"apply {applied * 1000:.0f} ms (from {len(few)} rows); equal row by row"
    )
    ratios = [slow / fast for slow, fast in zip(loop, ours, strict=True)]
    return [
        _within("NEWS2 of all", min(ours) * 1000, NEWS2_MS, "ms"),
        ratio_goal("NEWS2 at least 20 times a plain loop", ratios, 20),
        ratio_goal(
            "NEWS2 at least 1,000 times apply of the exact score",
            [applied / fast for fast in ours],
            1000,
        ),
    ]


def _in_turn(given: dict[str, Floats], repetitions: int) -> tuple[list[float], list[float]]:
    """Return seconds of the tables and of the loop, one after the other, which must agree."""
    columns = [given[name].tolist() for name in COLUMNS]
    ours, loop = [], []
    news2_totals(given)
    for _ in range(repetitions):
        began = clock.monotonic()
        for _ in range(CALLS):
            totals = news2_totals(given)
        ours.append((clock.monotonic() - began) / CALLS)
        began = clock.monotonic()
        plain = [plain_news2(*row) for row in zip(*columns, strict=True)]
        loop.append(clock.monotonic() - began)
        if not np.array_equal(totals, np.array(plain)):
            raise ValueError("the loop and the tables differ")
    return ours, loop


def _model(heads: Heads, crowd: Crowd, say: Say) -> list[Goal]:
    everybody = people(crowd)
    ours, each = [], []
    for _ in range(min(3, crowd.repetitions)):
        began = clock.monotonic()
        found = risks(heads, everybody)
        ours.append(clock.monotonic() - began)
    argued = []
    for number in range(crowd.sample):
        mine = one(everybody, number, crowd.measures)
        began = clock.monotonic()
        alone = risks(heads, mine)
        each.append(clock.monotonic() - began)
        if not np.allclose(alone[0], found[number]):
            raise ValueError("alone and together differ")
        began = clock.monotonic()
        argue(heads, mine)
        argued.append(clock.monotonic() - began)
    mean = sum(each) / len(each)
    say(
        f"trends and model: {median(ours):.2f} s for all; one {median(each) * 1000:.2f} ms, "
        f"with its argument {median(argued) * 1000:.2f} ms; equal alone and together"
    )
    return [
        _within("trends and model of all", min(ours), ALL_S, "s"),
        ratio_goal(
            "trends and model at least 50 times person by person",
            [mean * crowd.people / some for some in ours],
            50,
        ),
        _within("one person", median(each) * 1000, ONE_MS, "ms"),
    ]


def _within(words: str, found: float, most: float, unit: str) -> Goal:
    lack = f"{found / most - 1:.0%}" if found > most else ""
    return Goal(
        words=f"{words} within {most:g} {unit}", found=f"{found:.2f} {unit}", shortfall=lack
    )


COLUMNS = (
    "respiratory_rate",
    "spo2",
    "supplemental_oxygen",
    "systolic",
    "pulse",
    "alert",
    "temperature",
    "spo2_scale",
)
KINDS = {"supplemental_oxygen": bool, "alert": bool, "spo2_scale": int}
"""Columns of a table as one finds it: yes or no, and 1 or 2."""


def chart_values(crowd: Crowd) -> dict[str, Floats]:
    """Return values of the seven parts and the scale, as a chart shows them."""
    random = np.random.default_rng(crowd.seed)

    def some(vital: Vital, decimals: int = 0) -> Floats:
        mean, spread, low, high = VITALS[vital]
        drawn = random.normal(mean, spread, crowd.people)
        return np.round(np.clip(drawn, low, high), decimals).astype(np.float64)

    return {
        "respiratory_rate": some(Vital.RESPIRATORY_RATE),
        "spo2": some(Vital.SPO2),
        "supplemental_oxygen": (random.random(crowd.people) < 0.1).astype(float),
        "systolic": some(Vital.SYSTOLIC),
        "pulse": some(Vital.PULSE),
        "alert": (random.random(crowd.people) < 0.97).astype(float),
        "temperature": some(Vital.TEMPERATURE, 1),
        "spo2_scale": np.where(random.random(crowd.people) < 0.1, 2.0, 1.0),
    }


def exact_news2(row: "pd.Series[float]") -> int:
    """Return the total of the exact score for a row, as one would ask pandas to."""
    found = score_news2(
        News2Input(
            respiratory_rate=row["respiratory_rate"],
            spo2=row["spo2"],
            supplemental_oxygen=bool(row["supplemental_oxygen"]),
            systolic=row["systolic"],
            pulse=row["pulse"],
            consciousness=Consciousness.ALERT if row["alert"] else Consciousness.CONFUSION,
            temperature=row["temperature"],
            spo2_scale=int(row["spo2_scale"]),
        )
    )
    assert isinstance(found, News2)
    return found.total


def plain_news2(*row: float) -> int:  # noqa: C901 - one row of the chart after the other
    """Return the total as one would write it first: comparisons, one person at a time."""
    rate, spo2, oxygen, systolic, pulse, alert, temperature, scale = row
    total = 3 if rate <= 8 else 1 if rate <= 11 else 0 if rate <= 20 else 2 if rate <= 24 else 3
    if scale == 1:
        total += 3 if spo2 <= 91 else 2 if spo2 <= 93 else 1 if spo2 <= 95 else 0
    elif spo2 <= 87:
        total += 3 if spo2 <= 83 else 2 if spo2 <= 85 else 1
    elif oxygen and spo2 >= 93:
        total += 1 if spo2 <= 94 else 2 if spo2 <= 96 else 3
    if oxygen:
        total += 2
    if systolic <= 110:
        total += 3 if systolic <= 90 else 2 if systolic <= 100 else 1
    elif systolic >= 220:
        total += 3
    if pulse <= 50:
        total += 3 if pulse <= 40 else 1
    elif pulse >= 91:
        total += 1 if pulse <= 110 else 2 if pulse <= 130 else 3
    if not alert:
        total += 3
    if temperature <= 36.0:
        total += 3 if temperature <= 35.0 else 1
    elif temperature >= 38.1:
        total += 1 if temperature <= 39.0 else 2
    return total


def people(crowd: Crowd) -> Given:
    """Return two days of spot values of each person."""
    random = np.random.default_rng(crowd.seed)
    person = np.repeat(np.arange(crowd.people, dtype=np.int64), crowd.measures)
    every = 48 * HOUR_MS // crowd.measures
    at = np.tile(np.arange(crowd.measures, dtype=np.int64) * every, crowd.people)
    samples = {
        vital: Samples(
            person=person,
            at=at,
            value=np.clip(random.normal(mean, spread, len(at)), low, high),
        )
        for vital, (mean, spread, low, high) in VITALS.items()
    }
    whoever = np.arange(crowd.people, dtype=np.int64)
    return Given(
        samples=samples,
        asked=Questions(person=whoever, at=np.full(crowd.people, 47 * HOUR_MS, dtype=np.int64)),
        age=random.integers(18, 95, crowd.people).astype(float),
        male=random.integers(0, 2, crowd.people).astype(float),
        oxygen=(random.random(crowd.people) < 0.1).astype(float),
    )


def one(everybody: Given, number: int, measures: int) -> Given:
    """Return one of them, alone."""
    rows, mine = slice(number * measures, (number + 1) * measures), slice(number, number + 1)
    return Given(
        samples={
            vital: Samples(person=some.person[rows], at=some.at[rows], value=some.value[rows])
            for vital, some in everybody.samples.items()
        },
        asked=Questions(person=everybody.asked.person[mine], at=everybody.asked.at[mine]),
        age=everybody.age[mine],
        male=everybody.male[mine],
        oxygen=everybody.oxygen[mine],
    )
