"""What is known of an edition beside its content. Pure vocabulary."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition as those who may import see it; names are None for what is shipped."""

    digest: str
    name: str
    version: str
    state: str
    organisation_name: str | None
    created_at: datetime
    created_by: str | None
    published_at: datetime | None
    published_by: str | None
    retired_at: datetime | None
    retired_by: str | None
    ours: bool
    """Whether the actor's organisation may publish and retire it."""


class Why(StrEnum):
    """Why a readable questionnaire is not imported."""

    KNOWN = "known"
    VERSION_TAKEN = "version_taken"
    NAME_OF_OTHERS = "name_of_others"


WHY_WORDS: Final[dict[Why, str]] = {
    Why.KNOWN: "This very edition is here already.",
    Why.VERSION_TAKEN: (
        "This name and version exist with other content. An edition never changes: give the file "
        "another version and import it again."
    ),
    Why.NAME_OF_OTHERS: (
        "A questionnaire of this name belongs to somebody else or is shipped with Chevet: give "
        "yours another name."
    ),
}


@dataclass(frozen=True, slots=True)
class NotImported:
    """The questionnaire can be read but has no place; `digest` of the one in its way, if known."""

    why: Why
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """A draft was stored."""

    digest: str
