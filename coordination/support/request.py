"""A demande d'appui: what is asked of a DAC, what a form may say, where it can go. Pure.

In the words of a FHIR ServiceRequest; its status is `Request.status`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

SHORTEST_NOTE: Final = 3
LONGEST_NOTE: Final = 2000
LONGEST_REASON: Final = 300
URGENCIES: Final = {1: "within 1 day", 2: "within 2 days", 7: "within a week", 15: "within 15 days"}
"""Days in which an answer is wished for (proposed), and their words."""
RECEIVED_WITHIN: Final = timedelta(days=2)
"""A request is received by then, or by its answer if that is sooner (proposed)."""


class Code(StrEnum):
    """What is asked (ServiceRequest.code)."""

    INFORMATION = "information"
    ORIENTATION = "orientation"
    COORDINATION = "coordination"
    COMPLEX = "complex"


class State(StrEnum):
    """Where a request stands."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    ANSWERED = "answered"
    COMPLETED = "completed"
    REVOKED = "revoked"


class Outcome(StrEnum):
    """What came of it (proposed list)."""

    INFORMED = "informed"
    ORIENTED = "oriented"
    COORDINATED = "coordinated"
    DECLINED = "declined"


class Act(StrEnum):
    """What somebody does with a request; whoever asked withdraws, the DAC does the rest."""

    RECEIVE = "receive"
    ANSWER = "answer"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"


_FROM: Final[Mapping[Act, frozenset[State]]] = {
    Act.RECEIVE: frozenset({State.SUBMITTED}),
    Act.ANSWER: frozenset({State.RECEIVED, State.ANSWERED}),
    Act.CLOSE: frozenset({State.RECEIVED, State.ANSWERED}),
    Act.REOPEN: frozenset({State.COMPLETED}),
    Act.WITHDRAW: frozenset({State.SUBMITTED, State.RECEIVED, State.ANSWERED}),
}
_INTO: Final[Mapping[Act, State]] = {
    Act.RECEIVE: State.RECEIVED,
    Act.ANSWER: State.ANSWERED,
    Act.CLOSE: State.COMPLETED,
    Act.REOPEN: State.RECEIVED,
    Act.WITHDRAW: State.REVOKED,
}
_STATUS: Final[Mapping[State, str]] = {
    State.SUBMITTED: "active",
    State.RECEIVED: "active",
    State.ANSWERED: "active",
    State.COMPLETED: "completed",
    State.REVOKED: "revoked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    id: UUID
    patient_id: UUID
    requester_name: str
    code: Code
    note: str
    told: bool
    untold_reason: str
    authored_on: datetime
    receive_by: datetime
    answer_by: datetime
    state: State
    answer: str
    outcome: Outcome | None
    version: int

    @property
    def status(self) -> str:
        """Return ServiceRequest.status."""
        return _STATUS[self.state]

    @property
    def is_open(self) -> bool:
        """Whether the DAC has still to do something."""
        return self.state not in (State.COMPLETED, State.REVOKED)

    @property
    def due_at(self) -> datetime | None:
        """When the DAC does the next thing at the latest."""
        if self.state == State.SUBMITTED:
            return self.receive_by
        return self.answer_by if self.state == State.RECEIVED else None

    def is_late(self, now: datetime) -> bool:
        """Whether that has passed."""
        return self.due_at is not None and self.due_at <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(_Request):
    """One request as the circle reads it; `mine`: the reader asked."""

    performer_name: str
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(_Request):
    """One request as the DAC reads it; `opens`: the record is open to the reader."""

    birth_name: str
    first_name: str
    birth_date: date
    phone: str | None
    organisation_name: str | None
    opens: bool

    @property
    def name(self) -> str:
        """Name as shown to people: family name in capitals."""
        return f"{self.birth_name.upper()} {self.first_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A new request as a form asks for it."""

    performer: UUID
    code: Code
    note: str
    told: bool
    untold_reason: str
    receive_by: datetime
    answer_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A form as it was typed."""

    performer: str = ""
    code: str = ""
    note: str = ""
    urgency: str = "7"
    told: str = ""
    untold_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How a request stands after an act."""

    state: State
    answer: str
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Unfit:
    """What stands against it: a code of `words.PROBLEM_SENTENCES`."""

    code: str


def parse_wish(written: Written, now: datetime) -> Wish | Unfit:
    """Judge a form: whether the patient knows is always said, and why if not."""
    try:
        performer = UUID(written.performer)
    except ValueError:
        return Unfit("performer")
    if written.code not in Code.__members__.values():
        return Unfit("code")
    note = _text(written.note)
    if not SHORTEST_NOTE <= len(note) <= LONGEST_NOTE:
        return Unfit("note")
    if written.urgency not in map(str, URGENCIES):
        return Unfit("urgency")
    reason = _text(written.untold_reason)
    if written.told not in ("yes", "no"):
        return Unfit("told")
    told = written.told == "yes"
    if not told and not 0 < len(reason) <= LONGEST_REASON:
        return Unfit("untold")
    answer_by = now + timedelta(days=int(written.urgency))
    return Wish(
        performer=performer,
        code=Code(written.code),
        note=note,
        told=told,
        untold_reason="" if told else reason,
        receive_by=min(answer_by, now + RECEIVED_WITHIN),
        answer_by=answer_by,
    )


def acts_of_dac(state: State) -> list[Act]:
    """Return what the DAC may do with a request now."""
    return [act for act in Act if act is not Act.WITHDRAW and state in _FROM[act]]


def may_withdraw(state: State) -> bool:
    """Say whether whoever asked may still take it back."""
    return state in _FROM[Act.WITHDRAW]


def move(one: _Request, act: Act, raw_answer: str, outcome: str) -> Moved | Unfit:
    """Return how a request stands after an act; it is closed with an outcome."""
    if one.state not in _FROM[act]:
        return Unfit("act")
    answer = _text(raw_answer) if act is Act.ANSWER else ""
    if act is Act.ANSWER and not 0 < len(answer) <= LONGEST_NOTE:
        return Unfit("answer")
    if act is Act.CLOSE and outcome not in Outcome.__members__.values():
        return Unfit("outcome")
    state = _INTO[act]
    if act is Act.REOPEN and one.answer:
        state = State.ANSWERED
    closed = Outcome(outcome) if act is Act.CLOSE else None
    return Moved(state=state, answer=answer, outcome=closed)


def _text(raw: str) -> str:
    return raw.replace("\r\n", "\n").strip()
