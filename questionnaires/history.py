"""What a correction changes: question by question, old value beside new. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from questionnaires.answered import Entry
from questionnaires.extracting import Measured
from questionnaires.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One question answered otherwise; None where it was not answered."""

    link_id: str
    before: object
    after: object


def changes(
    edition: Questionnaire, before: Mapping[str, object], after: Mapping[str, object]
) -> tuple[Change, ...]:
    """Return what differs between two answers, in the order of the questions."""
    return tuple(
        Change(link_id=item.link_id, before=before.get(item.link_id), after=after.get(item.link_id))
        for item in edition.flat()
        if _plain(before.get(item.link_id)) != _plain(after.get(item.link_id))
    )


def _plain(value: object) -> object:
    return list(value) if isinstance(value, list | tuple) else value


def chain(entries: Sequence[Entry], of: UUID) -> tuple[Entry, ...]:
    """Return an answer with all that was corrected before and after it, oldest first."""
    by_id = {entry.id: entry for entry in entries}
    next_of = {entry.replaces: entry for entry in entries if entry.replaces is not None}
    if of not in by_id:
        return ()
    first = by_id[of]
    while first.replaces is not None and first.replaces in by_id:
        first = by_id[first.replaces]
    found = [first]
    while found[-1].id in next_of:
        found.append(next_of[found[-1].id])
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A reading to correct to `value`, or to withdraw when that is None."""

    link_id: str
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amending:
    """What a correction does to the readings of the answer it replaces.

    `kept` stay as they are, `amended` are corrected or withdrawn, `added` are new.
    """

    kept: tuple[str, ...]
    amended: tuple[Amendment, ...]
    added: tuple[Measured, ...]


def amending(before: Mapping[str, float], after: Sequence[Measured]) -> Amending:
    """Compare the readings an answer became with the numbers of its correction.

    `before` is linkId to the value as it stands. Both are of one edition, so that a question
    measures one vital.
    """
    new = {one.link_id: one for one in after}
    kept = tuple(link for link, value in before.items() if link in new and new[link].value == value)
    amended = tuple(
        Amendment(link_id=link, value=new[link].value if link in new else None)
        for link in before
        if link not in kept
    )
    added = tuple(one for one in after if one.link_id not in before)
    return Amending(kept=kept, amended=amended, added=added)
