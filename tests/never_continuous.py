"""Words that would promise somebody is there at every hour; no text of Chevet may say them.

Nothing that is shown knows whether somebody is on call tonight, so no text says so of anybody.
"""

import re
from typing import Final

PROMISES: Final = re.compile(
    r"surveillance (?:en )?continue?\b|suivi (?:en )?continu\b|surveillée?s? en continu"
    r"|en permanence"
    r"|24 ?h(?:eures)? ?(?:/|sur) ?24|24 ?/ ?7|jour et nuit|à toute heure|nuit et jour"
    r"|continuous(?:ly)? (?:tele)?monitor|monitored continuously|round the clock|day and night"
    r"|at (?:all hours|any hour)",
    re.IGNORECASE,
)


OTHERS: Final = ("3114", "free of charge", "gratuit")
"""Marks of a line that speaks of the national helpline, which does listen day and night."""


def promises_in(text: str) -> list[str]:
    """Return the words of a text that promise somebody at every hour."""
    return [
        found.group()
        for line in text.replace("\u00a0", " ").splitlines()
        for found in PROMISES.finditer(line)
        if not any(mark in line for mark in OTHERS)
    ]
