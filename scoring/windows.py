"""Windows over the values of many people at once: which values belong to which question. Pure.

One question is one person at one instant; its window is the time before. Everything is counted in
whole milliseconds, so that a shift of all clocks changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_PERSON = np.int64(1) << 41
"""Milliseconds of sixty-nine years: no two people share a key, of four million."""
_EPOCH: Final = datetime.fromtimestamp(0, UTC)
_MS: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Finite values of one vital, in order of person and time: code, milliseconds, value."""

    person: Ints
    at: Ints
    value: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """Who is asked about, and at which millisecond; in any order."""

    person: Ints
    at: Ints

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """The values of each question: `begin` to `end` are its rows in the samples."""

    begin: Ints
    end: Ints

    @property
    def count(self) -> Ints:
        """How many values each question has."""
        return self.end - self.begin


def ms_of(at: datetime) -> int:
    """Return the whole milliseconds from the beginning of 1970 (UTC) to an instant with a zone."""
    return (at - _EPOCH) // _MS


def instant_of(ms: int) -> datetime:
    """Return the instant so many milliseconds after the beginning of 1970, in UTC."""
    return _EPOCH + ms * _MS


def floats_of(values: Iterable[float | None]) -> Floats:
    """Return numbers, NaN where one is not known."""
    return np.array([np.nan if one is None else float(one) for one in values], dtype=np.float64)


def sorted_samples(person: Ints, at: Ints, value: Floats) -> Samples:
    """Put values in order; what is not finite is left out, of two at one instant the lowest stays.

    The lowest, and not the last: the order of arrival changes nothing.
    """
    kept = np.isfinite(value)
    person, at, value = person[kept], at[kept], value[kept]
    order = np.lexsort((value, at, person))
    person, at, value = person[order], at[order], value[order]
    first = np.ones(len(at), dtype=bool)
    first[1:] = (person[1:] != person[:-1]) | (at[1:] != at[:-1])
    return Samples(person=person[first], at=at[first], value=value[first])


def windows(samples: Samples, asked: Questions, span: timedelta) -> Windows:
    """Return the values of the last `span` before each question, the instant itself included."""
    first = _first(samples.at, asked.at)
    ms = np.int64(span / timedelta(milliseconds=1))
    keys = samples.person * _PERSON + (samples.at - first)
    base = asked.person * _PERSON
    since = np.maximum(asked.at - first - ms, np.int64(-1))
    return Windows(
        begin=np.searchsorted(keys, base + since, side="right").astype(np.int64),
        end=np.searchsorted(keys, base + (asked.at - first), side="right").astype(np.int64),
    )


def spread_out(found: Windows) -> tuple[Ints, Ints]:
    """Return question and row of each value of each window, question by question."""
    count = found.count
    question = np.repeat(np.arange(len(count), dtype=np.int64), count)
    starts = np.repeat(found.begin - np.concatenate(([0], np.cumsum(count)[:-1])), count)
    return question, starts + np.arange(len(question), dtype=np.int64)


def between(samples: Samples, person: Ints, since: Ints, until: Ints) -> Windows:
    """Return the values of each row's person from `since` to before `until`, in milliseconds."""
    first = _first(samples.at, since, until)
    keys = samples.person * _PERSON + (samples.at - first)
    base = person * _PERSON - first
    begin = np.searchsorted(keys, base + since, side="left").astype(np.int64)
    end = np.searchsorted(keys, base + until, side="left").astype(np.int64)
    return Windows(begin=begin, end=np.maximum(begin, end))


def every_instant(some: Sequence[Samples]) -> Questions:
    """Return each instant at which anything was measured, once, in order of person and time."""
    person = np.concatenate([one.person for one in some])
    at = np.concatenate([one.at for one in some])
    first = _first(at)
    keys = np.unique(person * _PERSON + (at - first))
    return Questions(person=keys // _PERSON, at=keys % _PERSON + first)


def _first(*times: Ints) -> int:
    """Return the earliest of all, 0 of none."""
    return min((int(some.min()) for some in times if len(some)), default=0)
