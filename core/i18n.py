"""Words of the interface: English in the code, French in each room's `locale/fr.po`.

Catalogues are read at run time, so nothing has to be compiled. Times and numbers are written as
French readers expect them (« 9 h 12 », decimal comma).
"""

from collections.abc import Callable
from datetime import date, datetime, time, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from importlib.util import find_spec
from io import BytesIO
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

ROOMS = (
    "core",
    "messages",
    "identity",
    "devices",
    "scoring",
    "questionnaires",
    "ingest",
    "alerts",
    "coordination",
    "dashboard",
    "app",
)
LOCALES = ("fr", "en")
Translate = Callable[[str], str]


@lru_cache
def catalogue(locale: str) -> NullTranslations:
    """Return the merged catalogue of all rooms; English is the code itself."""
    merged = NullTranslations()
    for room in ROOMS:
        if find_spec(room) is None:
            continue
        source = files(room) / "locale" / f"{locale}.po"
        if not source.is_file():
            continue
        with source.open("rb") as file:
            compiled = BytesIO()
            write_mo(compiled, read_po(file, locale=locale))
        compiled.seek(0)
        loaded = GNUTranslations(compiled)
        loaded.add_fallback(merged)
        merged = loaded
    return merged


def translator(locale: str) -> Translate:
    """Return the function that says an English text in `locale`."""
    return catalogue(locale).gettext


def zone(name: str) -> tzinfo:
    """Return an IANA time zone."""
    return ZoneInfo(name)


def same_day(one: datetime, other: datetime, time_zone: tzinfo) -> bool:
    """Say whether two instants are on the same day there."""
    return one.astimezone(time_zone).date() == other.astimezone(time_zone).date()


def say_time(at: datetime, locale: str, time_zone: tzinfo) -> str:
    """Write an instant's time of day: « 9 h 12 » in French, 09:12 in English."""
    local = at.astimezone(time_zone)
    return f"{local.hour} h {local.minute:02d}" if locale == "fr" else f"{local:%H:%M}"


def say_day(day: date, locale: str) -> str:
    """Write a day that has no time, such as a birth date: « 2 avr. 1951 »."""
    return format_date(day, format="medium", locale=locale)


def say_date(at: datetime, locale: str, time_zone: tzinfo) -> str:
    """Write an instant's day: « 22 nov. 2026 »."""
    return format_date(at.astimezone(time_zone), format="medium", locale=locale)


def say_month(day: date, locale: str) -> str:
    """Write the month of a day, « novembre 2026 »."""
    return format_date(day, format="LLLL y", locale=locale)


def say_weekday(day: date, locale: str) -> str:
    """Write a day that is near: « samedi 5 décembre »."""
    return format_date(day, "EEEE d MMMM", locale=locale)


def say_clock(at: time, locale: str) -> str:
    """Write a time of day that has no day: « 9 h 12 » in French, 09:12 in English."""
    return f"{at.hour} h {at.minute:02d}" if locale == "fr" else f"{at:%H:%M}"


def say_instant(at: datetime, locale: str, time_zone: tzinfo) -> str:
    """Write day and time: « dimanche 22 novembre, 9 h 12 »."""
    day = format_datetime(at.astimezone(time_zone), "EEEE d MMMM", locale=locale)
    return f"{day}, {say_time(at, locale, time_zone)}"


def say_number(value: float, locale: str, decimals: int) -> str:
    """Write a number with its decimals and the locale's separators, rounded half up.

    Works on the decimal text, as judging does: a person must read the number that was judged.
    """
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    exact = Decimal(str(value))
    if exact.is_finite():
        exact = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return format_decimal(exact, format=pattern, locale=locale)
