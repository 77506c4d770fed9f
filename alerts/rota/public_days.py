"""French public holidays, by region, as the law of each sets them. Pure.

Source: Code du travail L3133-1 (the eleven), L3134-13 (Good Friday and 26 December in the
départements 57, 67 and 68), L3422-2 (abolition of slavery overseas); computed by the library
« holidays ».
"""

from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from holidays import country_holidays


class Region(StrEnum):
    """Where the eleven public holidays hold alone, or with days of that place."""

    METROPOLE = "metropole"
    ALSACE_MOSELLE = "alsace-moselle"
    GUADELOUPE = "guadeloupe"
    MARTINIQUE = "martinique"
    GUYANE = "guyane"
    REUNION = "reunion"
    MAYOTTE = "mayotte"


_SUBDIVISIONS: Final = {
    Region.METROPOLE: None,
    Region.ALSACE_MOSELLE: "57",
    Region.GUADELOUPE: "971",
    Region.MARTINIQUE: "972",
    Region.GUYANE: "973",
    Region.REUNION: "974",
    Region.MAYOTTE: "976",
}


@lru_cache(maxsize=256)
def holidays_of(region: Region, year: int, locale: str = "fr") -> dict[date, str]:
    """Return the public holidays of a year with their names; `locale` is « fr » or « en »."""
    language = "fr" if locale == "fr" else "en_US"
    found = country_holidays("FR", subdiv=_SUBDIVISIONS[region], language=language, years=year)
    return {day: found[day] for day in sorted(found) if day.year == year}


def holiday_name(region: Region, day: date, locale: str = "fr") -> str | None:
    """Return the name of the public holiday that a day is there, None on any other day."""
    return holidays_of(region, day.year, locale).get(day)
