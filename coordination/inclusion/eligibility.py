"""Who may be followed from home: criteria to tick, by programme, and what a form says. Pure.

Proposed lists, to be validated by a doctor.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing that must be so; `question` is an English msgid."""

    code: str
    question: str


ADULT: Final = Criterion(code="adult", question="18 years or older")
"""Source: arrêtés of 22 June 2023 on telemonitoring, not eligible under 18."""
ABLE: Final = Criterion(
    code="able",
    question="Able to answer and to measure, alone or with a person close to him or her",
)
"""Source: the same arrêtés (unable patient and carer); Covidom: able to self-measure."""
REACHABLE: Final = Criterion(code="reachable", question="Reachable by telephone")
STABLE: Final = Criterion(
    code="stable", question="No sign of severity now: otherwise call 15, do not include"
)
"""Source: Covidom, no severity sign at inclusion."""
KNOWN_SATURATION: Final = Criterion(
    code="known_saturation",
    question="With oxygen at home or a lung disease: usual saturation known",
)
"""Source: NHS COVID Oximetry @home excludes a low usual value only when it is not known."""
WEIGHS: Final = Criterion(code="weighs", question="Has scales at home and can stand on them")
"""Source: arrêté of 22 June 2023, heart failure: weight is the mandatory parameter."""

EVERYBODY: Final = (ADULT, ABLE, REACHABLE, STABLE)
BY_PROGRAMME: Final[dict[str, tuple[Criterion, ...]]] = {
    "covid": (KNOWN_SATURATION,),
    "respiratory": (KNOWN_SATURATION,),
    "copd": (KNOWN_SATURATION,),
    "heart": (WEIGHS,),
}
"""By the first word of the programme's id."""


def criteria_of(programme: str) -> tuple[Criterion, ...]:
    """Return what must be so for a programme."""
    return (*EVERYBODY, *BY_PROGRAMME.get(programme.partition("-")[0], ()))


def unmet(programme: str, met: Collection[str]) -> tuple[Criterion, ...]:
    """Return the criteria of a programme that nobody ticked."""
    return tuple(one for one in criteria_of(programme) if one.code not in met)


def answers_of(programme: str, met: Collection[str]) -> dict[str, bool]:
    """Return each criterion of a programme with its answer, as it is kept."""
    return {one.code: one.code in met for one in criteria_of(programme)}
