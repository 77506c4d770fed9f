"""The French orientation algorithm for COVID-19 as published, or a refusal.

Source of every factor, clause and message: Ministère des Solidarités et de la Santé, algorithme
d'orientation COVID-19, version 2020-06-09 (pseudo-code.org, licence Etalab-2.0). It is history:
no service offers it to patients today without a doctor's decision.

Symptoms and background are two values, so that each can be gone through whole in a proof.
"""

from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Final

from scoring.refusal import Incomplete, Refused

VERSION: Final = "2020-06-09"


class Temperature(StrEnum):
    """The highest temperature of the last 48 hours, in degrees Celsius."""

    BELOW_35_5 = "below_35_5"
    FROM_35_5 = "from_35_5"
    """35.5 to 37.7."""
    FROM_37_8 = "from_37_8"
    """37.8 to 38.9: to this algorithm it is no fever."""
    FROM_39 = "from_39"
    UNKNOWN = "unknown"


class Reply(StrEnum):
    """Yes, no, « je ne sais pas », or « non applicable »."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Ending(StrEnum):
    """Where the tree ends; FIN2 stands in versions before 2020-05-10 only."""

    FIN1 = "FIN1"
    FIN3 = "FIN3"
    FIN4 = "FIN4"
    FIN5 = "FIN5"
    FIN6 = "FIN6"
    FIN7 = "FIN7"
    FIN8 = "FIN8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptoms:
    """What the person feels; None: not answered.

    `temperature` is asked of those who say yes to `fever`, `in_bed` (more than half of the day) of
    those who say yes to `fatigue`.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """Age in years, weight in kg, height in cm, and what the person lives with."""

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
class Severity:
    """What the tree knows of the symptoms."""

    fever: bool
    cough: bool
    anosmia: bool
    aches: bool
    diarrhoea: bool
    minor: int
    major: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terrain:
    """What the tree knows of the person: age in years and the count of prognostic factors."""

    age_years: int
    factors: int


def orient(symptoms: Symptoms, background: Background) -> Ending | Incomplete | Refused:
    """Return where the tree ends; every question has to be answered, as the algorithm demands."""
    missing = (*_missing_symptoms(symptoms), *_missing(background))
    if missing:
        return Incomplete(missing=missing)
    terrain = terrain_of(background)
    if isinstance(terrain, Refused):
        return terrain
    return decide_ending(severity_of(symptoms), terrain)


def severity_of(symptoms: Symptoms) -> Severity:
    """Count the severity factors of symptoms that are all answered."""
    temperature = symptoms.temperature if symptoms.fever else None
    fever = temperature in (Temperature.BELOW_35_5, Temperature.FROM_39, Temperature.UNKNOWN)
    in_bed = bool(symptoms.fatigue and symptoms.in_bed)
    return Severity(
        fever=fever,
        cough=bool(symptoms.cough),
        anosmia=bool(symptoms.anosmia),
        aches=bool(symptoms.aches),
        diarrhoea=bool(symptoms.diarrhoea),
        # Each temperature that counts as fever is a minor factor of its own, and only one is given.
        minor=int(fever) + int(in_bed),
        major=int(bool(symptoms.breathless)) + int(bool(symptoms.cannot_eat_or_drink)),
    )


def terrain_of(background: Background) -> Terrain | Refused:
    """Count the prognostic factors of a background that is all answered."""
    age, weight, height = background.age_years, background.weight_kg, background.height_cm
    if age is None or not 0 <= age <= 130:
        return Refused(reason="age_years")
    if weight is None or not 1 <= weight <= 400:
        return Refused(reason="weight_kg")
    if height is None or not 40 <= height <= 250:
        return Refused(reason="height_cm")
    factors = (
        age >= 65,
        is_obese(weight, height),
        background.heart in (Reply.YES, Reply.UNKNOWN),
        background.diabetes,
        background.cancer,
        background.respiratory,
        background.dialysis,
        background.cirrhosis,
        background.pregnant is Reply.YES,
        background.sickle_cell,
        background.immunity is Reply.YES,
    )
    return Terrain(age_years=age, factors=sum(map(bool, factors)))


def is_obese(weight_kg: float, height_cm: float) -> bool:
    """Say whether weight in kg by the square of height in m is 30 or more, counted exactly."""
    weight, height = Decimal(str(weight_kg)), Decimal(str(height_cm))
    return weight * 10000 >= 30 * height * height


def decide_ending(found: Severity, person: Terrain) -> Ending:
    """Go through the published clauses in their order."""
    frail, heavy = person.factors >= 1, found.minor >= 2
    signs = (found.cough, found.aches, found.anosmia).count(True)
    if person.age_years < 15:
        return Ending.FIN1
    if found.major >= 1:
        return Ending.FIN5
    if found.fever and found.cough:
        if not frail:
            return Ending.FIN6
        return Ending.FIN4 if heavy else Ending.FIN7
    if found.fever or found.diarrhoea or signs >= 2:
        if frail:
            return Ending.FIN4 if heavy else Ending.FIN3
        young = person.age_years < 50
        return Ending.FIN6 if found.minor == 0 and young else Ending.FIN3
    if signs == 1:
        return Ending.FIN7 if frail else Ending.FIN6
    return Ending.FIN8


def _missing_symptoms(symptoms: Symptoms) -> tuple[str, ...]:
    needless = {
        "temperature": symptoms.fever is False,
        "in_bed": symptoms.fatigue is False,
    }
    return tuple(name for name in _missing(symptoms) if not needless.get(name, False))


def _missing(answers: Symptoms | Background) -> tuple[str, ...]:
    return tuple(one.name for one in fields(answers) if getattr(answers, one.name) is None)
