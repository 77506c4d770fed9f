"""Which questionnaires can be answered for a patient now: his open tasks, then any in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.doors import CareContext, acting_as
from questionnaires import answers_store as store
from questionnaires.library_service import load_edition
from questionnaires.questionnaire import Questionnaire

BEDSIDE: Final = "bedside-measures"
"""Filled in by whoever visits, on a page of its own: nobody asks it of a patient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A questionnaire to answer; `key` names it in a form, `task` is None when it is unplanned."""

    edition: Questionnaire
    task: None = None

    @property
    def key(self) -> str:
        """Return the name of this choice in a form."""
        return self.edition.digest


def choices_for(ctx: CareContext) -> list[Choice]:
    """Return what can be answered for a patient, his open tasks first; needs `answers:write`."""
    with acting_as(ctx) as conn:
        digests = store.load_active(conn)
    editions = [load_edition(digest) for digest in digests]
    return [Choice(edition=edition) for edition in editions if edition.name != BEDSIDE]


def chosen(choices: Sequence[Choice], key: str) -> Choice | None:
    """Return the choice a form names."""
    return next((choice for choice in choices if choice.key == key), None)
