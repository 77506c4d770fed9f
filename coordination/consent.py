"""What a patient agrees to for a member of his circle: in which words, for which rights, how.

Each text has a version; the words a person was shown are kept with his answer, so that a later
change of the text never changes what he agreed to. The wording is proposed, to be validated by the
organisation that deploys Chevet (CSP L.1110-4: prior consent outside the care team, by any means).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.access import Basis, Permission, Rights, Role

_P = Permission


class Means(StrEnum):
    """How a person said it."""

    PAPER = "paper"
    SPOKEN = "spoken"
    DIGITAL = "digital"


MEANS_LABELS: Final[dict[str, str]] = {
    Means.PAPER: "on a signed paper",
    Means.SPOKEN: "aloud, to the person who wrote it down",
    Means.DIGITAL: "in Chevet",
}

GROUPS: Final[Mapping[str, frozenset[Permission]]] = {
    "identity": frozenset({_P.IDENTITY_READ}),
    "values": frozenset({_P.VITALS_READ, _P.ANSWERS_READ}),
    "entries": frozenset({_P.VITALS_WRITE, _P.ANSWERS_WRITE}),
    "notes": frozenset({_P.NOTES_READ, _P.DOCUMENTS_READ}),
    "writing": frozenset({_P.NOTES_WRITE}),
    "plan": frozenset({_P.PLAN_READ}),
    "chat": frozenset({_P.CHAT_READ, _P.CHAT_WRITE}),
    "social": frozenset({_P.SOCIAL_READ}),
}
"""What is agreed to in one tick: rights that only make sense together."""

GROUP_LABELS: Final[dict[str, str]] = {
    "identity": "name, birth date and telephone number",
    "values": "measurements and answers to the questionnaires",
    "entries": "enter measurements and answers",
    "notes": "shared notes and documents",
    "writing": "write shared notes",
    "plan": "care plan",
    "chat": "chat of the circle",
    "social": "social section",
}

SEEN_LABELS: Final[dict[str, str]] = {
    _P.IDENTITY_READ: "name, birth date and telephone number",
    _P.CIRCLE_READ: "who is in the circle",
    _P.VITALS_READ: "measurements",
    _P.ANSWERS_READ: "answers to the questionnaires",
    _P.ALERTS_READ: "alerts",
    _P.NOTES_READ: "shared notes",
    _P.DOCUMENTS_READ: "documents",
    _P.PLAN_READ: "care plan",
    _P.SOCIAL_READ: "social section",
    _P.LEGAL_READ: "legal protection",
    _P.LEGAL_FLAG: "that a legal protection exists",
    _P.CHAT_READ: "chat of the circle",
    _P.AUDIT_READ: "who opened the record",
    _P.STAYS_READ: "the stays in hospital",
    _P.ACTIONS_READ: "what there is to do",
    _P.VISITS_READ: "who comes when",
    _P.SUPPORT_READ: "the requests for support",
}
"""What a right to read shows, in the words of the patient's page."""

DONE_LABELS: Final[dict[str, str]] = {
    _P.IDENTITY_WRITE: "change the identity",
    _P.VITALS_WRITE: "enter measurements",
    _P.ANSWERS_WRITE: "answer the questionnaires",
    _P.ALERTS_ACKNOWLEDGE: "answer the alerts",
    _P.MONITORING_WRITE: "begin, change and end the follow-up",
    _P.NOTES_WRITE: "write shared notes",
    _P.DOCUMENTS_WRITE: "add documents",
    _P.PLAN_WRITE: "change the care plan",
    _P.PLAN_COMMENT: "comment the care plan",
    _P.STAYS_WRITE: "mark the stays in hospital",
    _P.ACTIONS_WRITE: "give something to do",
    _P.VISITS_REPORT: "say what came of a visit",
    _P.SUPPORT_REQUEST: "ask the DAC for support",
    _P.SUPPORT_ANSWER: "answer the requests for support",
    _P.SOCIAL_WRITE: "change the social section",
    _P.LEGAL_WRITE: "change the legal protection",
    _P.CHAT_WRITE: "write in the chat",
    _P.ITEMS_HIDE: "hide an item from a member",
    _P.CIRCLE_MANAGE: "manage the care circle",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text to agree to; `wording` is an English msgid with `{name}` and `{sees}` to fill in."""

    id: str
    version: int
    wording: str


TEXT_SENTENCES: Final[dict[str, str]] = {
    "outside_care_team": (
        "I agree that {name}, who is not part of my care team, may see or do in my record: {sees}. "
        "I can take this back at any moment."
    ),
    "beyond_the_role": (
        "I agree that {name} may also see or do in my record: {sees}. "
        "I can take this back at any moment."
    ),
}
"""The texts as they are now; whoever changes a word counts the version of its text up."""
OUTSIDE_THE_TEAM: Final = Text(
    id="outside_care_team", version=1, wording=TEXT_SENTENCES["outside_care_team"]
)
BEYOND_THE_ROLE: Final = Text(
    id="beyond_the_role", version=1, wording=TEXT_SENTENCES["beyond_the_role"]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A consent as recorded; `withdrawn_at` says that it is over."""

    id: UUID
    membership_id: UUID
    member_name: str
    text_id: str
    text_version: int
    wording: str
    given_on: date
    given_by_name: str
    means: str
    recorded_by_name: str
    recorded_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opposition:
    """A refusal in force: since when, said by whom and how."""

    id: UUID
    kind: str
    stated_at: datetime
    means: str
    stated_by_name: str


def offered_groups(role: Role, rights: Rights) -> tuple[str, ...]:
    """Return what a patient can agree to for somebody who acts in `role`."""
    possible = rights.by_agreement.get(role, frozenset())
    return tuple(name for name, granted in GROUPS.items() if granted & possible)


def permissions_of(groups: Collection[str], role: Role, rights: Rights) -> tuple[Permission, ...]:
    """Return the rights behind ticked groups, those that the role can have by agreement."""
    ticked = frozenset[Permission]().union(*(GROUPS.get(name, frozenset()) for name in groups))
    return tuple(sorted(ticked & rights.by_agreement.get(role, frozenset())))


def granted_to(role: Role, agreed: Collection[str], rights: Rights) -> frozenset[Permission]:
    """Return everything a member can do who acts in `role`."""
    by_agreement = {one for one in rights.by_agreement.get(role, frozenset()) if one in agreed}
    return rights.always.get(role, frozenset()) | by_agreement


def in_words(granted: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what rights show and what they let do, as msgids."""
    seen = tuple(words for permission, words in SEEN_LABELS.items() if permission in granted)
    done = tuple(words for permission, words in DONE_LABELS.items() if permission in granted)
    return seen, done


def text_for(basis: Basis, agreed: Collection[str]) -> Text | None:
    """Return the text that has to be agreed to, or None when nothing has to be."""
    if basis is Basis.CONSENT:
        return OUTSIDE_THE_TEAM
    return BEYOND_THE_ROLE if agreed else None


def parse_means(raw: str) -> Means | None:
    """Return how consent was given, or None."""
    return next((means for means in Means if means == raw), None)
