"""Use cases of explanations: why can a person see something of a record, or why not."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from coordination import items_store as store
from coordination.items_store import Person
from core import clock
from core.access import Permission
from core.doors import CareContext, Service, acting_as, note_run, serving
from core.explain import Explained, Opens, Tie, explain
from core.items import (
    NEVER_WITHHELD_TO,
    READING,
    HiddenFrom,
    ItemKind,
    KeptFrom,
    NotCommunicable,
    Reader,
    SignedItem,
    TooSensitive,
    why_hidden,
)
from core.rights import rights


@dataclass(frozen=True, slots=True, kw_only=True)
class NotShown:
    """One item that the role would show and an exception does not."""

    item: SignedItem
    why: NotCommunicable | TooSensitive | HiddenFrom


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Why a person may or may not, and which items are excepted."""

    person: Person
    permission: Permission
    explained: Explained
    not_shown: list[NotShown]


@dataclass(frozen=True, slots=True)
class NoSuchPerson:
    """Nobody of that id was ever tied to the patient."""


def people(ctx: CareContext) -> list[Person]:
    """Return whom one may ask about: whoever was ever tied to the patient; needs `audit:read`."""
    with acting_as(ctx, detail={"what": "people"}) as conn:
        return store.load_people(conn, ctx.patient)


def explain_person(ctx: CareContext, person: UUID, permission: Permission) -> Answer | NoSuchPerson:
    """Explain one permission of a person; needs `audit:read`.

    Exceptions are named as far as the one who asks reads the items himself.
    """
    detail = {"person": str(person), "asked": permission}
    with acting_as(ctx, detail=detail) as conn:
        found = next((p for p in store.load_people(conn, ctx.patient) if p.person == person), None)
        if found is None:
            return NoSuchPerson()
        ties = store.load_ties(conn, ctx.patient, person)
        kind = _kind_read_by(permission)
        items = store.load_items(conn, ctx.patient, kind) if kind else []
        hidings = store.load_hidings(conn, ctx.patient)
    return _answer(found, permission, ties, items, hidings)


def explain_to_administrator(
    patient: UUID, person: UUID, permission: Permission
) -> Answer | NoSuchPerson:
    """Explain one permission of any person, for the command line; the run is audited."""
    with serving(Service.ADMINISTRATION) as conn:
        note_run(
            conn,
            Service.ADMINISTRATION,
            "explain",
            person=person.hex,
            patient=patient.hex,
            asked=permission.value,
        )
        found = store.load_person(conn, person)
        if found is None:
            return NoSuchPerson()
        ties = store.load_ties_of(conn, patient, person)
        kind = _kind_read_by(permission)
        items = store.load_items_of(conn, patient, kind) if kind else []
        kept_from = store.load_kept_from(conn, patient)
    return _answer(found, permission, ties, items, kept_from)


def _kind_read_by(permission: Permission) -> ItemKind | None:
    return next((kind for kind, reading in READING.items() if reading == permission), None)


def _answer(
    person: Person,
    permission: Permission,
    ties: list[Tie],
    items: Iterable[SignedItem],
    kept_from: Iterable[KeptFrom],
) -> Answer:
    now = clock.now()
    explained = explain(ties, permission, rights(), now)
    not_shown = []
    if isinstance(explained.reason, Opens):
        reader = _reader(person.person, explained.reason.tie, ties)
        known = {item.item_id: item for item in items}
        hidden = list(kept_from)
        for item in known.values():
            why = why_hidden(item, hidden, reader)
            root = known.get(item.within) if item.within else None
            if why is None and root is not None and item.author != reader.person:
                why = why_hidden(root, hidden, reader)
            if why is not None:
                not_shown.append(NotShown(item=item, why=why))
    return Answer(person=person, permission=permission, explained=explained, not_shown=not_shown)


def _reader(person: UUID, through: Tie, ties: list[Tie]) -> Reader:
    """Return the person as he reads in the post of the tie that lets him in."""
    now = clock.now()
    roles = {tie.role for tie in ties if tie.is_live(now) and tie.post in (None, through.post)}
    return Reader(
        person=person,
        organisation=through.organisation,
        stands_for=through.stands_for,
        roles=frozenset(roles),
        was_family=any(tie.post is None and tie.role in NEVER_WITHHELD_TO for tie in ties),
    )
