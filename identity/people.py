"""Words of the room: traits of a patient, a post, a signed-in person."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from core.doors import Actor
from identity.numbers import say_ins

Sex = Literal["female", "male", "unknown"]
Aal = Literal["remembered", "one", "two", "link"]
"""What a session has proved: that it is a phone its owner had remembered, one factor, two, or
that somebody has the link of a message and a code of the one it was written to."""
InsStatus = Literal["provisional", "recovered", "validated", "qualified"]
IdentitySource = Literal["declared", "document", "insi", "other_system"]
IdentityDocument = Literal[
    "identity_card",
    "passport",
    "residence_permit",
    "family_record",
    "birth_certificate",
    "electronic",
]
"""What proves an identity (RNIV 1: devices of high confidence; records of birth for minors)."""


def age_years(birth: date, today: date) -> int:
    """Return the age in whole years."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientTraits:
    """The strict traits of a patient, named as in the référentiel INS."""

    patient_id: UUID
    birth_name: str
    birth_first_names: str
    birth_first_name: str
    used_name: str | None
    used_first_name: str | None
    birth_date: date
    sex: Sex
    birth_place: str | None
    ins: str | None
    ins_oid: str | None
    ins_status: InsStatus
    is_homonym: bool
    is_doubtful: bool
    is_fictitious: bool
    source: IdentitySource
    document: IdentityDocument | None
    validated_at: datetime | None
    version: int
    phone: str | None
    is_shared: bool = True
    is_archived: bool = False

    @property
    def full_name(self) -> str:
        """Name in a sentence: used first name, then used family name."""
        return f"{self._first_name} {self.used_name or self.birth_name}"

    @property
    def shown_name(self) -> str:
        """Name as shown to people: used name first, family name in capitals."""
        family = (self.used_name or self.birth_name).upper()
        return f"{family} {self._first_name}"

    @property
    def say_ins(self) -> str | None:
        """Matricule INS in its groups, or None."""
        return say_ins(self.ins) if self.ins else None

    @property
    def _first_name(self) -> str:
        return self.used_first_name or self.birth_first_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A place in an organisation in which a person can sign in."""

    post: UUID
    role: str
    organisation: UUID
    organisation_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The person behind a live session, as pages need to know him."""

    session: UUID
    person: UUID
    post: UUID | None
    role: str | None
    organisation: UUID | None
    organisation_name: str | None
    name: str
    locale: str
    time_zone: str
    patient_id: UUID | None
    aal: Aal
    proved_at: datetime
    """When the factors were given."""
    training: bool
    """Whether this person belongs to a training territory: all he sees is invented."""
    only_alert: UUID | None = None
    """The alert a session of a link opens, and nothing besides."""

    @property
    def actor(self) -> Actor:
        """The actor for the doors; a patient acts at his own request."""
        purpose = "PATRQT" if self.post is None and self.patient_id else "TREAT"
        return Actor(person=self.person, post=self.post, session=self.session, purpose=purpose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the gate tells of an account; without a password its hash is empty."""

    person: UUID
    password_hash: str
    is_patient: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOf:
    """An account and whose it is."""

    person: UUID
    login: str
    name: str
    password_hash: str
    is_patient: bool
    locale: str
