"""Looking people up for the administrator's commands."""

from uuid import UUID

from core.doors import Service, serving
from identity.store.lookup import load_named


def person_of_login(login: str) -> UUID | None:
    """Return the person behind a sign-in name, suspended or not; None when there is none."""
    with serving(Service.ADMINISTRATION) as conn:
        return load_named(conn, login.strip().lower())
