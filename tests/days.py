"""The day it is where the patients of the tests live: in UTC it changes an hour or two later."""

from datetime import date
from zoneinfo import ZoneInfo

from core import clock

PARIS = ZoneInfo("Europe/Paris")


def day_in_france() -> date:
    """Today in France, as the pages of a French site count it."""
    return clock.now().astimezone(PARIS).date()
