"""What an answer holds beside its words: numbers for the record, and how grave it is. Pure."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.vitals import Vital
from questionnaires.questionnaire import Item, Kind, Option, Questionnaire, Urgency, Value
from scoring.level import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A number of an answer that joins a time series, in the vital's UCUM unit."""

    link_id: str
    vital: Vital
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A number of an answer with a LOINC code and no time series; `unit` is UCUM."""

    link_id: str
    loinc: str
    value: float
    unit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """All numbers of an answer, in the order of its questions."""

    measured: tuple[Measured, ...]
    coded: tuple[Coded, ...]


def extract(
    edition: Questionnaire, values: Mapping[str, Value], scores: Mapping[str, float]
) -> Extracted:
    """Return the numbers of an answer; scores count when they have a code."""
    measured: list[Measured] = []
    coded: list[Coded] = []
    for item in edition.flat():
        number = scores.get(item.link_id) if item.kind is Kind.SCORE else _number(item, values)
        if number is None:
            continue
        if item.vital is not None:
            measured.append(Measured(link_id=item.link_id, vital=item.vital, value=number))
        elif item.loinc is not None:
            coded.append(
                Coded(link_id=item.link_id, loinc=item.loinc, value=number, unit=item.unit)
            )
    return Extracted(measured=tuple(measured), coded=tuple(coded))


def _number(item: Item, values: Mapping[str, Value]) -> float | None:
    value = values.get(item.link_id)
    if item.kind not in (Kind.INTEGER, Kind.DECIMAL) or isinstance(value, bool):
        return None
    return float(value) if isinstance(value, int | float) else None


def given_options(item: Item, value: object) -> list[Option]:
    """Return the options ticked; yes and no (true, false) are options where the edition says."""
    codes = value if isinstance(value, list | tuple) else [value]
    said = [str(code).lower() if isinstance(code, bool) else str(code) for code in codes]
    return [option for code in said if (option := item.option(code)) is not None]


def ticked(edition: Questionnaire, values: Mapping[str, object]) -> Iterator[tuple[Item, Option]]:
    """Yield every option that was ticked, with its question."""
    for item in edition.flat():
        for option in given_options(item, values.get(item.link_id)):
            yield item, option


def level_of(option: Option) -> Level:
    """Return what an answer means: red whenever it says to call 15; no level of its own: green."""
    level = option.level if option.level is not None else Level.GREEN
    return Level.RED if option.urgency is Urgency.CALL_15 else level


def worst_level(edition: Questionnaire, values: Mapping[str, object]) -> Level:
    """Return the worst level of what was ticked, by the edition alone."""
    return max((level_of(option) for _, option in ticked(edition, values)), default=Level.GREEN)


def worst_urgency(edition: Questionnaire, values: Mapping[str, object]) -> Urgency | None:
    """Return whom to call at once: 15 before 3114."""
    said = {option.urgency for _, option in ticked(edition, values)}
    return next((one for one in (Urgency.CALL_15, Urgency.CALL_3114) if one in said), None)


def whom_to_call(level: Level, urgency: Urgency | None, *, closed: bool) -> Urgency | None:
    """Return whom somebody is told to call at once: out of hours 15 for whatever is red, too."""
    return Urgency.CALL_15 if urgency is None and closed and level is Level.RED else urgency


def digest_of(edition: str, values: Mapping[str, Value]) -> bytes:
    """Return what tells one filling from another: the same edition and values, the same digest."""
    said = json.dumps([edition, values], sort_keys=True, ensure_ascii=False, default=list)
    return hashlib.sha256(said.encode()).digest()
