"""Use cases: finding somebody in the directory, keeping him at hand, saying what one offers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from core.doors import Actor, CareContext, Service, acting_as, note_run, serving
from identity.finding import store
from identity.finding.communes import Centre
from identity.finding.entry import Asked, Commune, Entry, Offer

MOST_SHOWN: Final = 30
"""Entries shown for one search (proposed)."""


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """An entry the actor speaks for, with its private number."""

    entry: Entry
    private: str | None


def search(actor: Actor, asked: Asked, near: Commune | None = None) -> list[Entry]:
    """Find entries for a post with `directory:read`, one more than are shown."""
    with acting_as(actor) as conn:
        return store.search(conn, asked, near.code if near else None, most=MOST_SHOWN + 1)


def entry(actor: Actor, party: UUID, near: Commune | None = None) -> Entry | None:
    """Return one entry, a closed one too."""
    with acting_as(actor) as conn:
        return store.load_entry(conn, party, near.code if near else None)


def own_offer(actor: Actor, party: UUID) -> OwnOffer | None:
    """Return an entry with its private number to whoever speaks for it; None to others."""
    with acting_as(actor) as conn:
        found = store.load_entry(conn, party, None)
        if found is None or not store.speaks_for(conn, party):
            return None
        return OwnOffer(found, store.load_private_number(conn, party))


def may_say(actor: Actor, party: UUID) -> bool:
    """Say whether the actor may change what an entry says of itself."""
    with acting_as(actor) as conn:
        return store.speaks_for(conn, party)


def say(actor: Actor, party: UUID, offer: Offer) -> bool:
    """Write what an entry says of itself; False for whoever does not speak for it."""
    with acting_as(actor) as conn:
        return store.save_offer(conn, party, offer)


def star(actor: Actor, party: UUID, *, starred: bool) -> bool:
    """Keep an entry at hand, or no longer; False where there is none."""
    with acting_as(actor) as conn:
        return store.save_star(conn, party, starred=starred)


def commune_of_patient(ctx: CareContext) -> Commune | None:
    """Return the commune of the patient in hand."""
    with acting_as(ctx, detail={"looked_for": "commune"}) as conn:
        return store.load_patient_commune(conn, ctx.patient)


def import_communes(centres: Iterable[Centre]) -> int:
    """Take communes and their centres; return how many were new or changed."""
    with serving(Service.ADMINISTRATION) as conn:
        changed = store.save_communes(conn, centres)
        note_run(conn, Service.ADMINISTRATION, "communes_import", changed=changed)
    return changed
