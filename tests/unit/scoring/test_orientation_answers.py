"""From answers to an orientation: published cases, nothing guessed, nothing impossible."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.orientation import (
    Background,
    Reply,
    Symptoms,
    Temperature,
    Terrain,
    is_obese,
    orient,
    severity_of,
    terrain_of,
)
from scoring.refusal import Incomplete, Refused
from tests.unit.scoring.test_orientation import NO_SIGN, WELL, as_printed, symptoms


@pytest.mark.parametrize(
    ("changes", "background", "ending"),
    [
        ({}, {"age_years": 12}, 1),
        ({"breathless": True}, {"age_years": 12}, 1),
        ({"breathless": True}, {}, 5),
        ({"cannot_eat_or_drink": True}, {}, 5),
        ({"fever": True, "temperature": Temperature.FROM_39, "cough": True}, {}, 6),
        ({"fever": True, "temperature": Temperature.FROM_39, "cough": True}, {"age_years": 70}, 7),
        (
            {
                "fever": True,
                "temperature": Temperature.FROM_39,
                "cough": True,
                "fatigue": True,
                "in_bed": True,
            },
            {"age_years": 70},
            4,
        ),
        ({"diarrhoea": True}, {}, 6),
        ({"diarrhoea": True}, {"age_years": 55}, 3),
        (
            {
                "fever": True,
                "temperature": Temperature.UNKNOWN,
                "fatigue": True,
                "in_bed": True,
            },
            {"age_years": 30, "weight_kg": 89.6},
            4,
        ),
        ({"cough": True}, {"age_years": 30}, 6),
        ({"cough": True}, {"age_years": 30, "diabetes": True}, 7),
        ({"cough": True}, {"age_years": 30, "heart": Reply.UNKNOWN}, 7),
        ({"cough": True}, {"age_years": 30, "immunity": Reply.UNKNOWN}, 6),
        ({"fever": True, "temperature": Temperature.FROM_37_8}, {"age_years": 30}, 8),
        ({"cough": True, "aches": True, "anosmia": True}, {}, 6),
        ({}, {}, 8),
    ],
)
def test_the_published_vectors(
    changes: dict[str, object], background: dict[str, object], ending: int
) -> None:
    answered = replace(NO_SIGN, **changes)  # type: ignore[arg-type]
    person = replace(WELL, **background)  # type: ignore[arg-type]
    assert orient(answered, person) == f"FIN{ending}"


def test_the_body_mass_index_has_no_gap_at_thirty() -> None:
    assert is_obese(86.7, 170)  # 86.7 / 1.7² is 30 exactly, and 29.999… in binary
    assert not is_obese(86.6, 170)
    assert not is_obese(86.6999, 170)


@pytest.mark.parametrize("name", [*Symptoms.__dataclass_fields__, *Background.__dataclass_fields__])
def test_nothing_missing_is_ever_guessed(name: str) -> None:
    full = replace(NO_SIGN, fever=True, temperature=Temperature.UNKNOWN, fatigue=True, in_bed=True)
    if name in Symptoms.__dataclass_fields__:
        ending = orient(replace(full, **{name: None}), WELL)
    else:
        ending = orient(full, replace(WELL, **{name: None}))
    assert ending == Incomplete(missing=(name,))


@pytest.mark.parametrize(
    ("name", "value"), [("age_years", -1), ("age_years", 131), ("weight_kg", 0), ("height_cm", 2)]
)
def test_what_cannot_be_is_refused(name: str, value: float) -> None:
    assert orient(NO_SIGN, replace(WELL, **{name: value})) == Refused(reason=name)


@pytest.mark.parametrize(
    ("name", "least", "most", "beyond"),
    [("age_years", 0, 130, 1), ("weight_kg", 1, 400, 0.1), ("height_cm", 40, 250, 0.1)],
)
def test_what_can_be_is_taken_up_to_its_limits(
    name: str, least: float, most: float, beyond: float
) -> None:
    """The limits said in docs/clinical: they are taken themselves, what is beyond them is not."""
    for value in (least, most):
        assert isinstance(terrain_of(replace(WELL, **{name: value})), Terrain), value
    for value in (least - beyond, most + beyond):
        assert terrain_of(replace(WELL, **{name: value})) == Refused(reason=name), value


@given(st.sampled_from(list(symptoms())), st.integers(0, 130), st.sampled_from(list(Reply)[:3]))
def test_whole_answers_always_end_where_the_parts_say(
    answered: Symptoms, age: int, heart: Reply
) -> None:
    person = replace(WELL, age_years=age, heart=heart)
    terrain = terrain_of(person)
    assert isinstance(terrain, Terrain)
    assert orient(answered, person) == as_printed(severity_of(answered), terrain)
