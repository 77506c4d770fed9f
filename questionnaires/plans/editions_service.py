"""Which edition of a questionnaire is asked from now on, and what it is called."""

from collections.abc import Iterable

from questionnaires.library_service import UnknownEditionError, active_edition
from questionnaires.questionnaire import said


def active_digests(names: Iterable[str]) -> dict[str, str]:
    """Return the published edition of each name that has one. Opens transactions of its own."""
    found = {}
    for name in names:
        try:
            found[name] = active_edition(name).digest
        except UnknownEditionError:
            continue
    return found


def title_of(name: str, locale: str) -> str:
    """Return the title of a questionnaire's published edition, else its name."""
    try:
        return said(active_edition(name).title, locale)
    except UnknownEditionError:
        return name
