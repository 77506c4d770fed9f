"""The ingest process: takes readings from the broker, stores them, and only then says so.

The order is what keeps readings: COMMIT, then the broker may forget, then the gateway may. When
anything fails, nothing of the batch is acknowledged, the connection is given up, and a new one
brings the same messages again; the process itself never ends but by its stop signal.
"""

import random
import threading
import traceback
from typing import Final

import psycopg
from structlog import get_logger

from core import clock
from core.doors import Service, close_doors
from core.failpoint import failpoint
from core.heartbeat import beat
from core.settings import settings
from ingest import service
from ingest.edge import metrics
from ingest.edge.connection import Connection, ConnectionEndedError
from ingest.edge.inbox import Arrival
from ingest.edge.slot import Slot, free_slot, hold_slot

IDLE_SECONDS: Final = 0.5
HEARTBEAT_SECONDS: Final = 5.0
FIRST_PAUSE_SECONDS: Final = 0.2
LONGEST_PAUSE_SECONDS: Final = 10.0

log = get_logger()


def run(stop: threading.Event) -> None:
    """Store what gateways send until `stop` is set, through failures of broker and database."""
    slot = hold_slot(settings().state_dir)
    failures = 0
    try:
        while not stop.is_set():
            session = Session(slot, stop)
            try:
                session.serve()
            except Exception as fault:
                _note_failure(fault)
            failures = 1 if session.was_useful else failures + 1
            stop.wait(pause_seconds(failures, random.uniform(0.5, 1.0)))
    finally:
        close_doors()
        free_slot(slot)


def pause_seconds(failures: int, jitter: float) -> float:
    """Return how long to wait after `failures` in a row; `jitter` (about 1) spreads processes."""
    return min(FIRST_PAUSE_SECONDS * 2.0 ** min(failures, 16), LONGEST_PAUSE_SECONDS) * jitter


def _note_failure(fault: Exception) -> None:
    match fault:
        case ConnectionEndedError():
            cause = "broker"
            log.warning("ingest_connection_ended", reason=str(fault))
        case psycopg.Error():
            cause = "database"
            log.warning("ingest_database_failed", fault=type(fault).__name__)
            # A pool that failed for long waits ever longer between attempts; a new one does not.
            close_doors()
        case OSError():
            cause = "broker"
            log.warning("ingest_broker_unreachable", fault=type(fault).__name__)
        case _:
            cause = "fault"
            # Without the traceback: its texts and locals hold readings and passwords.
            trace = traceback.extract_tb(fault.__traceback__)
            place = f"{trace[-1].filename}:{trace[-1].lineno}" if trace else ""
            log.error("ingest_fault", fault=type(fault).__name__, place=place)
    metrics.CONNECTIONS_LOST.labels(cause=cause).inc()


class Session:
    """One connection to the broker, from the first sign of life to the first failure."""

    def __init__(self, slot: Slot, stop: threading.Event) -> None:
        """Prepare; nothing happens before `serve`."""
        self._slot, self._stop = slot, stop
        self._next_beat = 0.0
        self.was_useful = False

    def serve(self) -> None:
        """Store until the stop signal; raises whatever ends the session."""
        self._beat()  # the database must answer before the broker hands anything out
        connection = Connection(self._slot.client_id, settings())
        try:
            while not self._stop.is_set():
                arrivals = connection.take(IDLE_SECONDS)
                if arrivals:
                    self._settle(connection, arrivals)
                self._beat()
            if not self._slot.comes_back:
                connection.give_up_share()
        finally:
            connection.close()

    def _settle(self, connection: Connection, arrivals: list[Arrival]) -> None:
        failpoint("ingest.received")
        messages = [arrival.message for arrival in arrivals]
        stored = service.store_batch(messages, clock.now())
        failpoint("ingest.after_commit")
        connection.acknowledge(arrivals)
        failpoint("ingest.between_acks")
        connection.answer(stored.acknowledged)
        failpoint("ingest.after_ack")
        self.was_useful = True
        self._count(arrivals, stored)

    def _count(self, arrivals: list[Arrival], stored: service.Stored) -> None:
        metrics.MESSAGES.inc(len(arrivals))
        metrics.count_stored(stored)
        now = clock.monotonic()
        for arrival in arrivals:
            metrics.COMMIT_LAG.observe(now - arrival.at)
        if stored.quarantined:
            log.warning("ingest_quarantined", **stored.quarantined_by_reason)

    def _beat(self) -> None:
        if clock.monotonic() >= self._next_beat:
            beat("ingest", self._slot.client_id, Service.INGEST)
            self._next_beat = clock.monotonic() + HEARTBEAT_SECONDS
