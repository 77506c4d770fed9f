"""What answers to questionnaires mean for the review: each is judged by its own pinned edition.

Pure. A profile names a few answers; an edition says of each of its own answers what it means and
whether it needs help at once. The worse of the two counts, so that an answer with which a patient
was told to call 15 is red whatever his profile looks at. What only a person can judge (his own
words, a photograph, a low mood) becomes « to read », orange, for the same day (proposed).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from alerts.profile import Profile
from alerts.rows import AnswerRow
from questionnaires.extracting import given_options, level_of
from questionnaires.questionnaire import Item as Question
from questionnaires.questionnaire import Kind, Option, Questionnaire, Urgency
from scoring.item import AnswerItem, Choice, Item
from scoring.level import Level
from scoring.observation import Answer

LASTS: Final = timedelta(hours=24)
"""How long an answer no profile names counts for the patient's state. Source: proposed, the age
limit of the home profile."""
UNWATCHED: Final = Profile(
    id="answers", version=1, title="Answers alone", status="proposed", items=()
)
"""By what answers are judged while nobody has prescribed a profile: by their editions alone."""
STANDING_LADDER: Final = ("home-two-rungs", 1)
"""Who is called then (proposed)."""
TO_READ: Final = "to_read"
"""The item of answers that a person has to read the same day."""
_WHAT_TO_READ: Final = {
    "text": {"fr": "un message écrit par le patient", "en": "words of the patient's own"},
    "photo": {"fr": "une photo", "en": "a photograph"},
    "low_mood": {"fr": "un moral bas, 3114 indiqué", "en": "a low mood, 3114 was shown"},
}
_TO_READ_SAID: Final = {"fr": "À lire aujourd’hui", "en": "To read today"}
_READS: Final = AnswerItem(
    code=TO_READ,
    title="To read today",
    choices=tuple(
        Choice(
            code=code,
            title=words["en"],
            level=Level.ORANGE,
            source="Proposed: a person reads it the same day",
            words=words,
        )
        for code, words in _WHAT_TO_READ.items()
    ),
    max_age=LASTS,
    essential=False,
    words=_TO_READ_SAID,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The answers as points to judge, and the profile with what their editions add to it."""

    profile: Profile
    answers: tuple[Answer, ...]


def read_answers(
    rows: Iterable[AnswerRow], editions: Mapping[str, Questionnaire], profile: Profile
) -> Asked:
    """Return each answer once, with a profile that knows what every one of them means.

    An answer without an edition (older than editions) is judged by the profile alone.
    """
    unique = {row.id: row for row in rows}
    judged: dict[str, AnswerItem] = {
        item.code: item for item in profile.items if isinstance(item, AnswerItem)
    }
    points: list[Answer] = []
    for row in unique.values():
        edition = editions.get(row.edition or "")
        if edition is None:
            points += _plain(row)
        else:
            points += _by_edition(row, edition, judged)
    named = {item.code for item in profile.items}
    extra = tuple(item for code, item in judged.items() if code not in named)
    items: tuple[Item, ...] = tuple(judged.get(item.code, item) for item in profile.items)
    return Asked(profile=replace(profile, items=items + extra), answers=tuple(points))


def state_items(asked: Asked, profile: Profile, now: datetime) -> tuple[Item, ...]:
    """Return the items of a patient's state: the profile's, and each other answer that alarms.

    What is to be read says nothing of how the patient is and is no part of it.
    """
    named = {item.code for item in profile.items}
    alarming = {
        answer.item
        for answer in asked.answers
        if now - answer.answered_at <= LASTS and answer.item != TO_READ
    }
    return tuple(
        item
        for item in asked.profile.items
        if item.code in named
        or (item.code in alarming and isinstance(item, AnswerItem) and _alarms(item, asked))
    )


def _alarms(item: AnswerItem, asked: Asked) -> bool:
    levels = {choice.code: choice.level for choice in item.choices}
    return any(
        levels.get(answer.code, Level.GREEN) >= Level.ORANGE
        for answer in asked.answers
        if answer.item == item.code
    )


def _plain(row: AnswerRow) -> list[Answer]:
    return [_point(row, item, code) for item, code in row.answers.items() if isinstance(code, str)]


def _point(row: AnswerRow, item: str, code: str) -> Answer:
    return Answer(answer_id=row.id, item=item, code=code, answered_at=row.answered_at)


def _by_edition(
    row: AnswerRow, edition: Questionnaire, judged: dict[str, AnswerItem]
) -> list[Answer]:
    """Return the points of one questionnaire, and add to `judged` what its edition says."""
    points: list[Answer] = []
    for question in edition.flat():
        value = row.answers.get(question.link_id)
        if value is None or value == "" or value == []:
            continue
        points += [_point(row, TO_READ, what) for what in _to_read(question, value)]
        options = given_options(question, value)
        if options:
            item = _item_of(question, edition, judged)
            judged[item.code] = item
            points += [_point(row, item.code, option.code) for option in options]
    if any(point.item == TO_READ for point in points):
        judged[TO_READ] = _READS
    return points


def _to_read(question: Question, value: object) -> list[str]:
    found = {Kind.TEXT: ["text"], Kind.PHOTO: ["photo"]}.get(question.kind, [])
    low = any(option.urgency is Urgency.CALL_3114 for option in given_options(question, value))
    return [*found, "low_mood"] if low else list(found)


def _item_of(
    question: Question, edition: Questionnaire, judged: Mapping[str, AnswerItem]
) -> AnswerItem:
    """Return the item of a question: the profile's own, or one for this questionnaire.

    The profile's short words stay where all it says stays; else the questionnaire's own are read.
    """
    own = f"{edition.name}.{question.link_id}"
    known = judged.get(question.link_id) or judged.get(own)
    before = {choice.code: choice for choice in (known.choices if known else ())}
    after = dict(before)
    for option in question.options:
        after[option.code] = _worse(before.get(option.code), option, edition)
    same = all(after[code].level == one.level for code, one in before.items())
    if known is not None and same and len(after) == len(before):
        return known
    return AnswerItem(
        code=known.code if known else own,
        title=known.title if known else question.words.get("en", question.link_id),
        choices=tuple(after.values()),
        max_age=known.max_age if known else LASTS,
        essential=known.essential if known else False,
        words=dict(question.words),
    )


def _worse(known: Choice | None, option: Option, edition: Questionnaire) -> Choice:
    level = level_of(option)
    if known is not None and known.level >= level:
        return replace(known, words=dict(option.words))
    return Choice(
        code=option.code,
        title=option.words.get("en", option.code),
        level=level,
        source=f"{edition.name} {edition.version}",
        words=dict(option.words),
    )


def editions_named(rows: Iterable[AnswerRow]) -> frozenset[str]:
    """Return the digests of the editions these answers were given in."""
    return frozenset(row.edition for row in rows if row.edition)
