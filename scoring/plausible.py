"""Whether what a score is given can be true of a person it is for. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from core.vitals import VITALS, Vital

HIGHEST_AGE: Final = 130
"""Years; above it the age is a typing error. Source: proposed, a bound of plausibility."""


def outside(
    given: Any, vitals: Mapping[str, Vital], *, lowest_age: int | None = None, name: str = ""
) -> str | None:
    """Return the first field of `given` that cannot be true or that the score is not for.

    `vitals`: the fields that are vital signs, in the unit of core.vitals; None is not known and
    always passes. `age` in years, where `given` has it; below `lowest_age` the score is refused.
    """
    for field, vital in vitals.items():
        value, info = getattr(given, field), VITALS[vital]
        if value is not None and not info.lowest <= value <= info.highest:
            return f"{field}: {value:g} is outside {info.lowest:g} to {info.highest:g}"
    age = getattr(given, "age", None)
    if age is not None and not 0 <= age <= HIGHEST_AGE:
        return f"age: {age:g} is outside 0 to {HIGHEST_AGE}"
    if age is not None and lowest_age is not None and age < lowest_age:
        return f"age: under {lowest_age}, {name} does not apply"
    return None
