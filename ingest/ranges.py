"""Sets of item numbers, kept as ranges as the database keeps them (int8multirange)."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranges:
    """Numbers from first to last, both included; the spans are in order and do not touch."""

    spans: tuple[tuple[int, int], ...] = ()

    def __contains__(self, number: int) -> bool:
        """Say whether `number` is one of them."""
        at = bisect_right(self.spans, number, key=lambda span: span[0]) - 1
        return at >= 0 and number <= self.spans[at][1]

    def __bool__(self) -> bool:
        """Say whether there is any number."""
        return bool(self.spans)

    @property
    def multirange(self) -> str:
        """The same set, written as PostgreSQL reads an int8multirange."""
        return "{" + ",".join(f"[{first},{last}]" for first, last in self.spans) + "}"


def ranges_of(numbers: Iterable[int]) -> Ranges:
    """Return the smallest ranges that hold exactly these numbers, in any order or repeated."""
    spans: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if spans and spans[-1][1] + 1 == number:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return Ranges(tuple(spans))
