"""Why an act on an alert is refused, as a code and as a sentence."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class RefusalCode(StrEnum):
    """Why an act was refused."""

    ALREADY_CLOSED = "already_closed"
    OWNED_BY_ANOTHER = "owned_by_another"
    NOT_YET_DUE = "not_yet_due"
    ALREADY_RED = "already_red"
    WORSENED = "worsened"
    PROMISE_PAST = "promise_past"
    PROMISE_TOO_LATE = "promise_too_late"
    SLEEP_OVER = "sleep_over"
    SLEEP_TOO_LONG = "sleep_too_long"
    ASLEEP = "asleep"
    NO_COLLEAGUE = "no_colleague"
    ASIDE_TOO_LONG = "aside_too_long"
    RED_OF_NOBODY = "red_of_nobody"
    GIVEN_TO_YOU = "given_to_you"
    NO_EXERCISE = "no_exercise"


REFUSAL_SENTENCES: dict[RefusalCode, str] = {
    RefusalCode.ALREADY_CLOSED: "Already closed by {person} at {time}.",
    RefusalCode.OWNED_BY_ANOTHER: "Already taken in charge by {person} at {time}.",
    RefusalCode.NOT_YET_DUE: "The next step is not due before {time}.",
    RefusalCode.ALREADY_RED: "This alert is already red.",
    RefusalCode.WORSENED: "This alert has become red since you opened it: look at it again.",
    RefusalCode.PROMISE_PAST: "The time you gave has passed: choose another, {time} at the latest.",
    RefusalCode.PROMISE_TOO_LATE: "The time you gave is too far away: {time} at the latest.",
    RefusalCode.SLEEP_OVER: "Choose a time that is still to come: it is {time} now.",
    RefusalCode.SLEEP_TOO_LONG: "This alert may not sleep later than {time}.",
    RefusalCode.ASLEEP: "Put to sleep by {person} at {time}: wake it first.",
    RefusalCode.NO_COLLEAGUE: "Choose a colleague who may answer this alert.",
    RefusalCode.ASIDE_TOO_LONG: "This alert may not sleep for you later than {time}.",
    RefusalCode.RED_OF_NOBODY: "A red alert stays in your queue unless a colleague has it in "
    "charge or it sleeps for the team.",
    RefusalCode.GIVEN_TO_YOU: "{person} gave this alert to you: it stays in your queue.",
    RefusalCode.NO_EXERCISE: "No exercise any more, but somebody's alert: "
    "nothing was noted, look again.",
}
"""English msgid of each refusal; `{person}` and `{time}` are filled in by the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The act does nothing; `by` and `at` say who did what stands in the way, and when."""

    code: RefusalCode
    by: UUID | None
    at: datetime | None

    @property
    def sentence(self) -> str:
        """Return the English msgid, with `{person}` and `{time}` still to be filled in."""
        return REFUSAL_SENTENCES[self.code]
