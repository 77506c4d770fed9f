"""Numbers of the SAMU: what can be read is read, what cannot is refused with its reason."""

import pytest

from core.samu import SamuNumbersError, department_of, is_department, parse_samu_numbers
from core.settings import Settings


def test_numbers_are_read_in_every_way_french_ones_are_written() -> None:
    read = parse_samu_numbers(
        "75=01 44 49 23 23; 2a = +33 4 95 11 22 33, 971=0590.91.39.39\n69=+33(0)472681818;"
    )
    assert read == {
        "75": "0144492323",
        "2A": "0495112233",
        "971": "0590913939",
        "69": "0472681818",
    }
    assert parse_samu_numbers("") == {}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("75", "write a département"),
        ("20=0495112233", "write a département"),
        ("96=0144492323", "write a département"),
        ("977=0144492323", "write a département"),
        ("75=15", "no number of ten digits"),
        ("75=112", "no number of ten digits"),
        ("75=01444923231", "no number of ten digits"),
        ("75=0800123456", "no number of ten digits"),
        ("75=0639980112", "no number of ten digits"),
        ("75=0000000000", "no number of ten digits"),
        ("75=+441444923231", "no number of ten digits"),
        ("75=014449232\u0661", "no number of ten digits"),
        ("75=0144492323;75=0144492324", "said twice"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, why: str) -> None:
    with pytest.raises(SamuNumbersError, match=why):
        parse_samu_numbers(text)
    with pytest.raises(ValueError, match="CHEVET_SAMU_NUMBERS"):
        Settings(samu_numbers=text)


@pytest.mark.parametrize(
    ("postcode", "department"),
    [
        ("75013", "75"),
        ("01000", "01"),
        ("20000", "2A"),
        ("20137", "2A"),
        ("20200", "2B"),
        ("20600", "2B"),
        ("97110", "971"),
        ("97600", "976"),
        ("98000", None),
        ("00100", None),
        ("7501", None),
        ("7501\u0663", None),
        ("", None),
    ],
)
def test_a_postcode_says_its_departement(postcode: str, department: str | None) -> None:
    assert department_of(postcode) == department
    assert department is None or is_department(department)
