"""Where an attempt comes from, and in which words a browser is shown to its owner. Pure."""

import hashlib
from dataclasses import dataclass
from typing import Final

from identity.slowdown import network_of

BROWSERS: Final = (
    ("Firefox", "Firefox"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""Marks in a User-Agent, the first found wins: Edge and others also say « Chrome »."""
SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A place: its network, the digest of the browser's own cookie, the browser in words."""

    address: str = ""
    browser: bytes | None = None
    device: str = ""


def origin_of(address: str, browser_token: str, user_agent: str) -> Origin:
    """Return the origin of a request."""
    return Origin(
        address=network_of(address),
        browser=hashlib.sha256(browser_token.encode()).digest() if browser_token else None,
        device=say_device(user_agent),
    )


def say_device(user_agent: str) -> str:
    """Return « Chrome, Android »; nothing of a browser that says nothing we know."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return ", ".join(part for part in (browser, system) if part)
