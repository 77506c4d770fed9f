"""What is shown of a measure the patient was asked to take again, in words. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from alerts.repeat import RepeatState
from core.i18n import Translate
from questionnaires.questionnaire import Questionnaire, Value
from questionnaires.showing import Line, answered_lines

REPEAT_SENTENCES: Final[dict[RepeatState, str]] = {
    RepeatState.ASKED: "New measure asked for at {asked}, expected before {due}",
    RepeatState.WITHIN: "New measure asked for at {asked}: within the limits at {ended}",
    RepeatState.CONFIRMED: "New measure asked for at {asked}: still out of the limits at {ended}",
    RepeatState.NOT_DONE: "New measure asked for at {asked}: it had not come by {ended}",
}
"""English msgid of where a repeat stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingView:
    """An orange value that waits for a new measure: nothing was raised yet."""

    item: str
    asked_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatView:
    """A repeat of an alert, and what the patient answered with it to whoever may read answers."""

    asked_at: datetime
    due_at: datetime
    state: RepeatState
    ended_at: datetime | None
    edition: Questionnaire | None
    answers: Mapping[str, Value]

    def lines(self, locale: str) -> list[Line]:
        """Return what he answered, in the order of the questions."""
        return answered_lines(self.edition, self.answers, locale) if self.edition else []


def say_repeat(one: RepeatView, tr: Translate, say_time: Callable[[datetime], str]) -> str:
    """Say when it was asked for, by when it is expected, and what came of it."""
    return tr(REPEAT_SENTENCES[one.state]).format(
        asked=say_time(one.asked_at),
        due=say_time(one.due_at),
        ended=say_time(one.ended_at or one.due_at),
    )


def say_pending(
    one: PendingView, item: str, tr: Translate, say_time: Callable[[datetime], str]
) -> str:
    """Say that nothing was raised yet for an orange value of an item, and until when."""
    sentence = tr("{item}: new measure asked of the patient, expected before {time}")
    return sentence.format(item=item, time=say_time(one.due_at))
