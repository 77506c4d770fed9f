"""What leaves of the trail: an export of a span, and the continuous way to a Syslog collector.

The collector is sent sealed ranges alone, in the order of the seals, each followed by its seal;
a bookmark in the database says up to where. A batch that fails is sent again: at least once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from psycopg.rows import class_row

from core import clock
from core.audit.events import Event, Seal
from core.audit.fhir import Json, to_audit_event
from core.audit.sealing import AT_ONCE
from core.audit.syslog import Collector, Link, connected, event_message, seal_message
from core.doors import Service, ServiceConnection, note_run, serving
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

MOST_EVENTS: Final = 5000
MOST_SEALS: Final = 500


@dataclass(frozen=True, slots=True)
class Leaving(Event):
    """An event with the organisation of its post, which is not chained but told."""

    organisation: UUID | None


@dataclass(frozen=True, slots=True)
class _Bookmark:
    seal_id: int
    head: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """What one pass sent, and how many seals wait still."""

    events: int
    seals: int
    behind: int


def export_span(
    since: datetime, until: datetime, server: str, take: Callable[[Event, Json], None]
) -> int:
    """Give every event of [since, until) to `take`, as itself and as an AuditEvent.

    The export is noted in the trail. Returns how many events were given.
    """
    given = 0
    with serving(Service.ADMINISTRATION) as conn:
        params = {"since": since, "until": until}
        for event in _stream(conn, "events_of_span", params):
            take(event, _resource(event, server))
            given += 1
        note_run(
            conn,
            Service.ADMINISTRATION,
            "export of the audit trail",
            since=since.isoformat(),
            until=until.isoformat(),
            events=given,
        )
    return given


def forward_sealed(collector: Collector, name: str, server: str) -> Forwarded:
    """Send what was sealed since the bookmark of `name`; OSError when the collector fails.

    The transaction stays open while sending, so that two processes do not send the same; it has
    written nothing by then and holds nobody up.
    """
    queries, host = load_queries("core"), urlsplit(server).hostname or "-"
    with serving(Service.SEALER) as conn:
        lock = conn.execute(queries["forwarder_lock"]).fetchone()
        at = fetch_one(conn, queries["forwarded"], {"collector": name}, _Bookmark)
        if at is None or not (lock and lock[0]):
            return Forwarded(events=0, seals=0, behind=0)
        params = {"after": at.seal_id, "most": MOST_SEALS}
        seals = _bounded(fetch_all(conn, queries["seals_after"], params, Seal))
        if not seals:
            return Forwarded(events=0, seals=0, behind=0)
        with connected(collector) as link:
            events = sum(_send_seal(conn, link, seal, server, host) for seal in seals)
        done = {"collector": name, "seal_id": seals[-1].id, "now": clock.now()}
        conn.execute(queries["save_forwarded"], done)
        return Forwarded(events=events, seals=len(seals), behind=at.head - seals[-1].id)


def _bounded(seals: list[Seal]) -> list[Seal]:
    """The first seals that together cover a batch; one that alone is larger goes alone."""
    taken, events = list[Seal](), 0
    for seal in seals:
        if taken and events + seal.count > MOST_EVENTS:
            break
        taken.append(seal)
        events += seal.count
    return taken


def _send_seal(conn: ServiceConnection, link: Link, seal: Seal, server: str, host: str) -> int:
    params = {"chain": seal.chain, "from_xid": seal.from_xid, "before_xid": seal.before_xid}
    sent = 0
    for event in _stream(conn, "events_leaving", params):
        link.send(event_message(event, _resource(event, server), host))
        sent += 1
    link.send(seal_message(seal, host))
    return sent


def _resource(event: Leaving, server: str) -> Json:
    return to_audit_event(event, organisation=event.organisation, server=server)


def _stream(conn: ServiceConnection, query: str, params: Mapping[str, object]) -> Iterator[Leaving]:
    with conn.cursor("leaving", row_factory=class_row(Leaving)) as cursor:
        cursor.itersize = AT_ONCE
        yield from cursor.execute(load_queries("core")[query], params)
