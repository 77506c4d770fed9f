"""Words of documents: what a form says of one, what is kept of it, and who is shown it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.items import Item, ItemKind, KeptFrom, Reader, Sensitivity, why_hidden

LONGEST_TITLE: Final = 160
OLDEST: Final = date(1900, 1, 1)
LATEST: Final = date(2200, 1, 1)


class Kind(StrEnum):
    """Type of a document (DocumentReference.type): a LOINC code of the CI-SIS value set J07."""

    VISIT = "11488-4"
    HOSPITAL = "34112-3"
    DISCHARGE = "18842-5"
    LABORATORY = "11502-2"
    IMAGING = "18748-4"
    PRESCRIPTION = "57833-6"
    REFERRAL = "57133-1"
    SUMMARY = "60591-5"
    DIRECTIVES = "42348-3"
    PHOTOGRAPH = "72170-4"
    OTHER = "34109-9"


class Site(StrEnum):
    """Where on the body a photograph was taken (DICOM's and SNOMED's words, in short)."""

    HEAD = "head"
    TRUNK = "trunk"
    BACK = "back"
    SACRUM = "sacrum"
    LEFT_HIP = "left_hip"
    RIGHT_HIP = "right_hip"
    LEFT_ARM = "left_arm"
    RIGHT_ARM = "right_arm"
    LEFT_LEG = "left_leg"
    RIGHT_LEG = "right_leg"
    LEFT_HEEL = "left_heel"
    RIGHT_HEEL = "right_heel"
    LEFT_FOOT = "left_foot"
    RIGHT_FOOT = "right_foot"


class Refused(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MUCH_INSIDE = "too_much_inside"
    NOT_A_DOCUMENT = "not_a_document"
    NOT_READABLE = "not_readable"
    TWO_IN_ONE = "two_in_one"
    ACTIVE = "active"
    LOCKED = "locked"
    INFECTED = "infected"
    BUSY = "busy"
    TOO_MANY_TODAY = "too_many_today"
    NOT_A_PICTURE = "not_a_picture"


class Validity(StrEnum):
    """Whether a document still holds on a day."""

    HOLDS = "holds"
    OVER = "over"
    ENTERED_IN_ERROR = "entered_in_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A form of a document, as it was typed."""

    title: str = ""
    kind: str = ""
    dated_on: str = ""
    valid_until: str = ""
    site: str = ""
    sensitive: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is said of a document that is about to be kept."""

    title: str
    kind: Kind
    dated_on: date
    valid_until: date | None
    site: Site | None
    sensitivity: Sensitivity

    @property
    def in_pictures(self) -> bool:
        """Whether nothing but a photograph will do."""
        return self.kind is Kind.PHOTOGRAPH


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is to be put right, by the name of its field."""

    problems: dict[str, str]


def parse_draft(typed: Typed, today: date) -> Draft | Wrong:
    """Return what a form says, or everything that is wrong with it."""
    problems: dict[str, str] = {}
    kind = _kind(typed.kind)
    title = " ".join(typed.title.split())
    if kind is None:
        problems["kind"] = "kind"
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        problems["title"] = "title"
    dated_on = _day(typed.dated_on) if typed.dated_on else today
    if dated_on is None or not OLDEST <= dated_on <= today:
        problems["dated_on"] = "dated_on"
    valid_until = _day(typed.valid_until) if typed.valid_until else None
    if typed.valid_until and (valid_until is None or not today <= valid_until <= LATEST):
        problems["valid_until"] = "valid_until"
    site = next((one for one in Site if one == typed.site), None)
    if kind is Kind.PHOTOGRAPH and site is None:
        problems["site"] = "site"
    if problems or kind is None or dated_on is None:
        return Wrong(problems)
    return Draft(
        title=title,
        kind=kind,
        dated_on=dated_on,
        valid_until=valid_until,
        site=site if kind is Kind.PHOTOGRAPH else None,
        sensitivity=Sensitivity.SENSITIVE if typed.sensitive == "yes" else Sensitivity.NORMAL,
    )


def _kind(raw: str) -> Kind | None:
    return next((one for one in Kind if one == raw), None)


def _day(raw: str) -> date | None:
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document with its latest version, and the flag of its item."""

    item_id: UUID
    patient_id: UUID
    author: UUID
    author_name: str
    author_role: str
    author_organisation: str | None
    kind: str
    site: str | None
    kept_at: datetime
    sensitivity: Sensitivity
    sensitivity_by: UUID | None
    withheld: bool
    within: UUID | None
    root_author: UUID | None
    """Of the note it is attached to, as long as the reader sees that one."""
    root_sensitivity: Sensitivity | None
    withdrawn_at: datetime | None
    version_id: UUID
    number: int
    title: str
    dated_on: date
    valid_until: date | None
    media: str
    pages: int
    size: int
    width: int | None
    height: int | None

    @property
    def item(self) -> Item:
        """What is judged of it."""
        return Item(
            item_id=self.item_id,
            patient_id=self.patient_id,
            kind=ItemKind.DOCUMENT,
            sensitivity=self.sensitivity,
            sensitivity_by=self.sensitivity_by,
            author=self.author,
            withheld=self.withheld,
            within=self.within,
        )

    @property
    def root(self) -> Item | None:
        """What is judged of the note it is attached to."""
        if self.within is None or self.root_author is None or self.root_sensitivity is None:
            return None
        return replace(
            self.item,
            item_id=self.within,
            kind=ItemKind.NOTE,
            sensitivity=self.root_sensitivity,
            sensitivity_by=None,
            author=self.root_author,
            within=None,
        )

    @property
    def is_picture(self) -> bool:
        """Whether it is shown in the page itself."""
        return self.media == "image/jpeg"

    def validity(self, today: date) -> Validity:
        """Whether it still holds."""
        if self.withdrawn_at is not None:
            return Validity.ENTERED_IN_ERROR
        over = self.valid_until is not None and self.valid_until < today
        return Validity.OVER if over else Validity.HOLDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a document: who added it, when, and what its file is."""

    id: UUID
    item_id: UUID
    number: int
    by: UUID
    by_name: str
    at: datetime
    title: str
    dated_on: date
    valid_until: date | None
    media: str
    size: int
    digest: bytes


def is_shown(document: Document, kept_from: Sequence[KeptFrom], reader: Reader) -> bool:
    """Whether nothing stands against showing a document, nor its note; his own always."""
    if document.author == reader.person:
        return True
    if document.within is not None and document.root is None:
        return False
    judged = [document.item] if document.root is None else [document.item, document.root]
    return all(why_hidden(item, kept_from, reader) is None for item in judged)
