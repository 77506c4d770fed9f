"""Names as they are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.names import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Hélène", "helene"),
        ("L’Hôtellier-D'Été", "lhotellierdete"),
        ("DE LA CŒUR", "delacoeur"),
        ("Łukasz Ørsted", "lukaszorsted"),
        ("Strauß", "strauss"),
        ("  ", ""),
        ("Żółć", "zolc"),
    ],
)
def test_marks_case_hyphens_and_apostrophes_do_not_count(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
