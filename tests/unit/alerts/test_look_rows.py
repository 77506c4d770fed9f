"""Rows of the database as a look at the model is given them, and what it keeps and says."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from alerts.looks import EndRow, LineRow
from alerts.watching import ends_of, plain, reason_of, references, seen_of
from scoring.model.drift import Spread, Standing
from scoring.model.moves import Moved, Shift
from scoring.model.watching import Findings, Followed, Input, Judged, Verdict

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def line(key: int, risk: float, band: str, **inputs: Any) -> LineRow:
    return LineRow(patient_key=key, asked_at=NOON, risk=risk, band=band, inputs=inputs)


def test_a_card_gives_its_spreads_by_name() -> None:
    card = {"pulse": {"limits": [60, 80], "shares": [0.2, 0.5, 0.3], "missing": 0.1}}
    spread = Spread(limits=(60, 80), shares=(0.2, 0.5, 0.3), missing=0.1)
    assert references(card) == {"pulse": spread}


def test_lines_are_given_with_who_was_asked_about_and_what_was_said() -> None:
    found = seen_of(
        [
            line(7, 0.4, "raised", age=70, oxygen=True),
            line(9, 0.1, "low", age=None, oxygen=False),
            line(8, 0.7, "high", oxygen=None),
        ],
        {},
    )
    assert found.given.asked.person.tolist() == [7, 9, 8]
    assert found.given.asked.at.tolist() == [1_772_366_400_000] * 3
    np.testing.assert_array_equal(found.given.age, np.array([70, np.nan, np.nan]))
    assert found.given.oxygen.tolist() == [1, 0, 0]
    assert np.isnan(found.given.male).all()
    assert found.risk.tolist() == [0.4, 0.1, 0.7]
    assert found.band == ("raised", "low", "high")


def test_what_alerts_were_worth_is_counted_by_the_band_said_before() -> None:
    rows = [
        EndRow("low", "hospitalised", 2),
        EndRow("low", "advice_given", 1),
        EndRow("low", "false_alarm_sensor", 4),
        EndRow("high", None, 3),
        EndRow("none", "patient_died", 5),
    ]
    assert ends_of(rows) == {
        "low": {"useful": 3, "useless": 4, "not_said": 0},
        "raised": {"useful": 0, "useless": 0, "not_said": 0},
        "high": {"useful": 0, "useless": 0, "not_said": 3},
        "none": {"useful": 0, "useless": 0, "not_said": 5},
    }


def an_input(name: str, index: float | None, moved: Shift | None = None) -> Input:
    return Input(
        name=name, index=index, missing_then=0, missing_here=0.5, standing=Standing.WATCHED,
        moved=moved,
    )  # fmt: skip


def findings(
    *inputs: Input, moved: Moved | None = None, ratio: float | None = None, came_true: int = 0
) -> Findings:
    whole = Followed(
        band="", questions=900, foreseen=12.34, came_true=came_true, ratio=ratio, low=None,
        high=None, standing=Standing.RULES_ONLY,
    )  # fmt: skip
    return Findings(
        lines=900, patients=300, comparable=200, spacing=8.0, inputs=inputs, moved=moved,
        whole=whole, bands=(whole,),
    )  # fmt: skip


MOVED = Moved(at=NOON, before=0.1, after=0.21249, standing=Standing.RULES_ONLY)


def judged(*because: str) -> Judged:
    return Judged(verdict=Verdict.OUT_OF_RANGE, standing=Standing.RULES_ONLY, because=because)


def test_what_was_found_is_kept_as_plain_values() -> None:
    shift = Shift(at=NOON, before=70, after=75)
    found = findings(an_input("age", 0.3, shift), an_input("pulse", None), moved=MOVED)
    ends = {"low": {"useful": 1}}
    kept = plain(found, judged("psi:age", "moved"), ends)
    assert kept["inputs"][0]["moved"] == {
        "at": "2026-03-01T12:00:00+00:00", "before": 70, "after": 75,
    }  # fmt: skip
    assert kept["inputs"][1]["moved"] is None
    assert kept["moved"] == {
        "at": "2026-03-01T12:00:00+00:00", "before": 0.1, "after": 0.21249,
        "standing": "rules_only",
    }  # fmt: skip
    assert (kept["lines"], kept["patients"], kept["comparable"]) == (900, 300, 200)
    assert kept["standing"] == "rules_only"
    assert kept["because"] == ["psi:age", "moved"]
    assert kept["closed"] == ends
    assert plain(findings(), judged(), {})["moved"] is None


def test_nothing_is_said_of_what_a_verdict_does_not_rest_on() -> None:
    found = findings(an_input("age", 0.9), moved=MOVED, ratio=3.0, came_true=37)
    assert reason_of(found, judged()) == ""


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (0.25, "pulse: PSI 0.25, limit 0.25"),
        (0.617, "pulse: PSI 0.62, limit 0.25"),
        (0.249, "pulse: PSI 0.25, limit 0.10"),
        (0.1, "pulse: PSI 0.10, limit 0.10"),
        (None, ""),
    ],
)
def test_an_input_is_named_with_its_index_and_the_limit_it_is_over(
    index: float | None, said: str
) -> None:
    found = findings(an_input("age", 0.9), an_input("pulse", index))
    assert reason_of(found, judged("psi:pulse")) == said


def test_all_that_a_verdict_rests_on_stands_in_one_line() -> None:
    found = findings(an_input("age", 0.3), moved=MOVED, ratio=37 / 12.34, came_true=37)
    assert reason_of(found, judged("psi:age", "moved", "calibration")) == (
        "age: PSI 0.30, limit 0.25; mean risk 0.100, 0.212 since 2026-03-01; "
        "37 came true of 12.3 foreseen: 3.00 times, limit 2 times more or fewer"
    )
    assert reason_of(findings(), judged("moved", "calibration")) == ""
