"""The French orientation tree asked with all answers at once, and what led to its end. Pure.

The tree, its source and its proof are those of scoring/orientation.py.
"""

from dataclasses import dataclass, fields
from typing import Final

from scoring.orientation import (
    VERSION,
    Background,
    Ending,
    Reply,
    Symptoms,
    Temperature,
    decide_ending,
    orient,
    severity_of,
    terrain_of,
)
from scoring.refusal import Incomplete, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class OrientationInput:
    """Every answer of the questionnaire, by the names of Symptoms and Background; None: none."""

    fever: bool | None
    temperature: Temperature | None
    cough: bool | None
    anosmia: bool | None
    aches: bool | None
    diarrhoea: bool | None
    fatigue: bool | None
    in_bed: bool | None
    cannot_eat_or_drink: bool | None
    breathless: bool | None
    age_years: int | None
    weight_kg: float | None
    height_cm: float | None
    heart: Reply | None
    diabetes: bool | None
    cancer: bool | None
    respiratory: bool | None
    dialysis: bool | None
    cirrhosis: bool | None
    pregnant: Reply | None
    sickle_cell: bool | None
    immunity: Reply | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Orientation:
    """Where the tree ends, how many factors of each kind there are, and the tree's version."""

    ending: Ending
    minor: int
    major: int
    prognostic: int
    algo_version: str


_SYMPTOMS: Final = tuple(field.name for field in fields(Symptoms))
_BACKGROUND: Final = tuple(field.name for field in fields(Background))


def score_orientation(given: OrientationInput) -> Orientation | Incomplete | Refused:
    """Return the end of the tree with the factors that led to it."""
    symptoms = Symptoms(**{name: getattr(given, name) for name in _SYMPTOMS})
    background = Background(**{name: getattr(given, name) for name in _BACKGROUND})
    found = orient(symptoms, background)
    if isinstance(found, Incomplete):
        return found
    terrain = terrain_of(background)
    if isinstance(terrain, Refused):
        return terrain
    severity = severity_of(symptoms)
    return Orientation(
        ending=decide_ending(severity, terrain),
        minor=severity.minor,
        major=severity.major,
        prognostic=terrain.factors,
        algo_version=VERSION,
    )
