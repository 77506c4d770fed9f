"""What is saved for a spreadsheet holds no formula, whatever somebody is called."""

import pytest

from core.spreadsheet import to_csv


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+33", "-1", "@SUM(A1)", "\tx"])
def test_a_name_is_never_a_formula(name: str) -> None:
    assert to_csv([["Nom", "Heure"], [name, "7 h"]]) == f"\ufeffNom;Heure\r\n'{name};7 h\r\n"


def test_what_stands_alone_for_nothing_is_left_as_it_is() -> None:
    assert to_csv([["-", "", "–"]]) == "\ufeff-;;–\r\n"
