"""Why an act on an alert is refused, as a code and as a sentence."""

from enum import StrEnum


class RefusalCode(StrEnum):
    """Why an act was refused."""

    ALREADY_CLOSED = "already_closed"
    OWNED_BY_ANOTHER = "owned_by_another"
    NOT_YET_DUE = "not_yet_due"
    ALREADY_RED = "already_red"
    WORSENED = "worsened"
    PROMISE_PAST = "promise_past"
    PROMISE_TOO_LATE = "promise_too_late"


REFUSAL_SENTENCES: dict[RefusalCode, str] = {
    RefusalCode.ALREADY_CLOSED: "Already closed by {person} at {time}.",
    RefusalCode.OWNED_BY_ANOTHER: "Already taken in charge by {person} at {time}.",
    RefusalCode.NOT_YET_DUE: "The next step is not due before {time}.",
    RefusalCode.ALREADY_RED: "This alert is already red.",
    RefusalCode.WORSENED: "This alert has become red since you opened it: look at it again.",
    RefusalCode.PROMISE_PAST: "The time you gave has passed: choose another, {time} at the latest.",
    RefusalCode.PROMISE_TOO_LATE: "The time you gave is too far away: {time} at the latest.",
}
"""English msgid of each refusal; `{person}` and `{time}` are filled in by the page."""
