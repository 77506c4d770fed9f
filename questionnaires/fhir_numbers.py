"""Reads what makes an item a number: unit, bounds, decimals, vital sign, or how it is calculated.

Pure. A number without unit and bounds is refused, but for a vital sign, which has its own.
"""

from dataclasses import dataclass
from typing import Any, Final

from core.vitals import VITAL_BY_SLUG, VITALS, Vital
from questionnaires import extensions as ext
from questionnaires.expression import is_calculable
from questionnaires.fhir_reading import Reader
from questionnaires.outside import Fault
from questionnaires.questionnaire import Kind
from questionnaires.units import UCUM, UNITS
from questionnaires.wire import Json

MOST_DECIMALS: Final = 3

_Told = dict[str, tuple[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """What an item knows of its number; all empty for an item that is none."""

    unit: str | None = None
    lowest: float | None = None
    highest: float | None = None
    decimals: int = 0
    vital: Vital | None = None
    expression: str | None = None


def number_of(reader: Reader, here: Json, path: str, kind: Kind) -> Number:
    """Return what the extensions of an item say of its number, noting what does not fit."""
    if kind is Kind.SCORE:
        return _score(reader, here, path)
    if kind not in (Kind.INTEGER, Kind.DECIMAL):
        reader.extensions(here, path, {}, beside=ext.MEDIA)
        return Number()
    told = reader.extensions(here, path, ext.OF_NUMBER, beside=ext.MEDIA)
    unit, vital = _unit(reader, told, path), _vital(reader, told)
    info = VITALS[vital] if vital is not None else None
    lowest = _bound(reader, told, ext.LOWEST, info.lowest if info else None)
    highest = _bound(reader, told, ext.HIGHEST, info.highest if info else None)
    decimals = _decimals(reader, told, kind, info.decimals if info else 1)
    if lowest is None or highest is None or lowest >= highest:
        reader.note(path, Fault.BAD_BOUNDS)
    elif info is not None and (
        unit != info.ucum
        or decimals > info.decimals
        or not info.lowest <= lowest < highest <= info.highest
    ):
        reader.note(path, Fault.BAD_VITAL, info.slug)
    return Number(unit=unit, lowest=lowest, highest=highest, decimals=decimals, vital=vital)


def _score(reader: Reader, here: Json, path: str) -> Number:
    told = reader.extensions(here, path, {**ext.OF_SCORE, **ext.OF_NUMBER}, beside=ext.MEDIA)
    place, value = told.get(ext.CALCULATED, (path, None))
    for url in set(told) & {ext.LOWEST, ext.HIGHEST, ext.VITAL}:
        reader.note(told[url][0], Fault.UNKNOWN_EXTENSION, url)
    expression = value.get("expression") if isinstance(value, dict) else None
    unit = _unit(reader, told, path) if ext.UNIT in told else None
    decimals = _decimals(
        reader, told, Kind.INTEGER if here.get("type") == "integer" else Kind.DECIMAL, 1
    )
    if (
        not isinstance(value, dict)
        or set(value) - {"language", "expression", "description"}
        or value.get("language") != "text/fhirpath"
        or not isinstance(expression, str)
        or not is_calculable(expression)
    ):
        reader.note(place, Fault.BAD_EXPRESSION, expression or "")
        return Number(unit=unit, decimals=decimals)
    return Number(unit=unit, decimals=decimals, expression=expression)


def _unit(reader: Reader, told: _Told, path: str) -> str | None:
    place, coding = told.get(ext.UNIT, (path, None))
    code = coding.get("code") if isinstance(coding, dict) else None
    if not isinstance(code, str) or code not in UNITS or coding.get("system") != UCUM:
        reader.note(place, Fault.BAD_UNIT, code or "")
        return None
    return code


def _vital(reader: Reader, told: _Told) -> Vital | None:
    if ext.VITAL not in told:
        return None
    place, slug = told[ext.VITAL]
    vital = VITAL_BY_SLUG.get(slug) if isinstance(slug, str) else None
    if vital is None:
        reader.note(place, Fault.BAD_VITAL, slug)
    return vital


def _bound(reader: Reader, told: _Told, url: str, otherwise: float | None) -> float | None:
    if url not in told:
        return otherwise
    place, value = told[url]
    if isinstance(value, bool) or not isinstance(value, int | float):
        reader.note(place, Fault.WRONG_TYPE, value)
        return None
    return value


def _decimals(reader: Reader, told: _Told, kind: Kind, otherwise: int) -> int:
    place, value = told.get(ext.DECIMALS, ("", 0 if kind is Kind.INTEGER else otherwise))
    most = 0 if kind is Kind.INTEGER else MOST_DECIMALS
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        reader.note(place, Fault.BAD_BOUNDS, value)
        return 0
    return value
