"""The three doors to a database connection, and no other.

`acting_as` is for people, under row security; `serving` for machines, each under the login role
its work needs; `before_sign_in` for the handful of questions asked before anyone is known. Each
yields a connection inside one transaction, committed when the block ends without an exception.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any, Final, Literal, NewType
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from core import clock
from core.access import Held, Permission
from core.audit.detail import check_detail, entity_of
from core.settings import settings
from core.sqlfile import load_queries

Connection = psycopg.Connection[TupleRow]
PersonConnection = NewType("PersonConnection", psycopg.Connection[TupleRow])
ServiceConnection = NewType("ServiceConnection", psycopg.Connection[TupleRow])
GateConnection = NewType("GateConnection", psycopg.Connection[TupleRow])
VisiblePatientId = NewType("VisiblePatientId", UUID)
"""A patient whose record the actor may open; only `core.care` mints one."""

Action = Literal["C", "R", "U", "D", "E"]
"""What is done to a record, in the letters of FHIR AuditEvent.action."""

WORKER_CONNECTIONS: Final = 32
"""The sentinel has a thread for each kind of work: none waits for another's connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A signed-in person, in the post he acts in and for what purpose."""

    person: UUID
    post: UUID | None
    session: UUID | None
    purpose: str = "TREAT"
    """PurposeOfUse of HL7 v3: TREAT, BTG (break-glass), PATRQT (patient's own request)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CareContext:
    """An actor with a patient in hand, the permission that was checked, and what granted it."""

    actor: Actor
    patient: VisiblePatientId
    permission: Permission
    through: Held


class Service(StrEnum):
    """A machine at work; it decides the login role and is written in the audit trail."""

    REVIEW = "review"
    ESCALATION = "escalation"
    OUTBOX = "outbox"
    SEALER = "sealer"
    HEARTBEAT = "heartbeat"
    ADMINISTRATION = "administration"
    INGEST = "ingest"
    PLANNING = "planning"
    SILENCE = "silence"
    REMINDER = "reminder"


@contextmanager
def acting_as(
    who: Actor | CareContext,
    *,
    patient: UUID | None = None,
    action: Action = "R",
    detail: dict[str, Any] | None = None,
) -> Iterator[PersonConnection]:
    """Open a transaction as a person, under row security.

    With a CareContext the access is written to the audit trail in this very transaction: no
    access without its trace. `patient` narrows an Actor's sight to one patient.
    """
    actor = who.actor if isinstance(who, CareContext) else who
    in_hand = who.patient if isinstance(who, CareContext) else patient
    with _pool("app").connection() as conn, conn.transaction():
        conn.execute(
            load_queries("core")["become_person"],
            {
                "person": str(actor.person),
                "post": str(actor.post or ""),
                "patient": str(in_hand or ""),
                "now": clock.now().isoformat(),
            },
        )
        if isinstance(who, CareContext):
            note_access(
                PersonConnection(conn),
                who.actor,
                who.permission,
                who.patient,
                action,
                detail,
                through=who.through,
            )
        yield PersonConnection(conn)


def note_access(
    conn: PersonConnection,
    actor: Actor,
    permission: Permission,
    patient: UUID | None,
    action: Action = "R",
    detail: dict[str, Any] | None = None,
    *,
    outcome: Literal["success", "refused"] = "success",
    through: Held | None = None,
) -> None:
    """Write one event of a person's access into the audit trail; `through` is what granted it.

    The one identifier in `detail` says which thing was touched. DetailError when it could hold a
    value or a sentence: the trail never does.
    """
    said = detail or {}
    check_detail(said)
    kind, entity = entity_of(permission, said)
    conn.execute(
        load_queries("core")["note_access"],
        {
            "at": clock.now(),
            "person": actor.person,
            "post": actor.post,
            "session": actor.session,
            "purpose": actor.purpose,
            "action": action,
            "permission": permission,
            "patient": patient,
            "outcome": outcome,
            "role": through.role if through else None,
            "basis": through.basis if through else None,
            "entity_kind": kind,
            "entity_id": entity,
            "detail": Jsonb(said),
        },
    )


@contextmanager
def serving(service: Service) -> Iterator[ServiceConnection]:
    """Open a transaction as a machine; policies name what each login role may touch."""
    login: Login = "ingest" if service is Service.INGEST else "worker"
    with _pool(login).connection() as conn, conn.transaction():
        conn.execute(load_queries("core")["become_service"], {"now": clock.now().isoformat()})
        yield ServiceConnection(conn)


def note_run(conn: ServiceConnection, service: Service, purpose: str, **detail: Any) -> None:
    """Write one event of machine work into the audit trail: once per run, not per patient."""
    check_detail(detail)
    conn.execute(
        load_queries("core")["note_run"],
        {"at": clock.now(), "service": service, "purpose": purpose, "detail": Jsonb(detail)},
    )


@contextmanager
def before_sign_in() -> Iterator[GateConnection]:
    """Open a transaction for what happens before anyone is known: functions, no table."""
    with _pool("gate").connection() as conn, conn.transaction():
        conn.execute(load_queries("core")["become_service"], {"now": clock.now().isoformat()})
        yield GateConnection(conn)


@contextmanager
def listening(channel: str) -> Iterator[psycopg.Connection[TupleRow]]:
    """Open a connection of its own that hears NOTIFY on `channel`; a hint, never the truth."""
    dsn = settings().worker_dsn or settings().app_dsn
    with psycopg.connect(dsn, autocommit=True, connect_timeout=5) as conn:
        conn.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
        yield conn


Login = Literal["app", "worker", "ingest", "gate"]
_pools: dict[Login, ConnectionPool[Connection]] = {}
_pools_lock = Lock()


def _pool(login: Login) -> ConnectionPool[Connection]:
    with _pools_lock:
        if login not in _pools:
            _pools[login] = _open_pool(login)
        return _pools[login]


def _open_pool(login: Login) -> ConnectionPool[Connection]:
    dsn = getattr(settings(), f"{login}_dsn")
    if not dsn:
        raise SystemExit(f"CHEVET_{login.upper()}_DSN is not set: this process needs it to start.")
    return ConnectionPool(
        dsn,
        min_size=0,
        max_size=WORKER_CONNECTIONS if login == "worker" else 8,
        timeout=10,
        max_idle=60,
        kwargs={
            "connect_timeout": 5,
            "application_name": f"chevet-{login} {_process_name()}",
            "keepalives_idle": 10,
        },
        check=ConnectionPool.check_connection,
        open=True,
    )


def _process_name() -> str:
    """What this process was started as: the audit trail notes it as the source of an event."""
    words = [Path(sys.argv[0]).name, *sys.argv[1:2]]
    return words[-1][:30] if words[0] == "chevet" else words[0][:30]


def close_doors() -> None:
    """Close every pool, so that a process can end or a test can change database."""
    with _pools_lock:
        while _pools:
            _pools.popitem()[1].close()
