"""Who somebody is, read out of a provider's claims."""

from datetime import date
from typing import Any

import pytest

from identity.federation.claims import (
    Citizen,
    Professional,
    UnreadableClaims,
    parse_citizen,
    parse_professional,
    parse_rpps,
)

DOCTOR: dict[str, Any] = {
    "sub": "f:1",
    "SubjectNameID": "899700218896",
    "SubjectRefPro": {"exercices": [{"codeProfession": "10"}]},
}
JEANNE: dict[str, Any] = {
    "sub": "jeanne",
    "family_name": "MARTIN",
    "given_name": "Jeanne Marie",
    "birthdate": "1951-04-02",
    "gender": "female",
    "birthplace": "75056",
    "birthcountry": "99100",
}


def test_the_number_follows_its_type() -> None:
    assert parse_rpps("899700218896") == "99700218896"
    for other in ("0997002188", "899700218897", "099700218896", "8997002188960", "", None, 8997):
        assert parse_rpps(other) is None


def test_a_professional_needs_a_number_and_an_activity() -> None:
    assert parse_professional(DOCTOR) == Professional(subject="f:1", rpps="99700218896")
    for claims, missing in (
        (DOCTOR | {"SubjectNameID": "0"}, "SubjectNameID"),
        (DOCTOR | {"SubjectRefPro": {"exercices": []}}, "SubjectRefPro.exercices"),
        (DOCTOR | {"SubjectRefPro": "10"}, "SubjectRefPro.exercices"),
    ):
        assert parse_professional(claims) == UnreadableClaims(missing)


def test_a_citizen_has_every_strict_trait() -> None:
    assert parse_citizen(JEANNE) == Citizen(
        subject="jeanne",
        birth_name="MARTIN",
        birth_first_names="Jeanne Marie",
        birth_date=date(1951, 4, 2),
        sex="female",
        birth_place="75056",
    )


@pytest.mark.parametrize(
    ("places", "place"),
    [
        ({"birthplace": "", "birthcountry": "99350"}, "99350"),
        ({"birthplace": " ", "birthcountry": "99100"}, None),
        ({"birthplace": 75056, "birthcountry": None}, None),
    ],
)
def test_a_birth_abroad_names_the_country(places: dict[str, Any], place: str | None) -> None:
    found = parse_citizen(JEANNE | places)
    assert isinstance(found, Citizen)
    assert found.birth_place == place


def test_a_trait_that_cannot_be_read_is_named() -> None:
    for name in ("family_name", "given_name", "birthdate", "gender"):
        for value in ("", "  ", None, 7):
            assert parse_citizen(JEANNE | {name: value}) == UnreadableClaims(name)
    assert parse_citizen(JEANNE | {"birthdate": "1951-00-00"}) == UnreadableClaims("birthdate")
    assert parse_citizen(JEANNE | {"gender": "other"}) == UnreadableClaims("gender")
