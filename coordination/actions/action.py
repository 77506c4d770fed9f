"""An action for a patient, who does it and how it stands: pure.

Whoever an action is given to accepts it by a moment, or it goes back to its author: nothing waits
unseen with somebody who has not said yes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.access import MISSIONS, Role

LONGEST_WORDING: Final = 300
LONGEST_WORDS: Final = 500
LATEST_DUE: Final = timedelta(days=366)
ACCEPTED_WITHIN: Final = {1: "1 day", 2: "2 days", 7: "7 days"}
"""Days in which an action is accepted (proposed), and their words."""


class State(StrEnum):
    """Where an action stands (FHIR Task.status)."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DONE = "done"
    REFUSED = "refused"
    RETURNED = "returned"
    ABANDONED = "abandoned"


class Act(StrEnum):
    """What somebody says of an action."""

    ACCEPT = "accept"
    DONE = "done"
    TAKE = "take"
    REOPEN = "reopen"
    REFUSE = "refuse"
    ABANDON = "abandon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An action as it stands, with names."""

    item_id: UUID
    patient_id: UUID
    author: UUID
    author_name: str
    wording: str
    owner: UUID | None
    owner_name: str | None
    owner_role: str | None
    due_on: date
    state: State
    accept_by: datetime | None
    result: str
    note_item: UUID | None
    alert_id: UUID | None
    given_at: datetime
    version: int
    mine: bool
    """Whether it is given to the reader."""

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to do something."""
        return self.state in (State.PROPOSED, State.ACCEPTED, State.REFUSED, State.RETURNED)

    def is_late(self, today: date) -> bool:
        """Whether its day has passed."""
        return self.is_open and self.due_on < today


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A new action as a form asks for it."""

    wording: str
    owner: UUID | None
    owner_role: str | None
    due_on: date
    state: State
    accept_by: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A form as it was typed."""

    wording: str = ""
    whom: str = ""
    due_on: str = ""
    within: str = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How an action stands after an act; `taken`: it is the actor's own from now on."""

    state: State
    words: str
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Unfit:
    """What stands against it: a code of `words.PROBLEM_SENTENCES`."""

    code: str


def parse_given(
    written: Written, members: Mapping[UUID, frozenset[str]], me: UUID, now: datetime, today: date
) -> Given | Unfit:
    """Judge a form; `members` are those of the circle now, with their roles."""
    wording = " ".join(written.wording.split())
    if not wording or len(wording) > LONGEST_WORDING:
        return Unfit("wording")
    due = _day(written.due_on)
    if due is None or not today <= due <= today + LATEST_DUE:
        return Unfit("due")
    whom = _whom(written.whom, members, me)
    if whom is None:
        return Unfit("whom")
    owner, role = whom
    if owner == me:
        return Given(
            wording=wording,
            owner=me,
            owner_role=None,
            due_on=due,
            state=State.ACCEPTED,
            accept_by=None,
        )
    days = int(written.within) if written.within in map(str, ACCEPTED_WITHIN) else None
    if days is None:
        return Unfit("within")
    return Given(
        wording=wording,
        owner=owner,
        owner_role=role,
        due_on=due,
        state=State.PROPOSED,
        accept_by=now + timedelta(days=days),
    )


def _whom(
    raw: str, members: Mapping[UUID, frozenset[str]], me: UUID
) -> tuple[UUID | None, str | None] | None:
    if raw == "me":
        return me, None
    kind, _, value = raw.partition(":")
    if kind == "role":
        known = value in Role.__members__.values() and value not in MISSIONS
        return (None, value) if known and value != Role.EMERGENCY else None
    try:
        party = UUID(value) if kind == "party" else None
    except ValueError:
        return None
    return (party, None) if party in members else None


def _day(raw: str) -> date | None:
    try:
        return date.fromisoformat(raw.strip())
    except ValueError:
        return None


_FROM: Final[Mapping[Act, frozenset[State]]] = {
    Act.ACCEPT: frozenset({State.PROPOSED}),
    Act.REFUSE: frozenset({State.PROPOSED, State.ACCEPTED}),
    Act.TAKE: frozenset({State.PROPOSED, State.ACCEPTED, State.REFUSED, State.RETURNED}),
    Act.DONE: frozenset({State.PROPOSED, State.ACCEPTED}),
    Act.REOPEN: frozenset({State.DONE}),
    Act.ABANDON: frozenset({State.PROPOSED, State.ACCEPTED, State.REFUSED, State.RETURNED}),
}
_OWNERS: Final = frozenset({Act.ACCEPT, Act.REFUSE, Act.DONE, Act.REOPEN})
"""What whoever it is given to says; whoever writes the plan says the rest."""
_INTO: Final[Mapping[Act, State]] = {
    Act.ACCEPT: State.ACCEPTED,
    Act.REFUSE: State.REFUSED,
    Act.TAKE: State.ACCEPTED,
    Act.DONE: State.DONE,
    Act.REOPEN: State.ACCEPTED,
    Act.ABANDON: State.ABANDONED,
}


def allowed(action: Action, *, may_write: bool) -> list[Act]:
    """Return what the reader may say of an action now."""
    return [
        act
        for act in Act
        if action.state in _FROM[act] and (action.mine if act in _OWNERS else may_write)
    ]


def move(action: Action, act: Act, raw_words: str, *, may_write: bool) -> Moved | Unfit:
    """Return how an action stands after what the reader says of it."""
    if act not in allowed(action, may_write=may_write):
        return Unfit("act")
    words = raw_words.replace("\r\n", "\n").strip()
    if len(words) > LONGEST_WORDS:
        return Unfit("words")
    if act in (Act.REFUSE, Act.ABANDON) and not words:
        return Unfit("reason")
    # Whoever accepts what was given to a role or a house does it himself.
    taken = act in (Act.TAKE, Act.ACCEPT)
    return Moved(state=_INTO[act], words=words, taken=taken)
