"""What the demonstration watches and tells: each change of the patient, alert and mailbox once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from alerts.alert import State
from alerts.service import queue_page
from alerts.views import AlertLine, QueueRow
from app.demo.mailbox import Mailbox
from core.doors import Actor
from core.vitals import Vital
from scoring.level import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened, when, and the words for it."""

    kind: str
    at: datetime
    words: str


@dataclass(slots=True)
class Story:
    """Remembers what was told; `look` gives what is new, as the nurse would see it."""

    nurse: Actor
    mailbox: Mailbox
    moments: list[Moment] = field(default_factory=list)
    _levels: dict[UUID, Level] = field(default_factory=dict)
    _alerts: dict[UUID, str] = field(default_factory=dict)
    _mails: int = 0

    def look(self, now: datetime) -> Iterator[Moment]:
        """Yield what has happened since the last look."""
        for row in queue_page(self.nurse, 50, 0):
            yield from self._row(row, now)
        for mail in self.mailbox.received()[self._mails :]:
            self._mails += 1
            words = f"to {mail.recipient}: « {mail.message['subject']} »"
            yield self._keep(Moment(kind="mail", at=mail.at, words=words))

    def _row(self, row: QueueRow, now: datetime) -> Iterator[Moment]:
        level = row.summary.level
        before = self._levels.get(row.patient_id)
        if level is not before and (before is not None or level is not Level.UNKNOWN):
            self._levels[row.patient_id] = level
            words = f"{row.name}: {level.code} ({_values(row)})"
            yield self._keep(Moment(kind=f"state {level.code}", at=now, words=words))
        for alert in row.alerts:
            told = f"{alert.level.code} {alert.state} {alert.owner_name or ''}"
            if self._alerts.get(alert.alert_id) != told:
                self._alerts[alert.alert_id] = told
                yield self._keep(_alert_moment(row, alert, now))

    def _keep(self, moment: Moment) -> Moment:
        self.moments.append(moment)
        return moment

    def first(
        self, kind: str, containing: str = "", after: datetime | None = None
    ) -> Moment | None:
        """Return the first moment of a kind, not before `after`, whose words contain a text."""
        found = (m for m in self.moments if m.kind == kind and containing in m.words)
        return next((m for m in found if after is None or m.at >= after), None)


def _alert_moment(row: QueueRow, alert: AlertLine, now: datetime) -> Moment:
    evidence = alert.reason.evidence
    value = f"{evidence.value:g} {evidence.unit}" if evidence.value is not None else evidence.code
    owner = f" by {alert.owner_name}" if alert.owner_name else ""
    words = f"{row.name}: {alert.item} {alert.level.code} at {value}; {alert.state}{owner}"
    just_raised = alert.state is State.RAISED and alert.reason.part != "worsened"
    kind = f"alert {alert.level.code} {alert.state}"
    return Moment(kind=kind, at=alert.since if just_raised else now, words=words)


def _values(row: QueueRow) -> str:
    shown = {Vital.SPO2: "SpO2", Vital.PULSE: "pulse"}
    texts = [
        f"{shown[latest.vital]} {latest.value:g} {latest.unit}"
        for latest in row.summary.latest
        if latest.vital in shown
    ]
    return ", ".join(texts) or "no value"
