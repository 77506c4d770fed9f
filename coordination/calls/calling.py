"""Calls to patients who have not answered: what came of one, and when to call again. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final
from uuid import UUID

IN_HAND_FOR: Final = timedelta(minutes=10)
"""How long « I am calling » keeps the others away (proposed: a long call is said again)."""
LONGEST_DELAY: Final = timedelta(hours=24)


class CallOutcome(StrEnum):
    """What came of a call."""

    NO_ANSWER = "no_answer"
    MESSAGE_LEFT = "message_left"
    CALL_LATER = "call_later"
    REACHED = "reached"
    WRONG_NUMBER = "wrong_number"


OUTCOME_LABELS: Final[dict[str, str]] = {
    CallOutcome.NO_ANSWER: "No answer",
    CallOutcome.MESSAGE_LEFT: "Message left",
    CallOutcome.CALL_LATER: "To be called back",
    CallOutcome.REACHED: "Reached",
    CallOutcome.WRONG_NUMBER: "Wrong number",
}
FAULT_LABELS: Final[dict[str, str]] = {
    "phone:wrong_number": "Number to be checked: somebody else answers",
    "sms:not_mobile": "Number to be checked: it takes no text messages",
    "sms:undeliverable": "Number to be checked: text messages do not arrive",
    "sms:refused": "Number to be checked: text messages are refused",
    "email:undeliverable": "Mail address to be checked: mails do not arrive",
    "email:refused": "Mail address to be checked: mails are refused",
    "push:gone": "Notifications no longer arrive on the phone",
}
AGAIN_AFTER: Final[dict[str, timedelta]] = {
    CallOutcome.NO_ANSWER: timedelta(minutes=30),
    CallOutcome.MESSAGE_LEFT: timedelta(hours=2),
}
"""When to call again by itself (proposed, to be set by the centre)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A patient who has not answered, as the desk sees him.

    `since`: the deadline he missed first, after his last answer; `missed`: how many since;
    `attempts`: calls since then. `faults`: « channel:reason » of ways that do not lead to him.
    """

    patient_id: UUID
    name: str
    birth_date: str
    phone: str | None
    high_risk: bool
    since: datetime
    missed: int
    last_answer_at: datetime | None
    attempts: int
    last_call_at: datetime | None
    last_outcome: str | None
    last_by: str | None
    next_call_at: datetime | None
    in_hand_by: UUID | None
    in_hand_name: str | None
    faults: list[str]
    total: int

    def waits_until(self, now: datetime) -> datetime | None:
        """Return until when he is not to be called yet, or None when he is."""
        return self.next_call_at if self.next_call_at and self.next_call_at > now else None


def next_call(
    outcome: CallOutcome, now: datetime, asked: datetime | None = None
) -> datetime | None:
    """Return when to call again after an outcome; None: not by itself.

    `asked` counts for « to be called back » alone, within a day; without one, in an hour.
    """
    if outcome is CallOutcome.CALL_LATER:
        if asked is None or not now < asked <= now + LONGEST_DELAY:
            return now + timedelta(hours=1)
        return asked
    after = AGAIN_AFTER.get(outcome)
    return now + after if after else None


def next_moment(typed: str, now: datetime, desk: tzinfo) -> datetime | None:
    """Return the next moment the clock of the desk shows « 14:30 », or None for no such time."""
    try:
        wanted = time.fromisoformat(typed)
    except ValueError:
        return None
    here = now.astimezone(desk)
    today = datetime.combine(here.date(), wanted.replace(tzinfo=None), here.tzinfo)
    return today if today > here else today + timedelta(days=1)
