"""What is asked of the directory, what an entry shows, and what it may say of itself. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from core.access import Role
from identity.finding.letters import words_of
from identity.numbers import WrongNumber, parse_adeli, parse_rpps
from identity.phone_numbers import parse_phone
from identity.search import NotEnough

STALE_AFTER: Final = timedelta(days=30)
"""From when on an availability note is shown as old (proposed)."""
MOST_OFFERS: Final = 300
MOST_AVAILABILITY: Final = 200
KINDS: Final = ("person", "organisation")
INVITED_AS: Final[dict[str, str]] = {
    "10": Role.GP,
    "21": Role.PHARMACIST,
    "60": Role.HOME_NURSE,
    "70": Role.PHYSIOTHERAPIST,
    "hospital": Role.WARD,
    "practice": Role.PRACTICE,
    "health_centre": Role.PRACTICE,
    "home_care": Role.HOME_HELP_SERVICE,
    "telemonitoring_centre": Role.TELEMONITORING_CENTRE,
    "dac": Role.DAC,
}
"""Role or mission in a circle that is proposed for a profession or a kind of organisation."""
_NUMBER: Final = re.compile(r"[0-9][0-9AB][0-9]{7,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A search as a form sends it."""

    words: str = ""
    place: str = ""
    profession: str = ""
    kind: str = ""
    favourites: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is asked for."""
        return not any((self.words.strip(), self.place.strip(), self.profession, self.kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search that can be made."""

    words: list[str]
    number: str | None = None
    kind: str | None = None
    profession: str | None = None
    starred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A professional or an organisation as those who search see it: no private number in it."""

    party: UUID
    kind: str
    name: str
    family_name: str | None
    given_names: str | None
    profession: str | None
    specialty: str | None
    organisation_kind: str | None
    rpps: str | None
    finess: str | None
    mssante: str | None
    phone: str | None
    own_phone: str | None
    postcode: str | None
    town: str | None
    places: list[dict[str, Any]]
    offers: str
    availability: str
    said_at: datetime | None
    active: bool
    starred: bool
    has_account: bool
    km: float | None

    def is_stale(self, now: datetime) -> bool:
        """Whether the availability note has stood for too long to be relied on."""
        return self.said_at is not None and now - self.said_at >= STALE_AFTER

    @property
    def invited_as(self) -> str | None:
        """The role in a circle that is proposed; None for whoever has no account or no role."""
        if not self.active or not (self.has_account or self.kind == "organisation"):
            return None
        return INVITED_AS.get((self.profession or self.organisation_kind) or "")

    @property
    def call(self) -> str | None:
        """The number of work to call: his own, or that of the first place that has one."""
        found = [place["phone"] for place in self.places if place.get("phone")]
        return self.phone or (found[0] if found else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What an entry says of itself, as it is kept; `private` goes to nobody else."""

    offers: str
    availability: str
    phone: str | None
    private: str | None


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune by its INSEE code."""

    code: str
    name: str


def read_asked(typed: Typed) -> Asked | NotEnough:
    """Read a search; a whole RPPS, ADELI or FINESS number is looked for as it is.

    Nothing asked for means the favourites.
    """
    kind = typed.kind if typed.kind in KINDS else None
    profession = typed.profession or None
    starred = typed.favourites == "yes"
    bare = typed.words.replace(" ", "").upper()
    if _NUMBER.fullmatch(bare):
        parsed = parse_adeli(bare) if len(bare) == 9 else parse_rpps(bare)
        if isinstance(parsed, WrongNumber):
            return NotEnough("words", parsed.reason)
        return Asked(words=[], number=parsed, kind=kind, profession=profession)
    words = words_of(typed.words, typed.place)
    if not words and (typed.words.strip() or typed.place.strip()):
        field = "words" if typed.words.strip() else "place"
        return NotEnough(field, "Enter at least two letters.")
    return Asked(words=words, kind=kind, profession=profession, starred=starred or typed.is_empty)


def read_offer(offers: str, availability: str, phone: str, private: str) -> Offer | dict[str, str]:
    """Read what an entry says of itself; else what to mend, by field."""
    problems: dict[str, str] = {}
    said, free = " ".join(offers.split()), " ".join(availability.split())
    if len(said) > MOST_OFFERS:
        problems["offers"] = "Too long: 300 characters at most."
    if len(free) > MOST_AVAILABILITY:
        problems["availability"] = "Too long: 200 characters at most."
    numbers: dict[str, str | None] = {}
    for field, typed in (("phone", phone), ("private", private)):
        numbers[field] = parse_phone(typed) if typed.strip() else None
        if typed.strip() and numbers[field] is None:
            problems[field] = "This is not a telephone number."
    if problems:
        return problems
    return Offer(offers=said, availability=free, **numbers)
