"""The risk of one person, and what argues for it: which readings moved it, and what would calm it.

Pure. A vital's share is what the risk loses, in log-odds, when each of its readings is moved into
the band NEWS2 gives no point for and all else is left as it is: a question a nurse can check on
the curve. The risk is never shown without the rule-based state beside it, and never above a rule.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from core.vitals import Vital
from scoring.model.argument import Instead, Reason, Risk, RiskBand
from scoring.model.features import DAY, LONG, Given, features, latest
from scoring.model.heads import Heads, matrix
from scoring.model.targets import FIRST
from scoring.news2 import LOWEST_AGE, News2Input
from scoring.refusal import Incomplete, Refused
from scoring.windows import Floats, Questions, Samples, windows

CALM: Final[dict[Vital, tuple[float, float]]] = {
    Vital.SPO2: (96, 100),
    Vital.RESPIRATORY_RATE: (12, 20),
    Vital.PULSE: (51, 90),
    Vital.TEMPERATURE: (36.1, 38.0),
    Vital.SYSTOLIC: (111, 219),
    Vital.DIASTOLIC: (60, 90),
}
"""Where NEWS2 gives no point (RCP 2017, chart 1); diastolic pressure is not in it (proposed)."""
MILDER: Final[dict[Vital, tuple[tuple[float, float], ...]]] = {
    Vital.SPO2: ((94, 100), (95, 100)),
    Vital.RESPIRATORY_RATE: ((9, 24),),
    Vital.PULSE: ((41, 110),),
    Vital.TEMPERATURE: ((35.1, 39.0),),
    Vital.SYSTOLIC: ((101, 219),),
    Vital.DIASTOLIC: (),
}
"""Bands that ask less, tried first: where NEWS2 gives one point; for SpO2 also half of it."""
NEEDED: Final = (Vital.SPO2, Vital.PULSE)
"""Without these no risk is given: an oximeter measures both. Source: proposed."""
SHOWN: Final = 3
LEAST: Final = 0.05
"""Log-odds below which nothing is said to have moved the risk. Source: proposed."""


def band_of(heads: Heads, risk: float) -> RiskBand:
    """Return the band of a risk by the limits in the model's card."""
    limits = heads.card["targets"][FIRST]["bands"]
    if risk >= limits["high"]:
        return RiskBand.HIGH
    return RiskBand.RAISED if risk >= limits["raised"] else RiskBand.LOW


def risks(heads: Heads, given: Given) -> Floats:
    """Return the risk of each question, NaN where a vital it cannot do without is missing.

    Of children, whom neither NEWS2 nor the model is for, it is NaN too.
    """
    found = heads.risk(matrix(features(given), heads.columns), FIRST)
    known = ~(given.age < LOWEST_AGE)
    for vital in NEEDED:
        known &= np.isfinite(latest(given.samples[vital], given.asked, DAY))
    return np.where(known, found, np.nan)


def chart_of(given: Given) -> News2Input:
    """Return what the rules may know of one person; consciousness is never in the data."""
    known = {v: float(latest(given.samples[v], given.asked, DAY)[0]) for v in CALM}
    value = {vital: None if np.isnan(one) else one for vital, one in known.items()}
    return News2Input(
        respiratory_rate=value[Vital.RESPIRATORY_RATE],
        spo2=value[Vital.SPO2],
        supplemental_oxygen=True if given.oxygen[0] == 1 else None,
        systolic=value[Vital.SYSTOLIC],
        pulse=value[Vital.PULSE],
        consciousness=None,
        temperature=value[Vital.TEMPERATURE],
        spo2_scale=1,
        age=None if np.isnan(given.age[0]) else float(given.age[0]),
    )


def argue(
    heads: Heads, given: Given, *, spo2_scale: int | None = None
) -> Risk | Incomplete | Refused:
    """Return the risk of one person at one instant, with its reasons, or why there is none.

    `spo2_scale` of NEWS2 as prescribed, None: nobody did. More saturation is said to calm only on
    scale 1, and never of somebody known to be on oxygen: the target may be 88 to 92 %. Proposed.
    """
    if given.age[0] < LOWEST_AGE:
        return Refused(reason=f"age: under {LOWEST_AGE}, the model does not apply")
    last = {v: float(latest(given.samples[v], given.asked, DAY)[0]) for v in CALM}
    missing = tuple(vital for vital, value in last.items() if np.isnan(value))
    if set(NEEDED) & set(missing):
        lacking = [vital.name.lower() for vital in NEEDED if vital in missing]
        return Incomplete(missing=tuple(lacking))
    known = [vital for vital in CALM if vital not in missing]
    tried = [(v, bounds) for v in known for bounds in (*MILDER[v], CALM[v])]
    found = heads.risk(matrix(features(_many(given, tried)), heads.columns), FIRST)
    risk, others = float(found[0]), dict(zip(tried, found[1:].tolist(), strict=True))
    moved = {v: _log_odds(risk) - _log_odds(others[v, CALM[v]]) for v in known}
    # A value outside its calm band is never said to lower the risk, whatever the model makes of it.
    sound = [v for v in known if moved[v] > 0 or CALM[v][0] <= last[v] <= CALM[v][1]]
    ranked = sorted(sound, key=lambda v: -abs(moved[v]))
    more = spo2_scale == 1 and given.oxygen[0] != 1
    may = {one: then for one, then in others.items() if more or one[0] is not Vital.SPO2}
    band = band_of(heads, risk)
    return Risk(
        version=heads.card["version"],
        risk=risk,
        band=band,
        reasons=tuple(
            Reason(vital=v, value=last[v], worst=_worst_of(given, v, last[v]), moved=moved[v])
            for v in ranked[:SHOWN]
            if abs(moved[v]) >= LEAST
        ),
        instead=None if band is RiskBand.LOW else _instead(heads, may, moved, last),
        missing=missing,
    )


def _instead(
    heads: Heads,
    others: dict[tuple[Vital, tuple[float, float]], float],
    moved: dict[Vital, float],
    last: dict[Vital, float],
) -> Instead | None:
    """Return the one vital, the most moving first, and the least it would have to change.

    Only of a vital whose newest value is the trouble, for what has passed cannot be changed.
    """
    for (vital, bounds), risk in sorted(others.items(), key=lambda one: -moved[one[0][0]]):
        within = bounds[0] <= last[vital] <= bounds[1]
        if not within and band_of(heads, risk) is RiskBand.LOW:
            return Instead(
                vital=vital, lowest=bounds[0], highest=bounds[1], risk=risk, value=last[vital]
            )
    return None


def _worst_of(given: Given, vital: Vital, last: float) -> float | None:
    """Return the value furthest out of the calm band in two days, if the newest is within it."""
    low, high = CALM[vital]
    samples = given.samples[vital]
    found = windows(samples, given.asked, LONG)
    values = samples.value[found.begin[0] : found.end[0]]
    out = np.maximum(low - values, values - high)
    if not low <= last <= high or out.max() <= 0:
        return None
    return float(values[int(out.argmax())])


def _many(given: Given, tried: list[tuple[Vital, tuple[float, float]]]) -> Given:
    """Return the same person again for each trial, with one vital's readings held in bounds."""
    times = len(tried) + 1
    held = dict(enumerate(tried, start=1))
    samples = {}
    for vital, one in given.samples.items():
        values = [
            np.clip(one.value, *held[n][1]) if n in held and held[n][0] is vital else one.value
            for n in range(times)
        ]
        samples[vital] = Samples(
            person=np.repeat(np.arange(times, dtype=np.int64), len(one.at)),
            at=np.tile(one.at, times),
            value=np.concatenate(values),
        )
    return replace(
        given,
        samples=samples,
        asked=Questions(
            person=np.arange(times, dtype=np.int64), at=np.repeat(given.asked.at, times)
        ),
        age=np.repeat(given.age, times),
        male=np.repeat(given.male, times),
        oxygen=np.repeat(given.oxygen, times),
    )


def _log_odds(risk: float) -> float:
    bounded = min(max(risk, 1e-6), 1 - 1e-6)
    return float(np.log(bounded / (1 - bounded)))
