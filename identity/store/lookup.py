"""Who is behind a sign-in name, for the administrator's commands."""

from dataclasses import dataclass
from uuid import UUID

from core.doors import ServiceConnection
from core.rows import fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("identity")


@dataclass(frozen=True, slots=True)
class Named:
    """The person behind a sign-in name."""

    person: UUID


def load_named(conn: ServiceConnection, login: str) -> UUID | None:
    """Return the person who signs in, or signed in, with a name; in lower case."""
    found = fetch_one(conn, _SQL["person_of_login"], {"login": login}, Named)
    return found.person if found else None
