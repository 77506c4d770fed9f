"""Use cases of one's own sessions: see them, end one, end all, be told of a new browser."""

from datetime import datetime
from uuid import UUID

from core.doors import Actor, GateConnection, acting_as
from core.ids import new_id
from identity.store import administration as rows
from identity.store.administration import OwnSession
from messages.message import Message, Template
from messages.service import mail_of, put_out


def own_sessions(actor: Actor) -> list[OwnSession]:
    """Return the live sessions of whoever acts, the latest used first."""
    with acting_as(actor) as conn:
        return rows.load_own_sessions(conn)


def end_session(actor: Actor, session: UUID) -> bool:
    """End one of my sessions: refused at its next request, its sockets closed within 5 s."""
    with acting_as(actor) as conn:
        return rows.end_own_sessions(conn, session) > 0


def end_all_sessions(actor: Actor) -> int:
    """Sign out everywhere, here and on remembered phones too; return how many ended."""
    with acting_as(actor) as conn:
        return rows.end_own_sessions(conn, None)


def tell_of_new_browser(conn: GateConnection, person: UUID, locale: str, now: datetime) -> None:
    """Mail the owner that somebody signed in from a browser he never used; no content, no name."""
    address = mail_of(conn, person)
    if address is None:
        return
    message = Message(
        key=f"new-browser:{new_id(now)}",
        recipient=person,
        address=address,
        template=Template.NEW_BROWSER,
        params={},
        locale=locale,
    )
    put_out(conn, message, now)
