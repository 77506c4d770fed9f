"""What a model answered as a line keeps it, and back from a line. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, assert_never

from core.vitals import VITAL_BY_SLUG, VITALS
from scoring.model.argument import Instead, Reason, Risk, RiskBand
from scoring.refusal import Incomplete, Refused

OXYGEN: Final = "supplemental_oxygen"
"""Among what is missing: whether he breathes oxygen was not answered."""


class Silence(StrEnum):
    """Why a model says nothing of somebody."""

    MISSING = "missing"
    TOO_YOUNG = "too_young"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The columns of a line that say what a model answered."""

    risk: float | None
    band: str | None
    reasons: list[dict[str, Any]]
    instead: dict[str, Any] | None
    missing: list[str]
    silence: str | None


@dataclass(frozen=True, slots=True)
class ShownRisk:
    """What somebody may read of the newest live line."""

    asked_at: datetime
    noted_at: datetime
    version: str
    risk: float | None
    band: str | None
    reasons: list[dict[str, Any]]
    instead: dict[str, Any] | None
    missing: list[str]
    silence: str | None
    level: str | None


def said_of(answer: Risk | Incomplete | Refused, *, oxygen: bool | None) -> Said:
    """Return what a line keeps of an answer; `oxygen` None stands among what is missing."""
    match answer:
        case Risk(instead=instead):
            return Said(
                risk=answer.risk,
                band=answer.band,
                reasons=[_reason(one) for one in answer.reasons],
                instead=_instead(instead) if instead else None,
                missing=_missing([VITALS[vital].slug for vital in answer.missing], oxygen),
                silence=None,
            )
        case Incomplete(missing=missing):
            return _nothing(Silence.MISSING, _missing(missing, oxygen))
        case Refused():
            return _nothing(Silence.TOO_YOUNG, [])
        case _:
            assert_never(answer)


def risk_of(
    version: str,
    risk: float,
    band: str,
    reasons: Sequence[Mapping[str, Any]],
    instead: Mapping[str, Any] | None,
    missing: Sequence[str],
) -> Risk:
    """Return the risk a line keeps, to be said in words."""
    return Risk(
        version=version,
        risk=risk,
        band=RiskBand(band),
        reasons=tuple(Reason(**{**one, "vital": VITAL_BY_SLUG[one["vital"]]}) for one in reasons),
        instead=Instead(**{**instead, "vital": VITAL_BY_SLUG[instead["vital"]]})
        if instead
        else None,
        missing=tuple(VITAL_BY_SLUG[one] for one in missing if one in VITAL_BY_SLUG),
    )


def _nothing(silence: Silence, missing: list[str]) -> Said:
    return Said(
        risk=None, band=None, reasons=[], instead=None, missing=missing, silence=silence.value
    )


def _missing(slugs: Sequence[str], oxygen: bool | None) -> list[str]:
    return [*slugs, OXYGEN] if oxygen is None else list(slugs)


def _reason(one: Reason) -> dict[str, Any]:
    return {
        "vital": VITALS[one.vital].slug,
        "value": one.value,
        "worst": one.worst,
        "moved": one.moved,
    }


def _instead(one: Instead) -> dict[str, Any]:
    return {
        "vital": VITALS[one.vital].slug,
        "lowest": one.lowest,
        "highest": one.highest,
        "risk": one.risk,
        "value": one.value,
    }
