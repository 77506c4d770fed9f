"""National numbers: what is right, and what is refused with which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.numbers import (
    INS_OIDS,
    Ins,
    WrongNumber,
    parse_adeli,
    parse_finess,
    parse_ins,
    parse_rpps,
    say_ins,
)


@pytest.mark.parametrize(
    "number", ["2 77 07 63 220 829 10", "279035121518989", "253072B07300470", "253072a07300443"]
)
def test_a_right_ins_is_kept_without_spaces(number: str) -> None:
    assert parse_ins(number) == Ins(
        number=number.replace(" ", "").upper(), oid="1.2.250.1.213.1.4.8"
    )


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("276037510669380", "key"),
        ("253072C07300443", "13 characters"),
        ("27707632208291", "13 characters"),
        ("", "13 characters"),
        ("077076322082913", "13 characters"),
    ],
)
def test_a_wrong_ins_is_refused_with_a_reason(number: str, said: str) -> None:
    refused = parse_ins(number)
    assert isinstance(refused, WrongNumber)
    assert said in refused.reason


def test_an_unknown_authority_is_refused() -> None:
    assert isinstance(parse_ins("277076322082910", "1.2.3"), WrongNumber)


@given(
    st.integers(1, 2),
    st.integers(0, 99),
    st.integers(1, 12),
    st.sampled_from(["2A", "2B", *[f"{n:02d}" for n in range(1, 20)]]),
    st.integers(0, 999_999),
    st.integers(1, 96),
)
def test_another_key_is_never_right(
    sex: int, year: int, month: int, department: str, rest: int, shift: int
) -> None:
    body = f"{sex}{year:02d}{month:02d}{department}{rest:06d}"
    counted = int(body.replace("2A", "19").replace("2B", "18"))
    key = 97 - counted % 97
    assert isinstance(parse_ins(f"{body}{key:02d}"), Ins)
    assert isinstance(parse_ins(f"{body}{(key + shift - 1) % 97 + 1:02d}"), WrongNumber)


@pytest.mark.parametrize(
    ("number", "oid", "right"),
    [
        ("274075176079430", "1.2.250.1.213.1.4.8", True),
        ("276037510669380", "1.2.250.1.213.1.4.8", False),
        ("277076322082910", "1.2.250.1.213.1.4.8", True),
        ("279035121518989", "1.2.250.1.213.1.4.10", True),
    ],
)
def test_the_test_identities_of_the_agency_are_judged_by_their_key(
    number: str, oid: str, right: bool
) -> None:
    """Source: invented identities in the ANS examples of PAM messages; one has a wrong key."""
    assert isinstance(parse_ins(number, oid), Ins) is right


def test_rpps_has_eleven_digits_and_a_key() -> None:
    assert parse_rpps("99700 218 896") == "99700218896"
    assert isinstance(parse_rpps("99700218897"), WrongNumber)
    assert isinstance(parse_rpps("9970021889"), WrongNumber)


@pytest.mark.parametrize("number", ["2A0000014", "2B0000020", "580008803"])
def test_finess_has_a_key_in_corsica_too(number: str) -> None:
    assert parse_finess(number) == number
    other = str((int(number[-1]) + 1) % 10)
    assert isinstance(parse_finess(number[:-1] + other), WrongNumber)


def test_adeli_is_nine_digits() -> None:
    assert parse_adeli("75 1 234 567") == "751234567"
    assert isinstance(parse_adeli("7512345678"), WrongNumber)


def test_an_ins_is_said_in_its_groups() -> None:
    assert say_ins("277076322082910") == "2 77 07 63 220 829 10"
    assert set(INS_OIDS) == {"nir", "nia", "test"}
