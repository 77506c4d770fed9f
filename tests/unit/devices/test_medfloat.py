"""IEEE 11073 floats: published words, every SFLOAT, and what no word can say."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.medfloat import FLOAT, SFLOAT, Format, Medfloat, NotANumber, Number

# sputnikdev/bluetooth-gatt-parser IEEE11073FloatingPointNumberFormatterTest (Apache-2.0); special
# words: Bluetooth GATT Specification Supplement.
NUMBERS = [
    (SFLOAT, 0xF16C, "36.4"),
    (SFLOAT, 0x016C, "364"),
    (SFLOAT, 0xF3E8, "100.0"),
    (SFLOAT, 0xFFFF, "-0.1"),
    (SFLOAT, 0x07FD, "2045"),
    (SFLOAT, 0x0803, "-2045"),
    (SFLOAT, 0x7001, "1E+7"),
    (SFLOAT, 0x8001, "1E-8"),
    (SFLOAT, 0x17FF, "2.047E+4"),
    (SFLOAT, 0x1800, "-2.048E+4"),
    (FLOAT, 0xFF00016C, "36.4"),
    (FLOAT, 0xFE00016C, "3.64"),
    (FLOAT, 0x0000016C, "364"),
    (FLOAT, 0x0100016C, "3.64E+3"),
    (FLOAT, 0xFFFFFE94, "-36.4"),
    (FLOAT, 0x007FFFFD, "8388605"),
    (FLOAT, 0x00800003, "-8388605"),
    (FLOAT, 0x7F000001, "1E+127"),
    (FLOAT, 0x80000001, "1E-128"),
]
SPECIAL = [
    (0x07FE, 0x007FFFFE, NotANumber.POSITIVE_INFINITY),
    (0x07FF, 0x007FFFFF, NotANumber.NAN),
    (0x0800, 0x00800000, NotANumber.NOT_AT_THIS_RESOLUTION),
    (0x0801, 0x00800001, NotANumber.RESERVED),
    (0x0802, 0x00800002, NotANumber.NEGATIVE_INFINITY),
]


@pytest.mark.parametrize(("form", "word", "value"), NUMBERS)
def test_numbers(form: Format, word: int, value: str) -> None:
    decoded = form.decode(word)
    assert isinstance(decoded, Number)
    assert decoded.exact.as_tuple() == Decimal(value).as_tuple()
    assert decoded.value == float(value)
    assert form.encode(decoded) == word


@pytest.mark.parametrize(("short", "long", "special"), SPECIAL)
def test_words_that_are_no_number_stay_apart(short: int, long: int, special: NotANumber) -> None:
    assert (SFLOAT.decode(short), FLOAT.decode(long)) == (special, special)
    assert (SFLOAT.encode(special), FLOAT.encode(special)) == (short, long)


def test_every_sfloat_word_survives_the_round_trip() -> None:
    assert [SFLOAT.encode(SFLOAT.decode(word)) for word in range(0x10000)] == list(range(0x10000))


@given(st.integers(0, 0xFFFFFFFF))
def test_every_float_word_survives_the_round_trip(word: int) -> None:
    assert FLOAT.encode(FLOAT.decode(word)) == word


@pytest.mark.parametrize(
    ("form", "value", "said"),
    [
        (SFLOAT, Number(2046), "2046e0 is no SFLOAT"),
        (SFLOAT, Number(-2046), "-2046e0 is no SFLOAT"),
        (SFLOAT, Number(2048), "2048e0 is no SFLOAT"),
        (SFLOAT, Number(-2049, 1), "-2049e1 is no SFLOAT"),
        (SFLOAT, Number(1, 8), "1e8 is no SFLOAT"),
        (SFLOAT, Number(1, -9), "1e-9 is no SFLOAT"),
        (FLOAT, Number(8388607), "8388607e0 is no FLOAT"),
        (FLOAT, Number(1, 128), "1e128 is no FLOAT"),
    ],
)
def test_what_no_word_can_say_is_refused(form: Format, value: Medfloat, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        form.encode(value)


def test_decimals_are_kept_and_ties_go_to_the_even_neighbour() -> None:
    assert Number.of(3.41, decimals=2) == Number(341, -2)
    assert [Number.of(value) for value in (2.5, 3.5)] == [Number(2), Number(4)]
    assert Number.of(Decimal("36.449"), decimals=1) == Number(364, -1)
    assert Number.of(7) == Number(7, 0)
    assert (SFLOAT.octets, FLOAT.octets) == (2, 4)
