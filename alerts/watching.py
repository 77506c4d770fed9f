"""Rows of the database as the pure look wants them, and what it found as plain values. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from alerts.looks import EndRow, LineRow, ValueRow
from alerts.outcomes import Outcome
from alerts.precision import WORTH, Worth
from core.vitals import Vital
from scoring.model.drift import OUT, TOLERATED, WATCHED, Spread, spread_from
from scoring.model.features import Given
from scoring.model.watching import BANDS, Findings, Judged, Seen
from scoring.windows import Floats, Questions, Samples, ms_of, sorted_samples

NONE: Final = "none"
"""The band of a patient of whom the model had said nothing."""


def references(card: Mapping[str, Mapping[str, Any]]) -> dict[str, Spread]:
    """Return the spreads of a card."""
    return {name: spread_from(one) for name, one in card.items()}


def seen_of(lines: Sequence[LineRow], values: Mapping[Vital, Samples]) -> Seen:
    """Return lines as the look wants them; the person of each is his key."""
    asked = Questions(
        person=np.array([line.patient_key for line in lines], dtype=np.int64),
        at=np.array([ms_of(line.asked_at) for line in lines], dtype=np.int64),
    )
    given = Given(
        samples=values,
        asked=asked,
        age=np.array([_number(line.inputs.get("age")) for line in lines], dtype=float),
        male=np.full(len(lines), np.nan),
        oxygen=np.array([1.0 if line.inputs.get("oxygen") else 0.0 for line in lines]),
    )
    risk: Floats = np.array([line.risk for line in lines], dtype=float)
    return Seen(given=given, risk=risk, band=tuple(line.band for line in lines))


def samples_of(rows: Iterable[Sequence[ValueRow]]) -> dict[Vital, Samples]:
    """Return what was measured, by vital, of all batches together.

    A batch becomes arrays before the next is read: of all of them 24 bytes a value are held, and no
    row of the database.
    """
    parts: dict[Vital, list[Samples]] = {vital: [] for vital in Vital}
    for batch in rows:
        for vital, some in _of_batch(batch).items():
            parts[vital].append(some)
    return {vital: _joined(some) for vital, some in parts.items()}


def _of_batch(batch: Sequence[ValueRow]) -> dict[Vital, Samples]:
    vital = np.fromiter((row.vital for row in batch), dtype=np.int64, count=len(batch))
    person = np.fromiter((row.patient_key for row in batch), dtype=np.int64, count=len(batch))
    at = np.fromiter((ms_of(row.at) for row in batch), dtype=np.int64, count=len(batch))
    value = np.fromiter((row.value for row in batch), dtype=float, count=len(batch))
    return {
        each: sorted_samples(person[rows], at[rows], value[rows])
        for each in Vital
        if (rows := vital == int(each)).any()
    }


def _joined(parts: Sequence[Samples]) -> Samples:
    """Put batches together, whoever is in which."""
    return sorted_samples(
        np.concatenate([np.zeros(0, dtype=np.int64), *(one.person for one in parts)]),
        np.concatenate([np.zeros(0, dtype=np.int64), *(one.at for one in parts)]),
        np.concatenate([np.zeros(0), *(one.value for one in parts)]),
    )


def ends_of(rows: Iterable[EndRow]) -> dict[str, dict[str, int]]:
    """Return, by band, how many alerts were useful, not useful, or ended without saying it."""
    found = {band: dict.fromkeys(Worth, 0) for band in (*BANDS, NONE)}
    for row in rows:
        worth = WORTH[Outcome(row.outcome)] if row.outcome else Worth.NOT_SAID
        found[row.band][worth] += row.alerts
    return {
        band: {str(worth): count for worth, count in one.items()} for band, one in found.items()
    }


def plain(found: Findings, judged: Judged, ends: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that was found as it is kept; instants in ISO 8601."""
    kept = asdict(found)
    for one in kept["inputs"]:
        if one["moved"] is not None:
            one["moved"]["at"] = one["moved"]["at"].isoformat()
    if found.moved is not None:
        kept["moved"]["at"] = found.moved.at.isoformat()
    return {
        **kept,
        "standing": str(judged.standing),
        "because": list(judged.because),
        "closed": dict(ends),
    }


def reason_of(found: Findings, judged: Judged) -> str:
    """Return what a verdict rests on in one line, for whoever reads the turns; empty if nothing."""
    said = []
    for one in found.inputs:
        if f"psi:{one.name}" in judged.because and one.index is not None:
            limit = OUT if one.index >= OUT else WATCHED
            said.append(f"{one.name}: PSI {one.index:.2f}, limit {limit:.2f}")
    if "moved" in judged.because and found.moved is not None:
        moved = found.moved
        said.append(f"mean risk {moved.before:.3f}, {moved.after:.3f} since {moved.at:%Y-%m-%d}")
    if "calibration" in judged.because and found.whole.ratio is not None:
        said.append(
            f"{found.whole.came_true} came true of {found.whole.foreseen:.1f} foreseen: "
            f"{found.whole.ratio:.2f} times, limit {TOLERATED:.0f} times more or fewer"
        )
    return "; ".join(said)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
