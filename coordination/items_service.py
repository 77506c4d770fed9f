"""Use cases of an item's own rights: hide it from a member, show it again, flag it sensitive."""

from dataclasses import dataclass
from uuid import UUID

from coordination import items_store, store
from coordination.notes import FromParty, FromRole, parse_audience
from core import clock
from core.access import MISSIONS, Role
from core.doors import CareContext, PersonConnection, acting_as, note_access
from core.ids import new_id
from core.items import (
    IN_CHARGE,
    Item,
    ItemKind,
    NeverHidden,
    Sensitivity,
    may_decide,
    may_lift,
    parse_kind,
    why_hidden,
)


@dataclass(frozen=True, slots=True)
class Hidden:
    """Not shown from now on to `name`, or to whoever holds `role`."""

    name: str | None
    kind: str | None
    role: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """Shown again, as far as roles let."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """The item is as sensitive as asked."""

    sensitivity: Sensitivity


@dataclass(frozen=True, slots=True)
class NoSuchItem:
    """The actor reads no such item."""


@dataclass(frozen=True, slots=True)
class NotYours:
    """The actor reads the item but others decide who sees it."""


@dataclass(frozen=True, slots=True)
class NoSuchAudience:
    """Nobody in the circle is meant."""


@dataclass(frozen=True, slots=True)
class NotFromAuthor:
    """Nothing is hidden from its author."""


@dataclass(frozen=True, slots=True)
class NotFromPatient:
    """Nothing is hidden from the patient."""


@dataclass(frozen=True, slots=True)
class NotFromDoctor:
    """What is withheld from the family stays open to the doctors in charge: they judge it."""


@dataclass(frozen=True, slots=True)
class AlreadyHidden:
    """It is hidden from them already."""


Refusal = NeverHidden | NoSuchItem | NotYours
NoAudience = NoSuchAudience | NotFromAuthor | NotFromPatient | NotFromDoctor
HideOutcome = Hidden | Refusal | NoAudience | AlreadyHidden


def hide(ctx: CareContext, raw_kind: str, item: UUID, audience: str, reason: str) -> HideOutcome:
    """Hide an item from `party:<uuid>` or `role:<name>`; needs `items:hide`.

    Measurements, allergies and alerts are refused by name: the responder on duty judges by them.
    """
    kind = parse_kind(raw_kind)
    if not isinstance(kind, ItemKind):
        return kind or NoSuchItem()
    now = clock.now()
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        found = _deciding(conn, ctx, kind, item)
        meant = _audience(conn, ctx, found, audience) if isinstance(found, Item) else found
        detail = {"item": str(item), "hidden_from": _code(audience)}
        _note(conn, ctx, detail, done=isinstance(meant, Hidden))
        if not isinstance(meant, Hidden):
            return meant
        target = parse_audience(audience)
        party = target.party if isinstance(target, FromParty) else None
        for hiding in items_store.load_hidings(conn, ctx.patient):
            if (hiding.item_id, hiding.party, hiding.role) == (item, party, meant.role):
                return AlreadyHidden()
        items_store.save_hiding(
            conn,
            id=new_id(now),
            item=item,
            party=party,
            role=meant.role,
            by=ctx.actor.person,
            now=now,
            reason=reason.strip()[:300] or None,
        )
    return meant


def _audience(
    conn: PersonConnection, ctx: CareContext, item: Item, audience: str
) -> Hidden | NoAudience:
    """Return whom the form means, in words, or why nothing can be hidden from them."""
    match parse_audience(audience):
        case FromRole(role=Role.PATIENT):
            return NotFromPatient()
        case FromRole(role=role) if item.withheld and role in IN_CHARGE:
            return NotFromDoctor()
        case FromRole(role=role):
            return NoSuchAudience() if role in MISSIONS else Hidden(None, None, role)
        case FromParty(party=party):
            if party == item.author:
                return NotFromAuthor()
            if party == ctx.patient:
                return NotFromPatient()
            if item.withheld and party in items_store.load_doctors(conn, ctx.patient):
                return NotFromDoctor()
            now = clock.now()
            for member in store.load_members(conn, ctx.patient):
                if member.party == party and member.is_live(now):
                    return Hidden(member.name, member.kind, None)
            return NoSuchAudience()
        case _:
            return NoSuchAudience()


def _code(audience: str) -> str:
    """Return whom a form means, as the audit trail says it: nothing that was typed."""
    match parse_audience(audience):
        case FromRole(role=role):
            return f"role:{role}"
        case FromParty(party=party):
            return f"party:{party}"
        case _:
            return "nobody"


def show(ctx: CareContext, raw_kind: str, item: UUID, hiding: UUID) -> Shown | Refusal:
    """Show an item again to those one hiding names; needs `items:hide`."""
    kind = parse_kind(raw_kind)
    if not isinstance(kind, ItemKind):
        return kind or NoSuchItem()
    now = clock.now()
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        found = _deciding(conn, ctx, kind, item)
        outcome: Shown | NoSuchItem | NotYours
        outcome = _lifting(conn, ctx, found, hiding) if isinstance(found, Item) else found
        detail = {"item": str(item), "hiding": f"id:{hiding}"}
        _note(conn, ctx, detail, done=isinstance(outcome, Shown))
        if isinstance(outcome, Shown):
            items_store.save_shown(conn, item, hiding, by=ctx.actor.person, now=now)
    return outcome


def _lifting(
    conn: PersonConnection, ctx: CareContext, item: Item, hiding: UUID
) -> Shown | NoSuchItem | NotYours:
    for found in items_store.load_hidings(conn, ctx.patient):
        if (found.id, found.item_id) == (hiding, item.item_id):
            mine = may_lift(item, found.by, ctx.actor.person, _roles(conn, ctx))
            return Shown() if mine else NotYours()
    return NoSuchItem()


def flag(
    ctx: CareContext, raw_kind: str, item: UUID, sensitivity: Sensitivity
) -> Flagged | Refusal:
    """Flag an item as sensitive, or lift the flag; needs `items:hide`."""
    kind = parse_kind(raw_kind)
    if not isinstance(kind, ItemKind):
        return kind or NoSuchItem()
    now = clock.now()
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        found = _deciding(conn, ctx, kind, item)
        if isinstance(found, Item) and not _flags(conn, ctx, found):
            found = NotYours()
        detail = {"item": str(item), "sensitivity": sensitivity}
        _note(conn, ctx, detail, done=isinstance(found, Item))
        if not isinstance(found, Item):
            return found
        items_store.save_sensitivity(
            conn, ctx.patient, item, sensitivity, by=ctx.actor.person, now=now
        )
    return Flagged(sensitivity)


def _flags(conn: PersonConnection, ctx: CareContext, item: Item) -> bool:
    return may_lift(item, item.flagged_by, ctx.actor.person, _roles(conn, ctx))


def _note(conn: PersonConnection, ctx: CareContext, detail: dict[str, str], *, done: bool) -> None:
    note_access(
        conn,
        ctx.actor,
        ctx.permission,
        ctx.patient,
        "U",
        detail,
        outcome="success" if done else "refused",
        through=ctx.through,
    )


def _deciding(
    conn: PersonConnection, ctx: CareContext, kind: ItemKind, item: UUID
) -> Item | NoSuchItem | NotYours:
    found = items_store.load_item(conn, ctx.patient, kind, item)
    reader = items_store.load_reader(conn, ctx.patient, ctx.actor.person)
    kept_from = items_store.load_to_judge(conn, ctx.patient)
    if found is None or why_hidden(found, kept_from, reader) is not None:
        return NoSuchItem()
    return found if may_decide(found, reader.person, reader.roles) else NotYours()


def _roles(conn: PersonConnection, ctx: CareContext) -> frozenset[str]:
    return items_store.load_reader(conn, ctx.patient, ctx.actor.person).roles
