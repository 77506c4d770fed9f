"""Who may be followed from home: criteria to tick, by programme, and what a form says. Pure.

Proposed lists, to be validated by a doctor.
"""

from collections.abc import Collection
from typing import Final

ADULT: Final = "adult"
"""Source: arrêtés of 22 June 2023 on telemonitoring, not eligible under 18."""
ABLE: Final = "able"
"""Source: the same arrêtés (unable patient and carer); Covidom: able to self-measure."""
REACHABLE: Final = "reachable"
STABLE: Final = "stable"
"""Source: Covidom, no severity sign at inclusion."""
KNOWN_SATURATION: Final = "known_saturation"
"""Source: NHS COVID Oximetry @home excludes a low usual value only when it is not known."""
WEIGHS: Final = "weighs"
"""Source: arrêté of 22 June 2023, heart failure: weight is the mandatory parameter."""

CRITERION_LABELS: Final[dict[str, str]] = {
    ADULT: "18 years or older",
    ABLE: "Able to answer and to measure, alone or helped",
    REACHABLE: "Reachable by telephone",
    STABLE: "No sign of severity now: otherwise call 15, do not include",
    KNOWN_SATURATION: "With oxygen at home or a lung disease: usual saturation known",
    WEIGHS: "Has scales at home and can stand on them",
}
EVERYBODY: Final = (ADULT, ABLE, REACHABLE, STABLE)
BY_PROGRAMME: Final[dict[str, tuple[str, ...]]] = {
    "covid": (KNOWN_SATURATION,),
    "respiratory": (KNOWN_SATURATION,),
    "copd": (KNOWN_SATURATION,),
    "heart": (WEIGHS,),
}
"""By the first word of the programme's id."""


def criteria_of(programme: str) -> tuple[str, ...]:
    """Return the codes of what must be so for a programme."""
    return (*EVERYBODY, *BY_PROGRAMME.get(programme.partition("-")[0], ()))


def unmet(programme: str, met: Collection[str]) -> tuple[str, ...]:
    """Return the criteria of a programme that nobody ticked."""
    return tuple(code for code in criteria_of(programme) if code not in met)


def answers_of(programme: str, met: Collection[str]) -> dict[str, bool]:
    """Return each criterion of a programme with its answer, as it is kept."""
    return {code: code in met for code in criteria_of(programme)}
