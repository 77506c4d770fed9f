"""Measures that a look reads in batches: the same arrays, of which no row is held any longer."""

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from alerts.looks import ValueRow
from alerts.watching import samples_of
from core.vitals import Vital

START = datetime(2026, 11, 1, tzinfo=UTC)
HELD = 40
"""Bytes a value at most: three numbers of eight bytes, and what the batch itself takes."""


def rows_of(patient: int, hours: int) -> list[ValueRow]:
    return [
        ValueRow(patient, int(vital), START + timedelta(hours=hour), 100.0 * patient + hour)
        for hour in reversed(range(hours))
        for vital in (Vital.PULSE, Vital.SPO2)
    ]


def test_batches_in_any_order_make_what_one_batch_makes() -> None:
    apart = samples_of(rows_of(patient, 3) for patient in (3, 1, 2))
    together = samples_of([[row for patient in (1, 2, 3) for row in rows_of(patient, 3)]])
    assert apart.keys() == together.keys() == set(Vital)
    for vital, one in apart.items():
        other = together[vital]
        for some, same in (
            (one.person, other.person),
            (one.at, other.at),
            (one.value, other.value),
        ):
            assert some.dtype == same.dtype
            assert np.array_equal(some, same)
    assert apart[Vital.SPO2].value.tolist() == [100, 101, 102, 200, 201, 202, 300, 301, 302]
    assert len(samples_of([])[Vital.PULSE].at) == 0


def test_a_batch_is_arrays_before_the_next_is_read() -> None:
    held: list[float] = []

    def read() -> Iterator[list[ValueRow]]:
        for patient in range(40):
            held.append(tracemalloc.get_traced_memory()[0])
            yield rows_of(patient, 250)

    tracemalloc.start()
    try:
        samples_of(read())
    finally:
        tracemalloc.stop()
    assert (held[-1] - held[0]) / (39 * 500) < HELD
