"""Ways to people that do not lead to them: noted by the machine or by who called, and cleared."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from core.doors import ServiceConnection
from core.ids import new_id
from core.sqlfile import load_queries

_SQL = load_queries("messages")
FaultyWay = Literal["email", "sms", "phone", "push"]
FaultReason = Literal["not_mobile", "refused", "undeliverable", "wrong_number", "gone"]


def note_fault(
    conn: ServiceConnection, party: UUID, way: FaultyWay, reason: FaultReason, now: datetime
) -> None:
    """Note, once, that a way does not lead to a party, in the caller's transaction."""
    params = {"id": new_id(now), "party": party, "channel": way, "reason": reason, "now": now}
    conn.execute(_SQL["note_fault"], params)


def clear_fault(conn: ServiceConnection, party: UUID, way: FaultyWay, now: datetime) -> None:
    """Note that a way leads to a party again."""
    conn.execute(_SQL["clear_fault"], {"party": party, "channel": way, "now": now})
