"""How a model is made, in small: who is in which share, what is learned, what the card says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from scoring.model import training
from scoring.model.cohort import Cohort, kept_every, part, without_oxygen
from scoring.model.drift import spread_from
from scoring.model.features import direction, features
from scoring.model.heads import ROUNDS, Heads, matrix
from scoring.model.targets import TARGETS, deteriorates
from scoring.model.training import AT_HOME, BANDS, held_out, split, train
from scoring.refusal import Refused
from tests.wards import WELL, ward

SEED = 3


@pytest.fixture(scope="module")
def people() -> Cohort:
    return ward(420, seed=8, hours=30)


@pytest.fixture(scope="module")
def said() -> list[str]:
    return []


@pytest.fixture(scope="module", autouse=True)
def few_rounds() -> Iterator[None]:
    """Of three hundred trees the first four show how they are made."""
    before = dict(ROUNDS)
    ROUNDS.update(dict.fromkeys(before, 4))
    yield
    ROUNDS.update(before)


@pytest.fixture(scope="module")
def made(people: Cohort, said: list[str]) -> Heads:
    found = train(people, seed=SEED, say=said.append)
    assert isinstance(found, Heads)
    return found


def test_people_are_shared_out_by_seed() -> None:
    fold = split(20_000, 1)
    shares = np.bincount(fold) / 20_000
    assert shares == pytest.approx([0.70, 0.15, 0.15], abs=0.01)
    assert split(20_000, 1).tolist() == fold.tolist()
    assert split(20_000, 2).tolist() != fold.tolist()
    assert fold.dtype == np.int64


def test_who_is_held_out_is_numbered_anew(people: Cohort) -> None:
    some = held_out(people, SEED)
    numbers = np.flatnonzero(split(420, SEED) == 2)
    assert np.unique(some.person).tolist() == list(range(len(numbers)))
    np.testing.assert_array_equal(some.age[::30], people.age[numbers * 30])
    assert some.person.dtype == np.int64
    assert len(held_out(part(people, np.zeros(len(people), dtype=bool)), SEED)) == 0


def test_the_card_says_how_it_was_made(made: Heads, people: Cohort, said: list[str]) -> None:
    card = made.card
    assert (card["seed"], card["patients"], card["rows"]) == (SEED, 420, 420 * 30)
    assert list(card["targets"]) == list(made.by_target) == list(TARGETS)
    assert card["monotone"] == {name: direction(name) for name in made.columns if name != "male"}
    for name, one in card["targets"].items():
        assert set(one) == {"rows", "events", "brier", "calibrated", "bands"}
        assert said[::2][list(TARGETS).index(name)] == f"{name}: features"
        assert f"{name}: {one['rows']} rows, {one['events']} events" in said
        better = one["brier"]["calibrated"] < one["brier"]["plain"] * 0.999
        assert one["calibrated"] is better
    assert len(said) == 6


def learned_from(people: Cohort, share: int) -> tuple[Any, Any]:
    """Return of a share of the people each row that is learned from: whose, and if it came true.

    Hourly and three times a day, half of them with no oxygen charted, drawn by the next seed.
    """
    bare = without_oxygen(
        people, (np.random.default_rng(SEED + 1).random(people.people) < 0.5)[people.person]
    )
    mine = part(bare, (split(people.people, SEED) == share)[people.person])
    target, thin = deteriorates(mine), kept_every(mine, timedelta(hours=8))
    rows = [np.flatnonzero(target.asked), np.flatnonzero(target.asked & thin)]
    assert 0 < len(rows[1]) < len(rows[0]) / 3
    return mine.person[np.concatenate(rows)], target.event[np.concatenate(rows)]


def test_each_person_is_learned_from_hourly_and_three_times_a_day(
    made: Heads, people: Cohort
) -> None:
    assert timedelta(days=1) / 3 == AT_HOME
    _, event = learned_from(people, 0)
    note = made.card["targets"]["deterioration"]
    assert (note["rows"], note["events"]) == (len(event), event.sum())


def test_the_reference_is_of_the_second_share(made: Heads, people: Cohort) -> None:
    mine = part(people, (split(420, SEED) == 1)[people.person])
    asked = deteriorates(mine).asked
    last = np.append(np.diff(mine.person[asked]) != 0, True)
    found = spread_from(made.card["reference"]["age"])
    age = mine.age[asked][last]
    assert found.missing == 0
    limit = found.limits[4]
    assert sum(found.shares[:5]) == pytest.approx(float((age <= limit).mean()))
    assert list(made.card["reference"])[-3:] == ["age", "oxygen", "risk"]
    risk = made.risk(matrix(features(mine.given(asked)), made.columns), "deterioration")
    limits = made.card["reference"]["risk"]["limits"]
    assert risk.min() <= limits[0] <= limits[-1] <= risk.max()


def test_a_band_begins_where_its_share_is_found(made: Heads) -> None:
    assert BANDS == {"raised": 0.80, "high": 0.50}
    for one in made.card["targets"].values():
        assert list(one["bands"]) == ["raised", "high"]
        assert 0 < one["bands"]["raised"] <= one["bands"]["high"] < 1


def test_it_tells_the_ill_apart_on_people_it_has_not_seen(made: Heads, people: Cohort) -> None:
    strange = held_out(people, SEED)
    target = deteriorates(strange)
    rows = matrix(features(strange.given(target.asked)), made.columns)
    event = target.event[target.asked]
    for risk in (
        made.risk(rows, "deterioration"),
        np.asarray(made.logistic.predict_proba(rows))[:, 1],
    ):
        assert risk[event].mean() > risk[~event].mean() + 0.05


def test_with_few_events_there_is_no_model() -> None:
    found = train(ward(40, seed=1, hours=20), seed=SEED)
    assert found == Refused(reason="deterioration: fewer than 10 events in a share of the people")


def test_ten_events_in_each_share_are_enough_and_nine_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = ward(120, seed=8, hours=30)
    who, event = learned_from(few, 1)
    least = min(int(event[who % 2 == half].sum()) for half in (0, 1))
    assert 0 < least < learned_from(few, 0)[1].sum()
    monkeypatch.setattr(training, "TARGETS", {"deterioration": TARGETS["deterioration"]})
    monkeypatch.setattr(training, "FEWEST", least)
    assert isinstance(train(few, seed=SEED), Heads)
    monkeypatch.setattr(training, "FEWEST", least + 1)
    assert isinstance(train(few, seed=SEED), Refused)


@pytest.mark.parametrize("half", [0, 1])
def test_without_events_in_either_half_of_the_second_share_there_is_no_model(
    people: Cohort, half: int
) -> None:
    """One half calibrates, the other says whether it helped: each needs its ten events."""
    calm = (split(420, SEED) == 1)[people.person] & (people.person % 2 == half)
    values = {vital: np.where(calm, WELL[vital], some) for vital, some in people.values.items()}
    assert isinstance(train(replace(people, values=values), seed=SEED), Refused)


@pytest.mark.parametrize(("score", "taken"), [(998, True), (999, False), (999.5, False)])
def test_what_calibrates_little_is_not_taken_and_the_other_half_says_so(
    monkeypatch: pytest.MonkeyPatch, score: float, taken: bool
) -> None:
    """A thousandth better is too little; those of even number calibrate, the others judge."""
    few = ward(120, seed=8, hours=30)
    few = replace(few, age=40.0 + few.person % 2)
    who, event = learned_from(few, 1)
    plain: list[Any] = []

    class Same:
        """A calibration that leaves every risk as it is."""

        def __init__(self, estimator: Any, method: str) -> None:
            plain.append(estimator.estimator)
            assert method == "sigmoid"

        def fit(self, rows: Any, came_true: Any) -> Any:
            assert set(rows[:, ages].tolist()) == {40.0}
            assert came_true.tolist() == event[who % 2 == 0].tolist()
            return self

        def predict_proba(self, rows: Any) -> Any:
            return plain[0].predict_proba(rows)

    scores = iter((1000.0, score))

    def judge(came_true: Any, _risk: Any) -> float:
        assert came_true.tolist() == event[who % 2 == 1].tolist()
        return next(scores)

    ages = list(features(few.given(np.zeros(len(few), dtype=bool)))).index("age")
    monkeypatch.setattr(training, "FEWEST", 1)
    monkeypatch.setattr(training, "CalibratedClassifierCV", Same)
    monkeypatch.setattr(training, "brier_score_loss", judge)
    monkeypatch.setattr(training, "TARGETS", {"deterioration": TARGETS["deterioration"]})
    found = train(few, seed=SEED)
    assert isinstance(found, Heads)
    note = found.card["targets"]["deterioration"]
    assert note["brier"] == {"plain": 1000.0, "calibrated": score}
    assert note["calibrated"] is taken
    assert isinstance(found.by_target["deterioration"], Same) is taken
