"""The units a number may be asked in: UCUM code to the msgid shown beside the field.

Source: UCUM 2.1 (https://ucum.org). A unit that is not here is refused: no default, no guess.
"""

from collections.abc import Mapping
from typing import Final

from core.vitals import VITALS

UCUM: Final = "http://unitsofmeasure.org"

UNITS: Final[Mapping[str, str]] = {
    **{info.ucum: info.unit_shown for info in VITALS.values() if info.ucum != "/min"},
    "/min": "per minute",
    "1": "",
    "{score}": "points",
    "a": "years",
    "mo": "months",
    "wk": "weeks",
    "d": "days",
    "h": "hours",
    "min": "minutes",
    "s": "seconds",
    "cm": "cm",
    "m": "m",
    "g": "g",
    "g/L": "g/L",
    "mmol/L": "mmol/L",
    "L": "L",
    "mL": "mL",
    "L/min": "L/min",
    "h/d": "hours a day",
    "[IU]": "units of insulin",
    "{times}/d": "times a day",
    "{times}/wk": "times a week",
}


def unit_word(unit: str | None) -> str:
    """Return the msgid of a unit, or nothing for a number without one."""
    return UNITS.get(unit or "1", unit or "")
