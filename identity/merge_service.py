"""Use cases: records that may be of one person, read as one or apart, and back.

Merging is a link and rewrites nothing: reads resolve it, ending it restores what was. It opens the
record of one circle to the other, so the database takes only a pair it was shown by the system,
and never from the person who registered one of the two.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from core import clock
from core.access import Permission
from core.doors import Actor, PersonConnection, acting_as, note_access
from core.ids import new_id
from identity.records import Merge, Pair, pairs_of
from identity.store import records as store

MOST_PAIRS: Final = 100


@dataclass(frozen=True, slots=True)
class Done:
    """The pair is judged, or the link ended."""


@dataclass(frozen=True, slots=True)
class CannotMerge:
    """The records cannot be read as one; `reason` is a text of the interface, in English."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoReason:
    """A merge, its end and a verdict need a reason."""


MERGE_REFUSAL_SENTENCES: Final[dict[str, str]] = {
    "not_allowed": "Your post does not merge records.",
    "gone": "Somebody has judged this pair already. Nothing was changed.",
    "own": "You registered one of these records: somebody else has to merge them.",
    "two_ins": "These records have two different INS numbers: they are of two persons.",
    "chain": "One of these records is merged with another one: separate those first.",
    "watched": (
        "One of these records is followed at home and the other is archived or not shared: share "
        "or reopen it first."
    ),
}


def pairs(actor: Actor) -> tuple[list[Pair], list[Merge]]:
    """Return the pairs to judge and the records merged now; needs `patients:merge`."""
    with acting_as(actor) as conn:
        found = pairs_of(store.load_suspects(conn, None, MOST_PAIRS))
        merged = store.load_merges(conn, None, MOST_PAIRS)
        _note(conn, actor, "R", [side.patient_id for pair in found for side in pair.sides])
    return found, merged


def pair(actor: Actor, pair_id: UUID) -> Pair | None:
    """Return one pair to judge, the preview of its merge; needs `patients:merge`."""
    with acting_as(actor) as conn:
        found = next(iter(pairs_of(store.load_suspects(conn, pair_id, 1))), None)
        _note(conn, actor, "R", [side.patient_id for side in found.sides] if found else [])
    return found


def merge(actor: Actor, pair_id: UUID, keep: UUID, reason: str) -> Done | CannotMerge | NoReason:
    """Read the two records of a pair as one, under the traits of `keep`."""
    if not reason.strip():
        return NoReason()
    with acting_as(actor) as conn:
        found = next(iter(pairs_of(store.load_suspects(conn, pair_id, 1))), None)
        said = store.merge_pair(
            conn, id=new_id(clock.now()), pair=pair_id, keep=keep, reason=reason.strip()
        )
        done = said == "merged"
        _note(conn, actor, "U", [s.patient_id for s in found.sides] if found else [], done=done)
    return Done() if done else CannotMerge(MERGE_REFUSAL_SENTENCES[said])


def part(actor: Actor, pair_id: UUID, reason: str) -> Done | CannotMerge | NoReason:
    """Note that the two records of a pair are of two persons."""
    if not reason.strip():
        return NoReason()
    with acting_as(actor) as conn:
        found = next(iter(pairs_of(store.load_suspects(conn, pair_id, 1))), None)
        done = store.part_pair(conn, pair_id, reason.strip())
        _note(conn, actor, "U", [s.patient_id for s in found.sides] if found else [], done=done)
    return Done() if done else CannotMerge(MERGE_REFUSAL_SENTENCES["gone"])


def unlink(actor: Actor, link_id: UUID, reason: str) -> Done | CannotMerge | NoReason:
    """Read two merged records apart again, each as it was."""
    if not reason.strip():
        return NoReason()
    with acting_as(actor) as conn:
        link = next(iter(store.load_merges(conn, link_id, 1)), None)
        done = store.unlink_pair(conn, link_id, reason.strip())
        touched = [link.kept_id, link.merged_id] if link else []
        _note(conn, actor, "U", touched, done=done)
    return Done() if done else CannotMerge(MERGE_REFUSAL_SENTENCES["gone"])


def _note(
    conn: PersonConnection, actor: Actor, action: str, patients: list[UUID], *, done: bool = True
) -> None:
    """Write the act down for each record it concerns, or once when it concerns none."""
    for patient in dict.fromkeys(patients) or [None]:
        note_access(
            conn,
            actor,
            Permission.PATIENTS_MERGE,
            patient,
            "U" if action == "U" else "R",
            outcome="success" if done else "refused",
        )
