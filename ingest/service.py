"""Use cases of ingest: storing what gateways send, and looking at what could not be used."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg

from core import clock
from core.access import Permission
from core.doors import Actor, Service, ServiceConnection, acting_as, note_access, serving
from core.failpoint import failpoint
from devices import store as registry
from devices.assignment import Assignment
from ingest import store
from ingest.batch import Known, believable_span, devices_of, plan_batch, stream_keys
from ingest.incoming import (
    GatewayStatus,
    Incoming,
    Unit,
    condemn,
    halve,
    quarantine_message,
    read_message,
)
from ingest.message import Message
from ingest.quarantine import QuarantineEntry, Reason
from ingest.rows import Acknowledged, Plan

LONGEST_LIST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is committed: `acknowledged` may be told to the gateways now, and not before."""

    acknowledged: tuple[Acknowledged, ...] = ()
    stored: int = 0
    duplicates: int = 0
    quarantined: tuple[Reason, ...] = ()

    def plus(self, other: "Stored") -> "Stored":
        """Return both together."""
        return Stored(
            acknowledged=self.acknowledged + other.acknowledged,
            stored=self.stored + other.stored,
            duplicates=self.duplicates + other.duplicates,
            quarantined=self.quarantined + other.quarantined,
        )

    @property
    def quarantined_by_reason(self) -> dict[Reason, int]:
        """How many items went to quarantine for each reason."""
        return dict(Counter(self.quarantined))


def store_batch(messages: Sequence[Message], now: datetime) -> Stored:
    """Store messages received at `now`, each item exactly once; they are committed on return.

    A message that cannot be stored is narrowed down until only the item that is to blame stands
    in quarantine. Raises psycopg.Error when the database cannot be used: nothing is lost then,
    because nothing of it was acknowledged.
    """
    return _store_units(tuple(_read_safely(message) for message in messages), now)


def _read_safely(message: Message) -> Unit:
    try:
        return read_message(message)
    except Exception as fault:
        return quarantine_message(message, Reason.UNEXPECTED, type(fault).__name__)


def _store_units(units: Incoming, now: datetime) -> Stored:
    try:
        return _store_together(units, now)
    except Exception as fault:
        if isinstance(fault, psycopg.Error) and not isinstance(fault, store.POISON):
            raise
        halves = halve(units)
        if halves is not None:
            return _store_units(halves[0], now).plus(_store_units(halves[1], now))
        condemned = condemn(units, type(fault).__name__)
        if condemned is None:
            raise
        return _store_units(condemned, now)


def _store_together(units: Incoming, now: datetime) -> Stored:
    with serving(Service.INGEST) as conn:
        plan = plan_batch(units, _load_known(conn, units, now), now)
        _save_plan(conn, plan, now)
        for unit in units:
            if isinstance(unit, GatewayStatus):
                store.save_gateway_seen(conn, unit, now)
        failpoint("ingest.before_commit")
    return Stored(
        acknowledged=plan.acknowledged,
        stored=plan.stored,
        duplicates=plan.duplicates,
        quarantined=tuple(item.reason for item in plan.quarantined),
    )


def _load_known(conn: ServiceConnection, units: Incoming, now: datetime) -> Known:
    keys = stream_keys(units)
    if not keys:
        return Known(streams={}, gateways={}, assignments={})
    streams = store.lock_streams(conn, keys, now)
    devices, (earliest, latest) = devices_of(units), believable_span(now)
    assignments: dict[str, list[Assignment]] = {}
    for row in registry.load_assignments(conn, devices, earliest, latest) if devices else ():
        assignments.setdefault(row.device, []).append(row)
    gateways = registry.load_gateways_in_service(conn, sorted({key.source for key in keys}))
    return Known(streams=streams, gateways=gateways, assignments=assignments)


def _save_plan(conn: ServiceConnection, plan: Plan, now: datetime) -> None:
    if plan.readings:
        store.save_readings(conn, plan.readings, now)
    if plan.sampled:
        store.save_sampled(conn, plan.sampled, now)
    if plan.events:
        store.save_device_events(conn, plan.events, now)
    if plan.quarantined:
        store.save_quarantined(conn, plan.quarantined, now)
    if plan.dues:
        store.save_dues(conn, plan.dues, now)
    if plan.fresh:
        store.save_received(conn, plan.fresh, now)


def list_quarantine(actor: Actor) -> list[QuarantineEntry]:
    """Return what waits in quarantine by the gateways of the organisation the actor acts in."""
    with acting_as(actor) as conn:
        note_access(conn, actor, Permission.QUARANTINE_READ, None)
        return store.load_quarantine(conn, LONGEST_LIST)


def list_whole_quarantine() -> list[QuarantineEntry]:
    """Return what waits in quarantine as the operator may see it, unknown gateways included."""
    with serving(Service.ADMINISTRATION) as conn:
        return store.load_quarantine(conn, LONGEST_LIST)


def resolve_quarantine(actor: Actor, item: UUID) -> bool:
    """Note that the actor has looked at an item; False when none such waits for him."""
    with acting_as(actor) as conn:
        resolved = store.resolve_quarantined(conn, item, actor.person, clock.now())
        if resolved:
            note_access(
                conn, actor, Permission.QUARANTINE_RESOLVE, None, "U", {"quarantine": str(item)}
            )
    return resolved
