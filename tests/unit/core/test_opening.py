"""Opening hours: what decides and what is read are one."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.opening import OpeningError, is_open, parse_opening, say_opening

PARIS = ZoneInfo("Europe/Paris")
WEEK = parse_opening("mon-fri 08:00-20:00; sat 09:00-12:30", "2026-12-25")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-26T08:00", True),
        ("2026-11-26T07:59", False),
        ("2026-11-26T19:59", True),
        ("2026-11-26T20:00", False),
        ("2026-11-28T12:29", True),
        ("2026-11-28T12:30", False),
        ("2026-11-29T10:00", False),
        ("2026-12-25T10:00", False),
        ("2027-03-29T08:00", True),
    ],
)
def test_it_is_open_in_its_own_zone(moment: str, expected: bool) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=PARIS)
    assert is_open(WEEK, at, PARIS) is expected
    assert is_open(WEEK, at.astimezone(ZoneInfo("Indian/Reunion")), PARIS) is expected


def test_it_is_said_in_both_languages() -> None:
    assert say_opening(parse_opening("mon-sun 08:00-20:00"), "fr") == "8 h à 20 h, 7 jours sur 7"
    assert say_opening(parse_opening("mon-sun 08:00-20:00"), "en") == (
        "08:00 to 20:00, 7 days a week"
    )
    assert say_opening(WEEK, "fr") == (
        "8 h à 20 h, du lundi au vendredi ; de 9 h à 12 h 30, le samedi"
    )
    assert say_opening(parse_opening("mon-sun 00:00-24:00"), "fr") == "0 h à 24 h, 7 jours sur 7"


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("", ""),
        ("always", ""),
        ("mon-fri 20:00-08:00", ""),
        ("fri-mon 08:00-20:00", ""),
        ("mon 08:00-25:00", ""),
        ("mon-sun 08:00-20:00", "Christmas"),
    ],
)
def test_what_cannot_be_read_stops_the_start(text: str, closed: str) -> None:
    with pytest.raises(OpeningError):
        parse_opening(text, closed)
