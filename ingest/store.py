"""Typed functions over ingest's queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.types.multirange import Multirange
from psycopg.types.numeric import Int2

from core.doors import PersonConnection, ServiceConnection
from core.ids import new_id
from core.rows import fetch_all
from core.sqlfile import load_queries
from ingest.incoming import GatewayStatus
from ingest.quarantine import Quarantined, QuarantineEntry
from ingest.ranges import Ranges
from ingest.rows import DeviceEventRow, DueRow, ReadingRow, SampledRow, Stream, StreamKey

_SQL = load_queries("ingest")

POISON = (psycopg.DataError, psycopg.IntegrityError)
"""Errors of the database that speak of what is written; any other speaks of the database."""


@dataclass(frozen=True, slots=True)
class _LockedStream:
    id: int
    source: str
    epoch: str
    received: Multirange[int]


def lock_streams(
    conn: ServiceConnection, keys: Sequence[StreamKey], now: datetime
) -> dict[StreamKey, Stream]:
    """Lock the streams named, new ones included, until the transaction ends."""
    named = {"sources": [key.source for key in keys], "epochs": [key.epoch for key in keys]}
    conn.execute(_SQL["ensure_streams"], {**named, "now": now})
    locked = fetch_all(conn, _SQL["lock_streams"], named, _LockedStream)
    return {
        StreamKey(source=row.source, epoch=row.epoch): Stream(
            id=row.id, source=row.source, epoch=row.epoch, received=_ranges(row.received)
        )
        for row in locked
    }


def _ranges(received: Multirange[int]) -> Ranges:
    """Read the form PostgreSQL gives: lower bound included, upper bound not."""
    return Ranges(tuple((span.lower or 0, (span.upper or 0) - 1) for span in received))


def save_received(conn: ServiceConnection, fresh: dict[int, Ranges], now: datetime) -> None:
    """Add numbers to what streams (by id) have received."""
    params = {
        "ids": list(fresh),
        "numbers": [ranges.multirange for ranges in fresh.values()],
        "now": now,
    }
    conn.execute(_SQL["widen_streams"], params)


def save_readings(conn: ServiceConnection, rows: Sequence[ReadingRow], now: datetime) -> None:
    """Add single values."""
    _copy(
        conn,
        _SQL["copy_readings"],
        ("timestamptz", "timestamptz", "int4", "int4", "float4", "int2", "int2"),
        (
            (r.measured_at, now, r.patient_key, r.source, r.value, int(r.vital), int(r.quality))
            for r in rows
        ),
    )


def save_sampled(conn: ServiceConnection, rows: Sequence[SampledRow], now: datetime) -> None:
    """Add sampled stretches and the summaries of their minutes."""
    _copy(
        conn,
        _SQL["copy_sampled"],
        ("timestamptz", "timestamptz", "int4", "int4", "int4", "int2", "int2", "int2[]"),
        (
            (
                r.start_at,
                now,
                r.patient_key,
                r.source,
                r.period_ms,
                int(r.vital),
                int(r.quality),
                [None if sample is None else Int2(sample) for sample in r.samples],
            )
            for r in rows
        ),
    )
    _copy(
        conn,
        _SQL["copy_minutes"],
        ("timestamptz", "int4", "int2", "float4", "float4", "float4", "int2", "int2"),
        (
            (m.minute_at, r.patient_key, int(r.vital), m.low, m.median, m.high, m.count, q)
            for r in rows
            for m in r.minutes
            for q in (int(m.quality),)
        ),
    )


def _copy(
    conn: ServiceConnection,
    query: LiteralString,
    types: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    with conn.cursor() as cursor, cursor.copy(query) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def save_device_events(
    conn: ServiceConnection, rows: Sequence[DeviceEventRow], now: datetime
) -> None:
    """Add what happened to devices."""
    with conn.cursor() as cursor:
        cursor.executemany(
            _SQL["save_device_event"],
            [
                {
                    "id": new_id(now),
                    "now": now,
                    "source": row.source,
                    "device": row.device,
                    "patient": row.patient_key,
                    "event": row.event,
                    "at": row.at,
                    "detail": row.detail,
                }
                for row in rows
            ],
        )


def save_quarantined(conn: ServiceConnection, items: Sequence[Quarantined], now: datetime) -> None:
    """Keep what could not be used; the same thing that already waits there is not added."""
    with conn.cursor() as cursor:
        cursor.executemany(
            _SQL["save_quarantined"],
            [
                {
                    "id": new_id(now),
                    "now": now,
                    "source": item.source,
                    "epoch": item.epoch,
                    "item_number": item.item_number,
                    "reason": item.reason,
                    "detail": item.printable_detail,
                    "device": item.device,
                    "patient": item.patient_key,
                    "measured_at": item.measured_at,
                    "payload": item.kept,
                    "digest": item.digest,
                }
                for item in items
            ],
        )


def save_dues(conn: ServiceConnection, dues: Sequence[DueRow], now: datetime) -> None:
    """Ask for the review of patients with readings received at `now`."""
    conn.execute(
        _SQL["save_due"],
        {
            "patients": [due.patient_key for due in dues],
            "from_times": [due.from_time for due in dues],
            "until_times": [due.until_time for due in dues],
            "now": now,
        },
    )


def save_gateway_seen(conn: ServiceConnection, status: GatewayStatus, now: datetime) -> None:
    """Note a sign of life of a gateway, or that it went away."""
    conn.execute(
        _SQL["save_gateway_seen"],
        {
            "gateway": status.gateway,
            "online": status.online,
            "spooled": status.spooled,
            "now": now,
        },
    )


def load_quarantine(
    conn: PersonConnection | ServiceConnection, limit: int
) -> list[QuarantineEntry]:
    """Return what waits in quarantine and this connection may see, newest first."""
    return fetch_all(conn, _SQL["list_quarantine"], {"limit": limit}, QuarantineEntry)


def resolve_quarantined(conn: PersonConnection, id: UUID, person: UUID, now: datetime) -> bool:
    """Note that a person has looked at an item; False when it does not wait for this person."""
    params = {"id": id, "person": person, "now": now}
    return conn.execute(_SQL["resolve_quarantined"], params).rowcount == 1
