"""CAT and mMRC: every total and grade, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.cat import Cat, Impact, impact_of, score_cat
from scoring.mmrc import Mmrc, score_mmrc
from scoring.refusal import Incomplete, Refused


@given(st.lists(st.integers(0, 5), min_size=8, max_size=8))
def test_the_total_is_the_sum_of_eight(items: list[int]) -> None:
    result = score_cat(items)
    assert isinstance(result, Cat)
    assert result.total == sum(items)
    assert 0 <= result.total <= 40


@pytest.mark.parametrize(
    ("total", "impact"),
    [(0, "low"), (9, "low"), (10, "medium"), (20, "medium"), (21, "high"), (30, "high"),
     (31, "very_high"), (40, "very_high")],
)  # fmt: skip
def test_the_bands_have_no_gap(total: int, impact: str) -> None:
    assert impact_of(total) is Impact(impact)


def test_a_worse_item_never_lowers_the_band() -> None:
    order = list(Impact)
    places = [order.index(impact_of(total)) for total in range(41)]
    assert places == sorted(places)


@pytest.mark.parametrize("place", range(8))
def test_a_missing_item_gives_no_total(place: int) -> None:
    items: list[int | None] = [5] * 8
    items[place] = None
    assert score_cat(items) == Incomplete(missing=(f"cat{place + 1}",))
    items[place] = 6
    assert score_cat(items) == Refused(reason=f"cat{place + 1}")


def test_seven_items_are_no_cat() -> None:
    assert score_cat([1] * 7) == Refused(reason="items")


def test_mmrc_grades() -> None:
    assert [score_mmrc(grade) for grade in range(5)] == [
        Mmrc(grade=grade, more_symptoms=grade >= 2) for grade in range(5)
    ]
    assert score_mmrc(None) == Incomplete(missing=("grade",))
    assert score_mmrc(5) == score_mmrc(-1) == Refused(reason="grade")
