"""Replays recordings with a known event through two prescriptions, and counts what each is worth.

Pure. The event is the onset of sepsis of PhysioNet/CinC 2019 (Reyna et al., Crit Care Med 2020;48:
210-217): `SepsisLabel` is 1 from six hours before it. Times are hours in intensive care.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Final

from alerts.judging import Watch
from alerts.prescribed import profile_of, usual_of
from alerts.prescription import Content
from alerts.profile import Profile
from alerts.replaying import Fired, replay
from app.recording import RecordedValue, read_rows
from core.vitals import quality_of
from scoring.observation import GOOD, Reading

LABEL: Final = "SepsisLabel"
LABEL_AHEAD: Final = timedelta(hours=6)
"""The label turns 1 so long before the onset. Source: the challenge's description."""
FORESIGHT: Final = timedelta(hours=48)
"""An alert counts for an event at most so long before it. Source: proposed."""
_START: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One recorded patient; `event` is when it happened, None where it did not."""

    patient: str
    values: tuple[RecordedValue, ...]
    event: timedelta | None

    @property
    def days(self) -> float:
        """Return how long he was recorded, in days, one hour at least."""
        times = [value.at for value in self.values]
        return (max(times) - min(times) + timedelta(hours=1)) / timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a prescription was worth over many patients.

    `sensitivity`: share of events with an alert in the 48 hours before; `lead`: median
    time from the first such alert to the event, None without any.
    """

    patients: int
    patient_days: float
    alerts: int
    events: int
    foreseen: int
    lead: timedelta | None

    @property
    def alerts_per_patient_day(self) -> float:
        """Return alerts per patient and day."""
        return self.alerts / self.patient_days if self.patient_days else 0.0

    @property
    def sensitivity(self) -> float:
        """Return the share of events that were foreseen."""
        return self.foreseen / self.events if self.events else 0.0


def read_recorded(rows: Sequence[Mapping[str, str]]) -> list[Recorded]:
    """Return the patients of a recording with the label of sepsis, in file order.

    A patient with no vital sign is left out. Raises UnreadableRecordingError as `read_rows` does.
    """
    values: dict[str, list[RecordedValue]] = {}
    for value in read_rows(rows):
        values.setdefault(value.patient, []).append(value)
    events: dict[str, timedelta] = {}
    for row in rows:
        if row.get(LABEL) == "1":
            at = timedelta(hours=float(row["ICULOS"])) + LABEL_AHEAD
            events[row["patient"]] = min(at, events.get(row["patient"], at))
    return [
        Recorded(patient=name, values=tuple(found), event=events.get(name))
        for name, found in values.items()
    ]


def worth_of(recorded: Iterable[Recorded], content: Content, template: Profile) -> Worth:
    """Replay every patient by one prescription."""
    watch = Watch(profile=profile_of(content, template), usual=usual_of(content))
    patients, alerts, events = 0, 0, 0
    days = 0.0
    leads: list[float] = []
    for one in recorded:
        fired = _fired(one, watch)
        patients, days, alerts = patients + 1, days + one.days, alerts + len(fired)
        if one.event is None:
            continue
        events += 1
        before = [_START + one.event - each.at for each in fired]
        foreseen = [lead for lead in before if timedelta(0) <= lead <= FORESIGHT]
        leads += [max(foreseen).total_seconds()] if foreseen else []
    return Worth(
        patients=patients,
        patient_days=days,
        alerts=alerts,
        events=events,
        foreseen=len(leads),
        lead=timedelta(seconds=median(leads)) if leads else None,
    )


def _fired(one: Recorded, watch: Watch) -> tuple[Fired, ...]:
    readings = [
        Reading(
            reading_id=number,
            vital=value.vital,
            value=value.value,
            measured_at=_START + value.at,
            quality=quality_of(value.vital, value.value, GOOD),
        )
        for number, value in enumerate(one.values)
    ]
    return replay(readings, [], watch, max(reading.measured_at for reading in readings)).fired


def table(worths: Mapping[str, Worth]) -> list[str]:
    """Return the figures as lines of a table in Markdown."""
    lines = [
        "| prescription | patients | patient-days | alerts | alerts per patient-day | events "
        "| sensitivity | median lead |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, worth in worths.items():
        lead = f"{worth.lead / timedelta(hours=1):.0f} h" if worth.lead is not None else "–"
        lines.append(
            f"| {name} | {worth.patients} | {worth.patient_days:.0f} | {worth.alerts} "
            f"| {worth.alerts_per_patient_day:.2f} | {worth.events} "
            f"| {worth.foreseen}/{worth.events} ({worth.sensitivity:.1%}) | {lead} |"
        )
    return lines
