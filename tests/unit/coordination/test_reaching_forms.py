"""What is typed of somebody to call and of a home: read, shown, and named when it is wrong."""

from decimal import Decimal

import pytest

from coordination.reaching.home import Home, MendHome, read_home
from coordination.reaching.people import Mend, PersonDraft, read_person


def test_somebody_is_read_with_his_number_as_it_is_dialled() -> None:
    read = read_person(
        {"name": " Luc  Martin ", "phone": "+33 6 39 98 01 13", "tie": "fils", "has_key": "yes"}
    )
    assert read == PersonDraft(
        of_patient=False,
        name="Luc Martin",
        tie="fils",
        phone="0639980113",
        has_key=True,
        may_know="search",
    )
    abroad = read_person({"name": "Eva", "phone": "+32 470 12 34 56"})
    assert isinstance(abroad, PersonDraft)
    assert abroad.phone == "+32470123456"


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"name": "", "phone": "0639980113"}, {"name"}),
        ({"name": "Luc", "phone": "06"}, {"phone"}),
        ({"name": "Luc", "phone": "abc", "tie": "x" * 61}, {"phone", "tie"}),
        ({"name": "Luc", "phone": "0639980113", "may_know": "all"}, {"may_know"}),
    ],
)
def test_what_is_wrong_with_somebody_is_named(given: dict[str, str], wrong: set[str]) -> None:
    read = read_person(given)
    assert isinstance(read, Mend)
    assert set(read.problems) == wrong


def test_a_home_is_read_and_shown_as_it_was_typed() -> None:
    typed = {
        "address": "12 rue des Lilas",
        "postcode": "75 013",
        "usual_spo2": "94 %",
        "oxygen": "1,5",
        "door_code": "12B4",
    }
    home = read_home(typed, 3)
    assert isinstance(home, Home)
    assert (home.department, home.usual_spo2_percent, home.oxygen_l_min, home.version) == (
        "75",
        94,
        Decimal("1.5"),
        3,
    )
    assert home.as_typed()["oxygen"] == "1,5"
    assert read_home(home.as_typed(), 3) == home
    assert read_home({"postcode": "20137", "department": "2b"}, 0) == Home(
        postcode="20137", department="2B"
    )
    assert read_home({}, 0) == Home()
    assert Home(oxygen_l_min=Decimal("0.0")).as_typed()["oxygen"] == "0"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("postcode", "7501"),
        ("department", "20"),
        ("usual_spo2", "9"),
        ("usual_spo2", "94,5"),
        ("oxygen", "16"),
        ("oxygen", "-1"),
        ("oxygen", "NaN"),
        ("oxygen", "deux"),
        ("floor", "x" * 61),
    ],
)
def test_what_is_wrong_with_a_home_is_named(field: str, typed: str) -> None:
    read = read_home({field: typed}, 0)
    assert isinstance(read, MendHome)
    assert set(read.problems) == {field}
