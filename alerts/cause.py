"""Why an alert was raised: what a count of alerts is worth depends on it. Pure."""

from typing import Final

from alerts.alert import Cause
from alerts.call_back import ITEM as CALL_BACK
from alerts.silence import NO_ANSWER
from alerts.standing import ENDING, NO_MEASURE
from scoring.item import OVER_TIME, Bound

CAUSE_WORDS: Final[dict[Cause, str]] = {
    Cause.ABNORMAL: "Value or answer out of limits",
    Cause.WORSENING: "Worsening over time",
    Cause.SILENT: "Silence",
    Cause.TECHNICAL: "Technical cause",
    Cause.CALL_BACK: "Call-back asked for",
}
"""English msgid of each cause."""


_BY_ITEM: Final = {
    NO_ANSWER: Cause.SILENT,
    NO_MEASURE: Cause.SILENT,
    CALL_BACK: Cause.CALL_BACK,
    ENDING: Cause.TECHNICAL,
}


def cause_of(item: str, bound: Bound | None = None) -> Cause:
    """Return why an alert of that item is raised; `bound` is that of its gravest breach."""
    if bound in OVER_TIME:
        return Cause.WORSENING
    return _BY_ITEM.get(item, Cause.ABNORMAL)
