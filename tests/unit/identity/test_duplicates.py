"""Likeness of two identities."""

from datetime import date
from uuid import UUID

import pytest

from identity.duplicates import Alike, Compared, find_suspects, likeness

BORN = date(1951, 4, 2)


def known(name: str = "Martin", first: str = "Jeanne", **other: object) -> Alike:
    given: dict[str, object] = {
        "patient_id": UUID(int=1),
        "birth_name": name,
        "birth_first_names": first,
        "birth_first_name": first,
        "used_name": None,
        "used_first_name": None,
        "birth_date": BORN,
        "sex": "female",
        "ins": None,
        "ins_status": "provisional",
    }
    return Alike(**{**given, **other})  # type: ignore[arg-type]


def new(name: str = "Martin", first: str = "Jeanne", **other: object) -> Compared:
    given: dict[str, object] = {
        "birth_name": name,
        "birth_first_name": first,
        "used_name": None,
        "used_first_name": None,
        "birth_date": BORN,
        "sex": "female",
        "ins": None,
    }
    return Compared(**{**given, **other})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "cause"),
    [
        (new(), known(), "same_traits"),
        (new("MÀRTIN"), known(), "same_traits"),
        (new("Durand", used_name="Martin"), known(), "same_traits"),
        (new(sex="male"), known(), "close_names"),
        (new("Martinn"), known(), "close_names"),
        (new("Jeanne", "Martin"), known(), "close_names"),
        (new("Bernard"), known(), None),
        (new(birth_date=date(1951, 4, 3)), known(), None),
        (new(ins="1"), known("Roy", "Luc", ins="1", birth_date=date(1990, 1, 1)), "same_ins"),
        (new(ins="1"), known(ins="2"), None),
        (new(ins="1"), known(), "same_traits"),
        (new("  "), known("''"), None),
    ],
)
def test_likeness_says_why(one: Compared, other: Alike, cause: str | None) -> None:
    assert likeness(one, other) == cause


def test_the_surest_comes_first() -> None:
    others = [known("Martyn"), known(), known("Roy", "Luc", ins="1")]
    found = find_suspects(new(ins="1"), others)
    assert [suspect.cause for suspect in found] == ["same_ins", "same_traits", "close_names"]
