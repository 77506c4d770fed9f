"""Use case of a first page: what waits for somebody and which of his records changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from alerts.store import timeline as alerts
from coordination.homes.professions import Home, Section, home_of_role
from coordination.homes.waiting_service import SOURCES, VISITS
from coordination.timeline import circle_store, note_store
from core.access import Permission
from core.changes import Change, ChangeSource, Waiting, WaitingSource
from core.doors import Actor, acting_as, note_access
from questionnaires import timeline_store as questions

CHANGED: Final[tuple[ChangeSource, ...]] = (
    alerts.CHANGED,
    note_store.CHANGED,
    questions.CHANGED,
    circle_store.CHANGED,
)
"""What makes a record changed, one line for each room."""
NEW_FOR: Final = timedelta(days=7)
"""What is older is not told as new, however long ago somebody looked (proposed)."""
MOST_CHANGED: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A record in which something came since its reader was there last."""

    patient_id: UUID
    name: str
    last_at: datetime
    kinds: tuple[tuple[str, int], ...]
    """The msgid of each kind, and how often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """What a first page shows beside the patients and their alerts."""

    home: Home
    visits: list[Waiting]
    waiting: list[Waiting]
    changed: list[Changed]


def home_page(actor: Actor, role: str | None, today: date, now: datetime) -> HomePage:
    """Return what stands on the first page of the post somebody acts in."""
    home = home_of_role(role)
    waits = home.has(Section.WAITING) or home.kind == "family"
    return HomePage(
        home=home,
        visits=_gather(VISITS, actor, role, today) if home.has(Section.VISITS) else [],
        waiting=in_order(_gather(SOURCES, actor, role, today)) if waits else [],
        changed=_changed(actor, now) if home.has(Section.CHANGED) else [],
    )


def _gather(
    sources: Iterable[WaitingSource], actor: Actor, role: str | None, today: date
) -> list[Waiting]:
    return [one for source in sources for one in source.load(actor, role, today)]


def in_order(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Return what is urgent first, then what has waited longest."""
    return sorted(waiting, key=lambda one: (not one.urgent, one.at, one.key))


def _changed(actor: Actor, now: datetime) -> list[Changed]:
    """Ask each room; that he was told of these records is traced, in no record's own journal:
    there it would tell of a note that is withheld from the patient."""
    with acting_as(actor) as conn:
        found = [(one.label, one.load(conn, now - NEW_FOR, MOST_CHANGED)) for one in CHANGED]
        records = by_record(found)[:MOST_CHANGED]
        if records:
            about = {"patients": [str(one.patient_id) for one in records]}
            note_access(conn, actor, Permission.CIRCLE_READ, None, "R", about)
    return records


def by_record(found: Iterable[tuple[str, list[Change]]]) -> list[Changed]:
    """Gather changes by record, the latest first; of merged ones each kind once."""
    gathered: dict[UUID, tuple[str, datetime, list[tuple[str, int]]]] = {}
    for label, changes in found:
        for one in changes:
            name, last_at, kinds = gathered.get(one.patient_id, (one.name, one.last_at, []))
            known = dict(kinds)
            known[label] = known.get(label, 0) + one.times
            gathered[one.patient_id] = (name, max(last_at, one.last_at), list(known.items()))
    records = [
        Changed(patient_id=patient, name=name, last_at=last_at, kinds=tuple(kinds))
        for patient, (name, last_at, kinds) in gathered.items()
    ]
    return sorted(records, key=lambda one: (one.last_at, str(one.patient_id)), reverse=True)
