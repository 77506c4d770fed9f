"""The trace of what a person does with his own account: no patient, no right of a circle."""

from typing import Any, Literal

from psycopg.types.json import Jsonb

from core import clock
from core.audit.detail import check_detail
from core.doors import Actor, PersonConnection
from core.sqlfile import load_queries

AccountAct = Literal["account:terms"]


def note_account(
    conn: PersonConnection, actor: Actor, act: AccountAct, detail: dict[str, Any]
) -> None:
    """Write one act of a person on his own account into the audit trail."""
    check_detail(detail)
    conn.execute(
        load_queries("core")["note_access"],
        {
            "at": clock.now(),
            "person": actor.person,
            "post": actor.post,
            "session": actor.session,
            "purpose": actor.purpose,
            "action": "C",
            "permission": act,
            "patient": None,
            "outcome": "success",
            "role": None,
            "basis": None,
            "entity_kind": "account",
            "entity_id": None,
            "detail": Jsonb(detail),
        },
    )
