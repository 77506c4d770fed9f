"""What is said above the queue of who is on duty, at any hour of the day."""

from datetime import UTC, datetime
from uuid import UUID

from alerts.rota.rota import Duty, Nobody, OnDuty
from alerts.rota.week import DutyNow
from dashboard.layouts.rota import rota_now
from dashboard.reader import Reader

READER = Reader(
    locale="fr", time_zone="Europe/Paris", now=datetime(2026, 1, 15, 21, tzinfo=UTC)
)  # fmt: skip
KARIM = UUID(int=1)
NURSE = Duty.TELEMONITORING_NURSE


def said(*now: DutyNow) -> str:
    return str(rota_now(READER, now, {str(KARIM): "Karim Benali"}))


def test_who_is_on_duty_is_named() -> None:
    here = DutyNow(duty=NURSE, people=OnDuty(people=(KARIM,)), missing=False)
    assert "De garde en ce moment : " in said(here)
    assert "Karim Benali (" in said(here)


def test_a_gap_is_a_warning() -> None:
    gap = DutyNow(duty=NURSE, people=Nobody(planned=True), missing=True)
    assert "Personne n’est de garde en ce moment : " in said(gap)


def test_a_closed_service_with_nobody_says_so() -> None:
    closed = DutyNow(duty=NURSE, people=Nobody(planned=True), missing=False)
    assert "Personne n’est de garde : le service est fermé." in said(closed)


def test_where_nothing_is_planned_nothing_is_said() -> None:
    assert said() == "Div([])"
