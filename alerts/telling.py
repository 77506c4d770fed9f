"""Who was told of an alert, what became of it, and who is called next and when. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from alerts.alert import Alert, State
from alerts.ladder import Recipient
from alerts.rota.standing import Skip

ANSWERS: Final = frozenset(
    {
        "seen", "owned", "calling_patient", "to_emergency", "visit_asked", "called_15", "asked",
        "replied", "asleep", "woken", "assigned", "closed",
    }
)  # fmt: skip
"""Steps in the life of an alert by which a person shows that he has seen it."""


class Fate(StrEnum):
    """What became of a call, the surest that is known of it.

    SENT says that the provider took it over: neither mail nor SMS tells whether it arrived.
    """

    SEEN = "seen"
    RECEIVED = "received"
    SENT = "sent"
    WAITING = "waiting"
    GATHERED = "gathered"
    FAILED = "failed"
    CALLED_OFF = "called_off"
    CONSOLE = "console"


FATE_LABELS: Final = {
    Fate.SEEN: "has seen it at {time}",
    Fate.RECEIVED: "received at {time}",
    Fate.SENT: "sent at {time}",
    Fate.WAITING: "being sent",
    Fate.GATHERED: "told with others at {time}",
    Fate.FAILED: "could not be delivered",
    Fate.CALLED_OFF: "called off",
    Fate.CONSOLE: "shown in the console",
}
"""English msgid of each fate."""
SUREST: Final = (
    Fate.RECEIVED, Fate.SENT, Fate.WAITING, Fate.GATHERED, Fate.FAILED, Fate.CALLED_OFF
)  # fmt: skip
TIMED: Final = frozenset({Fate.RECEIVED, Fate.SENT, Fate.GATHERED})
"""Fates of messages that have a time."""
_FATE_OF_STATE: Final = {
    "waiting": Fate.WAITING,
    "sending": Fate.WAITING,
    "gathered": Fate.GATHERED,
    "sent": Fate.SENT,
    "dead": Fate.FAILED,
    "cancelled": Fate.CALLED_OFF,
}

RECIPIENT_WORDS: Final = {
    Recipient.TELEMONITORING_NURSE: "the telemonitoring nurses",
    Recipient.SECOND_NURSE: "the second nurse",
    Recipient.HOME_NURSE: "the home nurse",
    Recipient.COORDINATING_DOCTOR: "the coordinating doctor",
    Recipient.GP: "the GP",
    Recipient.ON_CALL: "whoever is on call",
    Recipient.OPERATOR: "the operator of the service",
}
"""English msgid of whom a rung calls, inside a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step in the life of an alert, as far as telling goes."""

    at: datetime
    what: str
    by: UUID | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message by which a rung called a person; `state` is that of the outbox.

    `due_at` is when the summary goes out in which he is told of it with others.
    """

    round: int
    rung: int
    person: UUID
    channel: str
    state: str
    sent_at: datetime | None
    received_at: datetime | None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPerson:
    """A person who was called, and what became of it; `at` is None where there is no time."""

    name: str | None
    fate: Fate
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRung:
    """A rung that was called; without people nobody could be, `skip` says why if it is known."""

    at: datetime
    role: str
    people: tuple[ToldPerson, ...]
    skip: Skip | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextCall:
    """Who is called next and when; `held`: only if the alert is not closed by then.

    `again`: the ladder has ended and begins anew, with the operator told as well.
    """

    at: datetime
    role: Recipient
    held: bool
    again: bool


def next_call(alert: Alert) -> NextCall | None:
    """Return what comes when nobody answers an alert; None once it is closed."""
    if alert.next_step_at is None:
        return None
    again = alert.rung >= len(alert.ladder.rungs)
    rung = alert.ladder.repeat_from_rung if again else alert.rung + 1
    return NextCall(
        at=alert.next_step_at,
        role=alert.ladder.rung(rung).role,
        held=alert.state is State.OWNED,
        again=again,
    )


def told(
    alert: Alert,
    steps: Sequence[Step],
    deliveries: Iterable[Delivery],
    names: Mapping[UUID, str],
) -> tuple[ToldRung, ...]:
    """Return the rungs that were called so far, first called first."""
    sent: dict[tuple[int, int, UUID], list[Delivery]] = {}
    for each in deliveries:
        sent.setdefault((each.round, each.rung, each.person), []).append(each)
    rungs = []
    for step in steps:
        if step.what not in ("called", "nobody_reachable", "rung_skipped"):
            continue
        place = (int(step.detail["round"]), int(step.detail["rung"]))
        called = [UUID(person) for person in step.detail.get("people") or ()]
        people = tuple(
            _told(names.get(person), sent.get((*place, person), []), _seen_at(steps, step, person))
            for person in called
        )
        role = alert.ladder.rung(place[1]).role
        why = step.detail.get("why")
        skip = Skip(why) if why else None
        rungs.append(ToldRung(at=step.at, role=role, people=people, skip=skip))
    return tuple(rungs)


def _seen_at(steps: Iterable[Step], call: Step, person: UUID) -> datetime | None:
    since = (each.at for each in steps if each.by == person and each.what in ANSWERS)
    return min((at for at in since if at >= call.at), default=None)


def _told(name: str | None, sent: list[Delivery], seen_at: datetime | None) -> ToldPerson:
    if seen_at is not None:
        return ToldPerson(name=name, fate=Fate.SEEN, at=seen_at)
    known = [(_fate(each), each.received_at or each.sent_at or each.due_at) for each in sent]
    if not known:
        return ToldPerson(name=name, fate=Fate.CONSOLE, at=None)
    fate, at = min(known, key=lambda each: SUREST.index(each[0]))
    return ToldPerson(name=name, fate=fate, at=at if fate in TIMED else None)


def _fate(sent: Delivery) -> Fate:
    return Fate.RECEIVED if sent.received_at else _FATE_OF_STATE[sent.state]
