"""A month is a page; nothing falls between two, and a file is safe to open."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.journal import Access, Month, gather, parse_month
from coordination.journal_words import HEADING_LABELS, PURPOSE_LABELS, SERVICE_LABELS, to_csv
from core.doors import Service
from core.i18n import translator

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
"""Already December in Paris."""


def access(**changes: object) -> Access:
    values: dict[str, object] = {
        "at": NOW,
        "person": UUID(int=1),
        "person_name": "Dr Paul Lefèvre",
        "organisation_name": "Cabinet Lefèvre",
        "role": "gp",
        "service": None,
        "permission": "vitals:read",
        "outcome": "success",
        "purpose": "TREAT",
        "basis": "care_team",
    }
    return Access(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "month"),
    [
        ("", "2026-12"),
        ("2026-11", "2026-11"),
        ("2026-13", "2026-12"),
        ("2026-00", "2026-12"),
        ("2027-01", "2026-12"),
        ("0000-01", "2026-12"),
        ("nonsense", "2026-12"),
        ("2026-11-01", "2026-12"),
    ],
)
def test_what_is_no_month_is_this_month(asked: str, month: str) -> None:
    assert str(parse_month(asked, NOW, PARIS)) == month


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_months_meet_and_leave_no_gap(day: date) -> None:
    month = Month(day.replace(day=1))
    begin, end = month.bounds(PARIS)
    assert month.before.bounds(PARIS)[1] == begin
    assert month.after.bounds(PARIS)[0] == end
    assert month.after.before == month
    assert timedelta(days=27) < end - begin < timedelta(days=32)


def test_namesakes_and_purposes_are_not_mixed() -> None:
    lines = gather(
        [
            access(),
            access(person=UUID(int=2)),
            access(purpose="BTG", basis="break_glass", role="emergency"),
        ],
        PARIS,
    )
    assert len(lines) == 3
    assert [line.in_emergency for line in lines].count(True) == 1


def test_a_file_has_a_line_an_access_in_the_readers_language() -> None:
    text = to_csv([access(), access(outcome="refused", basis=None)], translator("fr"), PARIS)
    heading, first, second, end = text.split("\r\n")
    assert (heading[0], end) == ("\ufeff", "")
    assert heading.count(";") == len(HEADING_LABELS) - 1
    assert first == (
        "01/12/2026;00:30:00;Dr Paul Lefèvre;Médecin traitant;Cabinet Lefèvre;lire les mesures;"
        "permis;pour les soins;équipe de soins"
    )
    assert second.split(";")[6:] == ["refusé", "pour les soins", ""]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+33", "-1", "@SUM(A1)", "\tx"])
def test_a_name_is_never_a_formula(name: str) -> None:
    text = to_csv([access(person_name=name)], translator("fr"), PARIS)
    assert f";'{name}" in text
    assert f";{name}" not in text


def test_every_machine_and_purpose_has_its_words() -> None:
    assert set(SERVICE_LABELS) == {service.value for service in Service}
    french = translator("fr")
    for label in (*SERVICE_LABELS.values(), *PURPOSE_LABELS.values()):
        assert french(label) != label
