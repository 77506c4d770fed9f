"""The auditor: the watch over the watch, on its own.

Every half minute it reads every open alert again, by SQL of its own that shares nothing with the
code that calls people (core/sql/idempotent/97_auditor.sql). What is amiss goes to the operator by
mail, straight to the relay, for the sentinel that sends other mails may be what is dead. Only when
all is well does it ping an outside heartbeat: whoever listens there alarms when the pings stop,
whatever the reason, this process included.
"""

import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import httpx2
import psycopg
import structlog
from prometheus_client import Counter, Gauge
from psycopg_pool import PoolTimeout

from app.model_gauges import show_model
from core import clock
from core.doors import Service, close_doors, serving
from core.heartbeat import beat
from core.ids import new_id
from core.rows import fetch_all
from core.settings import Settings, settings
from core.sqlfile import load_queries
from messages.delivery import Accepted
from messages.edge.email import Relay
from messages.edge.letter import write_mail
from messages.message import Claimed, Template

_log = structlog.get_logger("auditor")
_AMISS = Gauge("chevet_auditor_findings", "Kinds of things amiss at the auditor's last look")
_PINGS = Counter("chevet_auditor_pings_total", "Pings of the outside heartbeat", ["fate"])

PASS_SECONDS: Final = 30.0
"""Half of the margin after which an alert is overdue, so that none is overdue for two minutes."""
PING_SECONDS: Final = 10.0
"""How long the outside heartbeat may take to answer."""
SILENCE: Final = timedelta(hours=1)
"""What stays amiss is mailed again after that long (proposed)."""
DATABASE_AWAY: Final = "database_away"
KINDS: Final = (
    "alert_overdue",
    "repeat_overdue",
    "alert_without_step",
    "alert_without_recipient",
    "message_stuck",
    "review_behind",
    "sentinel_silent",
    DATABASE_AWAY,
)
"""What can be amiss; `messages/templates/operator_notice.txt` says each in words."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A kind of thing that is amiss: how many, and since when the oldest is."""

    kind: str
    count: int
    since: datetime


@dataclass
class Auditor:
    """What it told last, and when."""

    wanted: Settings
    told: dict[str, datetime] = field(default_factory=dict)

    def look(self, now: datetime) -> tuple[Finding, ...]:
        """Look once: mail what is amiss, or ping when nothing is. Returns what is amiss."""
        found = examine(now)
        _AMISS.set(len(found))
        kinds = {finding.kind for finding in found}
        self.told = {kind: at for kind, at in self.told.items() if kind in kinds}
        if not found:
            ping(self.wanted.heartbeat_url)
            return found
        _log.error("amiss", found={finding.kind: finding.count for finding in found})
        due = [
            finding
            for finding in found
            if now - self.told.get(finding.kind, datetime.min.replace(tzinfo=now.tzinfo)) >= SILENCE
        ]
        for told in alarm(due, self.wanted, now):
            self.told[told] = now
        return found


def examine(now: datetime) -> tuple[Finding, ...]:
    """Return what is amiss; that the database does not answer is one such thing."""
    try:
        with serving(Service.HEARTBEAT) as conn:
            query = load_queries("app")["auditor_findings"]
            found = fetch_all(conn, query, {"now": now}, Finding)
        beat("auditor", socket.gethostname())
    except (psycopg.Error, PoolTimeout) as error:
        _log.error("database_away", error=type(error).__name__)
        return (Finding(kind=DATABASE_AWAY, count=1, since=now),)
    return tuple(found)


def alarm(found: Sequence[Finding], wanted: Settings, now: datetime) -> list[str]:
    """Mail the operator of each finding, past the outbox; return the kinds the relay took over."""
    if not wanted.operator_mail:
        return []
    taken = []
    with Relay(wanted) as relay:
        for finding in found:
            answer = relay.send(write_mail(_notice(finding, wanted, now), wanted))
            if isinstance(answer, Accepted):
                taken.append(finding.kind)
            else:
                _log.error("alarm_not_sent", kind=finding.kind)
    return taken


def _notice(finding: Finding, wanted: Settings, now: datetime) -> Claimed:
    since = finding.since.isoformat(timespec="seconds")
    return Claimed(
        id=new_id(now),
        key=f"auditor:{finding.kind}:{now:%Y%m%dT%H%M%S}",
        recipient=None,
        channel="email",
        address=wanted.operator_mail,
        template=Template.OPERATOR_NOTICE,
        params={"what": finding.kind, "reference": f"{finding.count} · {since}"},
        locale="fr",
        created_at=now,
        attempts=1,
        training=False,
    )


def ping(url: str) -> bool:
    """Tell the outside heartbeat that all is well; its address is a secret and never logged."""
    if not url:
        return False
    try:
        answer = httpx2.get(url, timeout=PING_SECONDS, follow_redirects=False)
    except httpx2.HTTPError as error:
        _PINGS.labels("failed").inc()
        _log.error("ping_failed", error=type(error).__name__)
        return False
    _PINGS.labels("taken" if answer.is_success else "refused").inc()
    if not answer.is_success:
        _log.error("ping_refused", status=answer.status_code)
    return answer.is_success


def run(stop: threading.Event, every: Callable[[], float] = lambda: PASS_SECONDS) -> None:
    """Look again and again until `stop` is set; no failure of one look ends the watch."""
    auditor = Auditor(wanted=settings())
    _log.info("auditor_started", heartbeat=bool(auditor.wanted.heartbeat_url))
    while not stop.is_set():
        try:
            auditor.look(clock.now())
        except Exception as error:
            _log.error("look_failed", error=type(error).__name__)
        try:
            show_model(clock.now())
        except Exception as error:  # a figure less is no reason to stop the watch
            _log.error("model_not_shown", error=type(error).__name__)
        stop.wait(every())
    close_doors()
