"""How a record stands, what may be changed of it and what a patient says of it. Pure.

A record is shared with the care circle, or not: then only the organisation that opened it reads it
(CSP L.1110-4, L.1110-12: the person is told and may oppose). The wording of the texts is proposed,
to be validated by the organisation that deploys Chevet; each has a version, and the words a person
was shown are kept with what he said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from coordination.circle import parse_mission
from coordination.consent import Means, Text, parse_means

MOST_REASON: Final = 300


class Kind(StrEnum):
    """What a patient was told, agreed to, or opposes."""

    INFORMATION = "information"
    AGREEMENT = "agreement"
    OPPOSITION = "opposition"


class Speaker(StrEnum):
    """Who was told or said it."""

    PATIENT = "patient"
    REPRESENTATIVE = "representative"
    TRUSTED_PERSON = "trusted_person"


class Outcome(StrEnum):
    """What became of a change; all but the first leave the record as it is."""

    DONE = "done"
    STALE = "stale"
    SAME = "same"
    NOT_ALLOWED = "not_allowed"
    NOT_YOURS = "not_yours"
    NO_ORGANISATION = "no_organisation"
    ARCHIVED = "archived"
    OPPOSED = "opposed"
    WATCHED = "watched"
    OPEN_ALERTS = "open_alerts"
    FOLLOWED = "followed"
    PROPOSED = "proposed"
    NOBODY_THERE = "nobody_there"
    REASON = "reason"
    CONFIRM = "confirm"
    MISSION = "mission"
    TOLD = "told"
    DAY = "day"
    MEANS = "means"


TEXT_SENTENCES: Final[dict[str, str]] = {
    Kind.INFORMATION: (
        "I was told what is kept in my record and who reads it. I can see who opened it, have it "
        "corrected, and oppose its sharing at any moment."
    ),
    Kind.AGREEMENT: (
        "I agree that my record is shared with the members of my care circle, each for what his "
        "mission needs. I can take this back at any moment."
    ),
    Kind.OPPOSITION: (
        "I oppose the sharing of my record. From now on only the organisation that opened it "
        "reads it. I can change my mind at any moment."
    ),
}
"""The texts as they are now; whoever changes a word counts the version of its text up."""
VERSIONS: Final[Mapping[Kind, int]] = {
    Kind.INFORMATION: 1,
    Kind.AGREEMENT: 1,
    Kind.OPPOSITION: 1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How a record stands; a form shows `version`, and an older one is refused."""

    patient_id: UUID
    shared: bool
    archived_at: datetime | None
    version: int
    managing_organisation: UUID | None
    managing_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of a record: what, why, by whom and when."""

    what: str
    reason: str
    by_name: str
    organisation_name: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sleeper:
    """A member who does not read the record while it is not shared."""

    membership_id: UUID
    name: str
    role: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A record proposed to another organisation, and what became of it."""

    id: UUID
    from_name: str
    to_name: str
    mission: str
    stays: bool
    reason: str
    patient_told_on: date
    proposed_by_name: str
    proposed_at: datetime
    state: str
    answered_by_name: str | None
    answered_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a patient was told, agreed to or opposes, in its very words."""

    id: UUID
    kind: str
    text_id: str
    text_version: int
    wording: str
    said_on: date
    said_by: str
    means: str
    recorded_by_name: str
    recorded_at: datetime
    withdrawn_at: datetime | None
    paper_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A statement as it is to be written down."""

    kind: Kind
    text: Text
    said_on: date
    said_by: Speaker
    means: Means


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A transfer as its form asks for it."""

    to: UUID
    mission: str
    stays: bool
    reason: str
    patient_told_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything that the page of a record shows."""

    head: Head
    changes: list[Change]
    sleepers: list[Sleeper]
    transfers: list[Transfer]
    statements: list[Statement] = field(default_factory=list)

    @property
    def proposed(self) -> Transfer | None:
        """The transfer that waits for an answer."""
        return next((one for one in self.transfers if one.state == "proposed"), None)

    @property
    def opposition(self) -> Statement | None:
        """The opposition in force."""
        return next(
            (
                one
                for one in self.statements
                if one.kind == Kind.OPPOSITION and one.withdrawn_at is None
            ),
            None,
        )


def text_of(kind: Kind) -> Text:
    """Return the text of a statement as it is now."""
    return Text(id=kind.value, version=VERSIONS[kind], wording=TEXT_SENTENCES[kind])


def check_change(reason: str, confirmed: str) -> Outcome | None:
    """Return what lacks in the form of a change, or None."""
    if not reason.strip():
        return Outcome.REASON
    return None if confirmed == "yes" else Outcome.CONFIRM


def parse_said(form: Mapping[str, str], today: date) -> Said | Outcome:
    """Read the form of a statement; a day to come is none on which something was said."""
    kind = next((one for one in Kind if one == form.get("kind")), None)
    speaker = next((one for one in Speaker if one == form.get("said_by")), None)
    means = parse_means(form.get("means", ""))
    said_on = parse_past_day(form.get("said_on", ""), today)
    if kind is None or speaker is None or means is None:
        return Outcome.MEANS
    if said_on is None:
        return Outcome.DAY
    return Said(kind=kind, text=text_of(kind), said_on=said_on, said_by=speaker, means=means)


def parse_proposal(form: Mapping[str, str], to: UUID, today: date) -> Proposal | Outcome:
    """Read the form of a transfer: nobody is handed over without having been told."""
    mission, told_on = (
        parse_mission(form.get("mission", "")),
        parse_past_day(form.get("told_on", ""), today),
    )
    reason = form.get("reason", "").strip()
    if mission is None:
        return Outcome.MISSION
    if not reason:
        return Outcome.REASON
    if told_on is None:
        return Outcome.TOLD
    return Proposal(
        to=to,
        mission=mission.value,
        stays=form.get("stays") == "yes",
        reason=reason[:MOST_REASON],
        patient_told_on=told_on,
    )


def parse_past_day(raw: str, today: date) -> date | None:
    """Return a day of today or before, within the last twenty years, or None."""
    try:
        day = date.fromisoformat(raw.strip())
    except ValueError:
        return None
    return day if today.year - 20 <= day.year and day <= today else None
