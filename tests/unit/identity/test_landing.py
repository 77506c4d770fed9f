"""Where a sign-in may lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import Permission, Role
from identity.landing import home_of, parse_local_path
from identity.words import PERMISSION_LABELS, ROLE_LABELS, say_phone


@pytest.mark.parametrize("path", ["/", "/p", "/a/0190?x=1", "/patients/1/alerts/2"])
def test_a_path_of_this_site_is_kept(path: str) -> None:
    assert parse_local_path(path) == path


@pytest.mark.parametrize(
    "raw",
    [None, "", "p", "https://x.example", "//x.example", "/\\x.example", "/a\nb", "/sign-in?next=/"],
)
def test_anything_else_is_dropped(raw: str | None) -> None:
    assert parse_local_path(raw) is None


@given(st.text(max_size=30))
def test_nothing_leads_off_the_site(raw: str) -> None:
    kept = parse_local_path(raw)
    assert kept is None or (kept[0] == "/" and kept[1:2] not in ("/", "\\"))


def test_each_role_has_a_home() -> None:
    assert home_of(None, is_patient=True) == "/p"
    assert home_of("telemonitoring_nurse", is_patient=False) == "/console/"
    assert home_of("gp", is_patient=True) == "/"


def test_every_role_and_right_has_words() -> None:
    assert set(ROLE_LABELS) == set(Role)
    assert set(PERMISSION_LABELS) == set(Permission)


def test_a_french_number_is_written_in_pairs() -> None:
    assert say_phone("0639980112") == "06 39 98 01 12"
    assert say_phone("+33639980112") == "+33639980112"
