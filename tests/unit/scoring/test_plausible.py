"""What can be true of a person, at each bound."""

from dataclasses import dataclass

import pytest

from core.vitals import VITALS, Vital
from scoring.plausible import HIGHEST_AGE, outside


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a score might be given."""

    pulse: float | None = None
    spo2: float | None = None
    age: float | None = None


FIELDS = {"pulse": Vital.PULSE, "spo2": Vital.SPO2}


@pytest.mark.parametrize(("field", "vital"), FIELDS.items())
def test_a_vital_at_its_bounds(field: str, vital: Vital) -> None:
    info = VITALS[vital]
    for value in (info.lowest, info.highest, (info.lowest + info.highest) / 2):
        assert outside(Asked(**{field: value}), FIELDS) is None
    for value in (info.lowest - 0.1, info.highest + 0.1):
        said = f"{field}: {value:g} is outside {info.lowest:g} to {info.highest:g}"
        assert outside(Asked(**{field: value}), FIELDS) == said


def test_an_age_at_its_bounds() -> None:
    assert HIGHEST_AGE == 130
    for age in (0, 0.5, 130):
        assert outside(Asked(age=age), FIELDS) is None
    for age in (-0.1, 130.1):
        assert outside(Asked(age=age), FIELDS) == f"age: {age:g} is outside 0 to 130"


def test_of_children_a_score_for_adults_says_nothing() -> None:
    def of(age: float | None) -> str | None:
        return outside(Asked(age=age), FIELDS, lowest_age=16, name="NEWS2")

    assert of(15.9) == "age: under 16, NEWS2 does not apply"
    assert of(0) == "age: under 16, NEWS2 does not apply"
    assert (of(16), of(None)) == (None, None)
    assert outside(object(), {}, lowest_age=16, name="NEWS2") is None, "it need not have an age"
    assert outside(Asked(age=3), FIELDS, lowest_age=0) is None


def test_what_is_not_known_passes_and_the_first_that_is_wrong_is_named() -> None:
    assert outside(Asked(), FIELDS) is None
    assert outside(Asked(pulse=9999, spo2=9999, age=999), FIELDS) == (
        "pulse: 9999 is outside 15 to 300"
    )
