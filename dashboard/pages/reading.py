"""From the person signed in to the reader of a page, and the stamp of what was read."""

from datetime import datetime
from typing import Any

from dashboard.reader import Reader
from identity.people import SignedIn


def reader_of(who: SignedIn, now: datetime) -> Reader:
    """Return who reads, at `now`."""
    return Reader(locale=who.locale, time_zone=who.time_zone, now=now)


def stamp(reader: Reader, title: str, open_red: int | None = None) -> dict[str, Any]:
    """Return what the browser needs to know of a read: when, and what the tab is called."""
    return {
        "at": reader.now.isoformat(),
        "shown": reader.time(reader.now),
        "title": title,
        "open_red": open_red,
    }
