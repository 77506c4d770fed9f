"""Words of links to a document: how long, to which address, and what is said of one. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

MOST_DAYS: Final = 7
MOST_TRIES: Final = 5
"""Wrong codes until a link opens nothing more, as the database counts them."""
LONGEST_ADDRESS: Final = 120


class State(StrEnum):
    """What a link is at an instant."""

    OPEN = "open"
    OVER = "over"
    ENDED = "ended"
    TRIED = "tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to one version of a document; neither its token nor its code are known any more."""

    id: UUID
    item_id: UUID
    number: int
    made_by_name: str
    made_at: datetime
    expires_at: datetime
    mailed_to: str | None
    tries: int
    openings: int
    opened_at: datetime | None
    ended_at: datetime | None
    undeliverable: bool

    def state(self, now: datetime) -> State:
        """Whether it still opens, and why not."""
        if self.ended_at is not None:
            return State.ENDED
        if self.tries >= MOST_TRIES:
            return State.TRIED
        return State.OVER if self.expires_at <= now else State.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A link somebody asks for; without an address he hands it on himself."""

    lasts: timedelta
    address: str | None


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why no link is made, by the name of its field."""

    problems: dict[str, str]


def read_link(days: str, address: str, *, mailed: bool, domains: str) -> Asked | Unfit:
    """Return what a form asks for; an address outside the domains of MSSanté is refused."""
    problems: dict[str, str] = {}
    count = int(days) if days.isascii() and days.isdecimal() and len(days) < 3 else 0
    if not 1 <= count <= MOST_DAYS:
        problems["days"] = "days"
    to = address.strip().lower()
    if mailed and not is_address(to):
        problems["address"] = "address"
    elif mailed and not is_of(to.rpartition("@")[2], domains):
        problems["address"] = "not_mssante"
    if problems:
        return Unfit(problems)
    return Asked(lasts=timedelta(days=count), address=to if mailed else None)


def is_address(text: str) -> bool:
    """Whether it is one mail address and nothing besides."""
    local, at, domain = text.rpartition("@")
    odd = set(text) & set(' ,;:<>()[]\\"') or "@" in local
    plain = text.isascii() and text.isprintable() and not odd
    return bool(local and at and "." in domain and plain and len(text) <= LONGEST_ADDRESS)


def is_of(domain: str, domains: str) -> bool:
    """Whether a domain is one of those separated by commas, or lies below one."""
    known = [one.strip().lower().strip(".") for one in domains.split(",")]
    return any(one and (domain == one or domain.endswith("." + one)) for one in known)
