"""Whether somebody breathes more than room air, from what was said, a flow or a fraction. Pure.

Three ways to say one thing, none of them a default of another: yes or no; litres of oxygen a minute
(of oxygen, not of the mixed gas of a high-flow device); the fraction inspired. What contradicts
itself is refused: a score that picked one of the two would be wrong by two points for somebody.
"""

from typing import Final

import numpy as np

from scoring.refusal import Refused
from scoring.windows import Floats

AIR: Final = 0.21
"""Fraction of oxygen in room air; above it there is supplemental oxygen. Source: RCP 2017, NEWS2,
« air or oxygen »; the fraction is that of dry air at sea level."""
PURE: Final = 1.0
"""Fraction of pure oxygen: 40 is a percentage that was taken for a fraction. Source: physics."""
HIGHEST_FLOW: Final = 80.0
"""Litres a minute; above it the flow is a typing error. Source: proposed, above what any high-flow
device gives."""


def on_oxygen(
    said: bool | None, flow_l_min: float | None, fio2: float | None
) -> bool | Refused | None:
    """Return whether there is supplemental oxygen, None if nobody said, or why it is refused."""
    if flow_l_min is not None and not 0 <= flow_l_min <= HIGHEST_FLOW:
        return Refused(reason=f"oxygen_flow_l_min: {flow_l_min:g} is outside 0 to {HIGHEST_FLOW:g}")
    reason = fraction_outside(fio2)
    if reason is not None:
        return Refused(reason=reason)
    told = {
        "supplemental_oxygen": said,
        "oxygen_flow_l_min": None if flow_l_min is None else flow_l_min > 0,
        "fio2": None if fio2 is None else fio2 > AIR,
    }
    known = {name: value for name, value in told.items() if value is not None}
    if len(set(known.values())) > 1:
        return Refused(reason=f"oxygen: {', '.join(known)} contradict each other")
    return next(iter(known.values()), None)


def fraction_outside(fio2: float | None) -> str | None:
    """Return why a fraction of inspired oxygen cannot be true; None is not known and passes."""
    if fio2 is None or AIR <= fio2 <= PURE:
        return None
    return f"fio2: {fio2:g} is outside {AIR:g} to {PURE:g}, a fraction"


def on_oxygen_many(said: Floats, flow_l_min: Floats, fio2: Floats) -> Floats:
    """Return the same of many at once as 1 or 0; NaN if not known, impossible or contradictory."""
    told = np.stack(
        [
            said,
            np.where(np.isnan(flow_l_min), np.nan, flow_l_min > 0),
            np.where(np.isnan(fio2), np.nan, fio2 > AIR),
        ]
    )
    impossible = (flow_l_min < 0) | (flow_l_min > HIGHEST_FLOW) | (fio2 < AIR) | (fio2 > PURE)
    least, most = np.fmin.reduce(told), np.fmax.reduce(told)
    return np.where(~impossible & (least == most), least, np.nan)
