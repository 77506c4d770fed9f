"""The talk around an alert: a question is asked, a reply is given; each is an act. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

LONGEST_WORDS: Final = 1000
"""Characters of a question or a reply; the database refuses longer ones too."""
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class Kind(StrEnum):
    """What was said; each is a step in the life of the alert under the name beside it."""

    QUESTION = "question"
    REPLY = "reply"


class WordsRefused(StrEnum):
    """Why words are not taken."""

    EMPTY = "words_empty"
    TOO_LONG = "words_too_long"


WORDS_REFUSED_SENTENCES: Final = {
    WordsRefused.EMPTY: "Nothing is written yet: write a few words, then send.",
    WordsRefused.TOO_LONG: "The text is longer than 1,000 characters: shorten it, then send.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One question or reply; `by_name` is None for somebody whose name is not to be had."""

    kind: Kind
    words: str
    by: UUID
    by_name: str | None
    at: datetime


def clean_words(text: str) -> str | WordsRefused:
    """Return words as they are kept, without blanks around them, or why they are not."""
    words = _CONTROL.sub("", text.replace("\r\n", "\n")).strip()
    if not words:
        return WordsRefused.EMPTY
    return words if len(words) <= LONGEST_WORDS else WordsRefused.TOO_LONG


def open_questions(talk: tuple[Said, ...]) -> tuple[Said, ...]:
    """Return the questions that nobody has replied to since, oldest first.

    Whoever asks a second time has not replied; neither has the one who asked.
    """
    waiting: list[Said] = []
    for said in talk:
        if said.kind is Kind.QUESTION:
            waiting.append(said)
        else:
            waiting = [question for question in waiting if question.by == said.by]
    return tuple(waiting)
