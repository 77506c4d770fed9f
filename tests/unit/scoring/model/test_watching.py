"""The limits of a look at the model: at, below and above each of them, from both sides."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from json import dumps

import numpy as np
import pytest

from core.vitals import Vital
from scoring.model.argument import RiskBand
from scoring.model.drift import (
    FEWEST,
    Follow,
    Spread,
    Standing,
    judge_calibration,
    spread_of,
    stability_index,
)
from scoring.model.features import HOUR_MS, SIDES, Given
from scoring.model.moves import Moved
from scoring.model.watching import (
    BANDS,
    Findings,
    Followed,
    Input,
    Seen,
    Verdict,
    examine,
    judge,
    standing_of,
    standing_of_follow,
)
from scoring.windows import Floats, Questions, Samples, sorted_samples
from tests.wards import WELL, ward

VITALS = tuple(dict.fromkeys(side.vital for side in SIDES))


@pytest.mark.parametrize(
    ("index", "standing"),
    [
        (None, Standing.UNKNOWN),
        (0.0, Standing.KEPT),
        (0.0999, Standing.KEPT),
        (0.10, Standing.WATCHED),
        (0.2499, Standing.WATCHED),
        (0.25, Standing.RULES_ONLY),
        (9.0, Standing.RULES_ONLY),
    ],
)
def test_what_a_stability_index_means(index: float | None, standing: Standing) -> None:
    assert standing_of(index) is standing


@pytest.mark.parametrize(
    ("events", "standing"),
    [
        (49, Standing.RULES_ONLY),
        (50, Standing.WATCHED),
        (83, Standing.WATCHED),
        (84, Standing.KEPT),
        (119, Standing.KEPT),
        (120, Standing.WATCHED),
        (200, Standing.WATCHED),
        (201, Standing.RULES_ONLY),
    ],
)
def test_as_much_comes_true_as_was_foreseen(events: int, standing: Standing) -> None:
    risk = np.full(800, 0.125)
    came = (np.arange(800) < events).astype(float)
    found = judge_calibration(np.arange(800, dtype=np.int64), risk, came)
    assert found.standing is standing
    assert (abs(events - found.foreseen) <= found.chance) is (standing is Standing.KEPT)
    often = standing_of_follow(found, seldom=False)
    assert often is standing
    seldom = standing_of_follow(found, seldom=True)
    assert seldom is (standing if events >= 100 else Standing.UNKNOWN)


def test_people_struck_or_foreseen_to_be_must_be_twenty() -> None:
    person, risk = np.arange(400, dtype=np.int64), np.full(400, 0.001)
    for struck, standing in ((19, Standing.UNKNOWN), (20, Standing.RULES_ONLY)):
        came = (np.arange(400) < struck).astype(float)
        assert judge_calibration(person, risk, came).standing is standing


def one_line_each(count: int, values: Mapping[Vital, Floats], hours: range) -> Seen:
    """Return a question to each person at hour nought, and hourly values that never change."""
    person = np.repeat(np.arange(count, dtype=np.int64), len(hours))
    at = np.tile(np.array(hours, dtype=np.int64), count) * HOUR_MS
    samples = {
        vital: sorted_samples(person, at, np.repeat(values[vital], len(hours))) for vital in VITALS
    }
    given = Given(
        samples=samples,
        asked=Questions(
            person=np.arange(count, dtype=np.int64), at=np.zeros(count, dtype=np.int64)
        ),
        age=np.full(count, 70.0),
        male=np.ones(count),
        oxygen=np.zeros(count),
    )
    risk = np.random.default_rng(1).permutation(np.linspace(0.05, 0.35, count))
    return Seen(given=given, risk=risk, band=("low",) * count)


def all_well(count: int, hours: range = range(13)) -> Seen:
    return one_line_each(count, {v: np.full(count, WELL[v]) for v in VITALS}, hours)


REFERENCE: dict[str, Spread] = {"risk": spread_of(np.linspace(0.05, 0.35, 2000))}


@pytest.mark.parametrize(("count", "known"), [(FEWEST - 1, False), (FEWEST, True)])
def test_of_fewer_than_two_hundred_people_no_spread_is_judged(count: int, known: bool) -> None:
    found = examine(REFERENCE, all_well(count))
    assert (found.patients, found.comparable) == (count, count)
    assert (found.inputs[0].index is not None) is known


@pytest.mark.parametrize(("last", "questions"), [(11, 0), (12, 240)])
def test_who_went_home_within_twelve_hours_is_not_counted_as_well(
    last: int, questions: int
) -> None:
    assert examine(REFERENCE, all_well(240, range(last + 1))).whole.questions == questions


@pytest.mark.parametrize(("spo2", "comparable"), [(96.0, 240), (94.0, 240), (88.0, 240)])
def test_only_calm_people_are_compared(spo2: float, comparable: int) -> None:
    values = {v: np.full(240, WELL[v]) for v in VITALS}
    calm = one_line_each(240, {**values, Vital.SPO2: np.full(240, spo2)}, range(13))
    assert examine(REFERENCE, calm).comparable == comparable
    ill = {**values, Vital.SPO2: np.full(240, spo2), Vital.RESPIRATORY_RATE: np.full(240, 21.0)}
    some = examine(REFERENCE, one_line_each(240, ill, range(13))).comparable
    assert some == (240 if spo2 > 91 else 0)


def test_none_without_all_five_vitals_is_compared_and_what_is_missing_is_said() -> None:
    seen = all_well(240)
    nothing = Samples(
        person=np.zeros(0, dtype=np.int64), at=np.zeros(0, dtype=np.int64), value=np.zeros(0)
    )
    without = {**seen.given.samples, Vital.TEMPERATURE: nothing}
    reference = {**REFERENCE, "temperature": spread_of(np.linspace(36, 38, 2000))}
    found = examine(reference, replace(seen, given=replace(seen.given, samples=without)))
    assert found.comparable == 0
    missing = {one.name: one.missing_here for one in found.inputs}
    assert missing == {"temperature": 1.0, "risk": 0.0}
    assert judge(found).verdict is Verdict.TOO_FEW


def test_a_value_of_single_precision_lies_where_it_lay() -> None:
    values = np.round(np.linspace(36.4, 37.5, 1200), 1)
    stored = values.astype(np.float32).astype(np.float64)
    assert spread_of(values).shares == pytest.approx(
        tuple(np.bincount(np.searchsorted(spread_of(values).limits, values), minlength=10) / 1200)
    )
    assert stability_index(spread_of(values), stored) == pytest.approx(0)


def test_an_input_that_moved_is_told_and_takes_nothing_back() -> None:
    seen = all_well(240)
    asked = replace(seen.given.asked, at=np.arange(240, dtype=np.int64) * HOUR_MS)
    older = np.repeat([60.0, 62.0], 120)
    reference = {**REFERENCE, "age": spread_of(np.resize([60.0, 62.0], 240))}
    for age, moved in ((older, True), (np.resize([60.0, 62.0], 240), False)):
        found = examine(reference, replace(seen, given=replace(seen.given, asked=asked, age=age)))
        shift = next(one.moved for one in found.inputs if one.name == "age")
        assert (shift is not None) is moved
        if shift is not None:
            assert (shift.before, shift.after) == (60, 62)
            assert shift.at == datetime.fromtimestamp(0, UTC) + timedelta(hours=120)
        assert judge(found).because == ()


def findings(
    spread: Standing = Standing.UNKNOWN,
    follow: Standing = Standing.UNKNOWN,
    moved: Standing | None = None,
) -> Findings:
    """Return findings of which only the standings matter."""
    whole = Followed(
        band="", questions=0, foreseen=0, came_true=0, ratio=None, low=None, high=None,
        standing=follow,
    )  # fmt: skip
    at = datetime(2026, 11, 29, tzinfo=UTC)
    return Findings(
        lines=0,
        patients=0,
        comparable=0,
        spacing=None,
        inputs=(
            Input(name="spo2", index=0, missing_then=0, missing_here=0, standing=spread),
            Input(name="age", index=0, missing_then=0, missing_here=0, standing=Standing.UNKNOWN),
        ),
        moved=Moved(at=at, before=1, after=1, standing=moved) if moved else None,
        whole=whole,
        bands=(),
    )


U, K, W, R = Standing.UNKNOWN, Standing.KEPT, Standing.WATCHED, Standing.RULES_ONLY


@pytest.mark.parametrize(
    ("found", "verdict", "because"),
    [
        (findings(), Verdict.TOO_FEW, ()),
        (findings(moved=W), Verdict.TOO_FEW, ("moved",)),
        (findings(K), Verdict.IN_RANGE, ()),
        (findings(U, K), Verdict.IN_RANGE, ()),
        (findings(W, K), Verdict.IN_RANGE, ("psi:spo2",)),
        (findings(W, W, W), Verdict.IN_RANGE, ("psi:spo2", "moved", "calibration")),
        (findings(R, K), Verdict.OUT_OF_RANGE, ("psi:spo2",)),
        (findings(K, R), Verdict.OUT_OF_RANGE, ("calibration",)),
        (findings(K, W, R), Verdict.OUT_OF_RANGE, ("moved",)),
        (findings(U, R), Verdict.OUT_OF_RANGE, ("calibration",)),
    ],
)
def test_one_thing_out_of_range_is_enough(
    found: Findings, verdict: Verdict, because: tuple[str, ...]
) -> None:
    judged = judge(found)
    assert (judged.verdict, judged.because) == (verdict, because)


def test_a_ward_as_it_was_is_in_range_and_the_order_of_lines_changes_nothing() -> None:
    cohort = ward(300, seed=5)
    rows = np.zeros(len(cohort), dtype=bool)
    rows[12::48] = True
    given = cohort.given(rows)
    risk = np.full(300, 0.2)
    seen = Seen(given=given, risk=risk, band=("raised",) * 300)
    order = np.random.default_rng(1).permutation(300)
    mixed = Given(
        samples=given.samples,
        asked=Questions(person=given.asked.person[order], at=given.asked.at[order]),
        age=given.age[order],
        male=given.male[order],
        oxygen=given.oxygen[order],
    )
    found = examine(REFERENCE, seen)
    assert dumps(asdict(found)) == dumps(
        asdict(examine(REFERENCE, Seen(given=mixed, risk=risk[order], band=seen.band)))
    )
    assert 0 < found.whole.came_true < found.whole.questions < 300


def test_one_round_with_three_devices_is_one_measure_and_not_three() -> None:
    minutes = {Vital.TEMPERATURE: 3, Vital.SYSTOLIC: 5, Vital.DIASTOLIC: 5}
    seen = all_well(240, range(0, 25, 8))
    rounds = {
        vital: replace(some, at=some.at + minutes.get(vital, 0) * 60_000)
        for vital, some in seen.given.samples.items()
    }
    hourly = {**rounds, Vital.SPO2: all_well(240, range(25)).given.samples[Vital.SPO2]}
    for samples in (rounds, hourly):
        given = replace(seen.given, samples=samples)
        found = examine(REFERENCE, replace(seen, given=given, risk=np.full(240, 0.2)))
        assert found.spacing == 8
        assert (found.whole.came_true, found.whole.standing) == (0, Standing.UNKNOWN)


def test_the_bands_are_those_of_a_risk() -> None:
    assert tuple(RiskBand) == BANDS
    follow = Follow(questions=1, foreseen=2.0, came_true=1, chance=9.0, standing=K)
    assert standing_of_follow(follow, seldom=True) is Standing.UNKNOWN
