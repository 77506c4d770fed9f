"""Use cases of a training territory: entering it, counting it apart, forgetting it."""

from uuid import UUID

from core.doors import Service, note_run, serving
from identity.store import training as store


def enter_training(party: UUID) -> UUID:
    """Make a party that is still alone part of a training territory; return it.

    Raises psycopg.errors.CheckViolation when it shares a circle or a post with real people.
    """
    with serving(Service.ADMINISTRATION) as conn:
        store.enter_training(conn, party)
    return party


def forget_training() -> int:
    """Remove the training territory with all its records; return how many rows are gone.

    The audit trail keeps what was done there.
    """
    with serving(Service.ADMINISTRATION) as conn:
        rows = store.forget_training(conn)
        note_run(conn, Service.ADMINISTRATION, "forget training", rows=rows)
    return rows


def count_worlds() -> store.Worlds:
    """Count who is invented and who is real; anything that counts people counts these apart."""
    with serving(Service.ADMINISTRATION) as conn:
        return store.count_worlds(conn)
