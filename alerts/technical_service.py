"""Looking for technical troubles, and the queue in which people deal with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from prometheus_client import Gauge

from alerts.store import technical as store
from alerts.store.technical import TroubleRow
from alerts.technical import OF_THE_SERVICE, Changes, Found, reconcile
from core import clock
from core.doors import Actor, Service, ServiceConnection, acting_as, serving
from messages.message import Occurrence
from messages.service import tell_operator

_log = structlog.get_logger("alerts")
_OPEN = Gauge("chevet_technical_troubles", "Technical troubles that last")
SHOWN_CLEARED: Final = timedelta(days=7)
"""As long as a trouble that is gone is still shown."""
LONGEST_NOTE: Final = 500


@dataclass(frozen=True, slots=True)
class NoteTooLong:
    """The note is longer than LONGEST_NOTE characters: nothing was changed."""


def look(now: datetime, elsewhere: Iterable[Found] = ()) -> Changes | None:
    """Open, change and clear troubles; `elsewhere` are those no table shows.

    None when another process is looking. What no nurse can mend is told to the operator, once for
    each time it begins.
    """
    with serving(Service.HEARTBEAT) as conn:
        if not store.look_alone(conn):
            return None
        found = [*store.find(conn, now), *elsewhere]
        changes = reconcile(store.load_known(conn), found)
        for one in changes.opened:
            _begin(conn, one, now)
        for one in changes.changed:
            store.change_trouble(conn, one)
        for name in changes.cleared:
            store.clear_trouble(conn, name, now)
    _OPEN.set(len(found))
    return changes


def _begin(conn: ServiceConnection, one: Found, now: datetime) -> None:
    if not store.open_trouble(conn, one, now):
        return
    _log.warning("technical_trouble", kind=one.name.kind)
    if one.name.kind in OF_THE_SERVICE:
        reference = f"{one.name.kind}:{one.name.subject}:{now:%Y-%m-%d %H:%M}"
        tell_operator(conn, Occurrence.TECHNICAL_TROUBLE, reference, now)


def troubles(actor: Actor) -> tuple[TroubleRow, ...]:
    """Return what concerns the acting organisation, with what ended in the last days."""
    with acting_as(actor) as conn:
        return tuple(store.load_queue(conn, clock.now() - SHOWN_CLEARED))


def take(
    actor: Actor, trouble: UUID, note: str = "", *, give_back: bool = False
) -> bool | NoteTooLong:
    """Say who deals with a trouble, or give it back; False when it is gone or another's."""
    words = note.strip()
    if len(words) > LONGEST_NOTE:
        return NoteTooLong()
    with acting_as(actor) as conn:
        return store.take(conn, trouble, words, give_back=give_back)
