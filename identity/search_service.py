"""Use case: finding a patient, bounded and written down, for posts with `patients:search`."""

from dataclasses import dataclass
from typing import Final, Literal, assert_never

from core.access import Permission
from core.doors import Actor, PersonConnection, acting_as, note_access
from identity.search import MOST_FOUND, ByIns, ByTraits, FoundPatient
from identity.store import search as store

MOST_SEARCHES: Final = 40
SEARCH_MINUTES: Final = 10
"""A person makes at most 40 searches in 10 minutes (proposed): enough at a busy desk, too few to
walk through a register."""


@dataclass(frozen=True, slots=True)
class Found:
    """Who was found; `more` says that others were left out."""

    patients: tuple[FoundPatient, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class TooManySearches:
    """The person has to wait before searching again."""


def find_patients(actor: Actor, asked: ByTraits | ByIns) -> Found | TooManySearches:
    """Find people; each of them can read in his journal that he was found, and by whom.

    The words of the search are not written down: they are names, and the trail holds none.
    Without the right `patients:search` the database finds nobody.
    """
    with acting_as(actor) as conn:
        if not store.note_search(conn, most=MOST_SEARCHES, minutes=SEARCH_MINUTES):
            _note(conn, actor, "refused", {"reason": "too_many"})
            return TooManySearches()
        found = _find(conn, asked)
        shown = tuple(found[:MOST_FOUND])
        _note(conn, actor, "success", {"by": _kind(asked), "found": len(shown)})
        for one in shown:
            note_access(conn, actor, Permission.PATIENTS_SEARCH, one.patient_id, "E")
    return Found(shown, more=len(found) > MOST_FOUND)


def _find(conn: PersonConnection, asked: ByTraits | ByIns) -> list[FoundPatient]:
    match asked:
        case ByTraits():
            return store.find_by_traits(conn, asked, most=MOST_FOUND + 1)
        case ByIns(ins=ins):
            return store.find_by_ins(conn, ins.number, most=MOST_FOUND + 1)
        case _:
            assert_never(asked)


def _kind(asked: ByTraits | ByIns) -> str:
    return "ins" if isinstance(asked, ByIns) else "traits"


def _note(
    conn: PersonConnection,
    actor: Actor,
    outcome: Literal["success", "refused"],
    detail: dict[str, object],
) -> None:
    note_access(conn, actor, Permission.PATIENTS_SEARCH, None, "E", detail, outcome=outcome)
