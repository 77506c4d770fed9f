"""Sets of numbers kept as ranges."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.ranges import Ranges, ranges_of

numbers = st.lists(st.integers(1, 60) | st.integers(2**63 - 10, 2**63 - 2))


@given(numbers, st.integers(0, 61) | st.integers(2**63 - 11, 2**63 - 2))
def test_ranges_hold_exactly_the_numbers(given_numbers: list[int], probe: int) -> None:
    ranges = ranges_of(given_numbers)
    assert (probe in ranges) == (probe in given_numbers)
    assert bool(ranges) == bool(given_numbers)


@given(numbers)
def test_ranges_are_the_smallest(given_numbers: list[int]) -> None:
    spans = ranges_of(given_numbers).spans
    assert sum(last - first + 1 for first, last in spans) == len(set(given_numbers))
    assert all(b[0] - a[1] > 1 for a, b in pairwise(spans))


def test_ranges_are_written_as_postgresql_reads_them() -> None:
    assert ranges_of([3, 1, 2, 7]).multirange == "{[1,3],[7,7]}"
    assert Ranges().multirange == "{}"
