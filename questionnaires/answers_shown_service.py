"""Use cases of reading answers: the list of a record, one answer with its history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from core.access import Allowed, Permission, decide
from core.care import load_held
from core.doors import CareContext, PersonConnection, acting_as
from core.rights import rights
from questionnaires import answers_store as store
from questionnaires.answered import Entry
from questionnaires.answers_service import edition_of
from questionnaires.answers_store import Wanted
from questionnaires.history import chain
from questionnaires.questionnaire import Questionnaire

PAGE: Final = 20
NEWEST: Final = Wanted(
    before=datetime(9999, 1, 1, tzinfo=UTC), before_id=UUID("ffffffff-ffff-ffff-ffff-ffffffffffff")
)
"""From the newest answer on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One answer with the edition it is read by, and the name of who entered it."""

    entry: Entry
    edition: Questionnaire
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a record's answers as they stand, newest first; `more`: there are older ones."""

    answers: tuple[Shown, ...]
    more: bool
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One answer and all that was corrected before and after it, oldest first."""

    shown: Shown
    chain: tuple[Shown, ...]
    may_write: bool


def answers_page(ctx: CareContext, wanted: Wanted = NEWEST) -> Page:
    """Return a page of a patient's answers; needs `answers:read`."""
    with acting_as(ctx) as conn:
        entries = store.load_page(conn, ctx.patient, wanted, PAGE + 1)
        names = store.load_names(conn, ctx.patient)
        may = _may_write(conn, ctx)
    return Page(answers=_shown(entries[:PAGE], names), more=len(entries) > PAGE, may_write=may)


def history(ctx: CareContext, answer: UUID) -> History | None:
    """Return one answer with its corrections, or None when the record has no such answer."""
    with acting_as(ctx, detail={"answer": str(answer)}) as conn:
        entries = store.load_entries_around(conn, ctx.patient, answer)
        names = store.load_names(conn, ctx.patient)
        may = _may_write(conn, ctx)
    shown = _shown(chain(entries, answer), names)
    found = next((one for one in shown if one.entry.id == answer), None)
    return History(shown=found, chain=shown, may_write=may) if found else None


def _may_write(conn: PersonConnection, ctx: CareContext) -> bool:
    held = load_held(conn, ctx.patient)
    return isinstance(decide(held, Permission.ANSWERS_WRITE, rights()), Allowed)


def older_than(page: Page, wanted: Wanted) -> Wanted | None:
    """Return what the next page asks for."""
    if not page.more or not page.answers:
        return None
    last = page.answers[-1].entry
    return replace(wanted, before=last.answered_at, before_id=last.id)


def _shown(entries: Iterable[Entry], names: Mapping[UUID, str]) -> tuple[Shown, ...]:
    return tuple(
        Shown(entry=entry, edition=edition_of(entry), name=names.get(entry.entered_by, ""))
        for entry in entries
    )
