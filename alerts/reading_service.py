"""Reading: what pages show of alerts, each call audited in its own transaction."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from alerts.alert import Alert, Closing
from alerts.aside import Aside, is_aside, now_of
from alerts.chart import Chart, ChartPoint, PointSource, Series
from alerts.records import from_json, to_json
from alerts.repeat_view import PendingView
from alerts.repeats_shown_service import repeats_of
from alerts.rows import (
    AlertRow,
    ChartRow,
    QueuePageRow,
    StretchRow,
    alert_of,
    deciding,
    line_of,
    read_evidence,
    summary_of,
)
from alerts.samples import open_stretch
from alerts.store import asides, showing, talking
from alerts.talking import Kind, Said
from alerts.telling import Step, told
from alerts.views import (
    AlertLine,
    AlertPage,
    ClosingView,
    EventView,
    LevelCount,
    NotFound,
    QueueRow,
    ReceiptView,
    SummaryView,
)
from core import clock
from core.access import Permission
from core.doors import (
    Actor,
    CareContext,
    PersonConnection,
    VisiblePatientId,
    acting_as,
    note_access,
)
from core.vitals import VITALS, Quality, Vital
from scoring.level import LEVEL_BY_CODE

RAW_SPAN = timedelta(hours=2)
"""Up to this span a chart shows every sample."""
CHARTED = (Vital.SPO2, Vital.PULSE)


def open_alerts(ctx: CareContext) -> tuple[AlertLine, ...]:
    """Return the alerts of the patient that nobody has closed, red first, then oldest."""
    with acting_as(ctx) as conn:
        rows = showing.load_open_alerts(conn, ctx.patient)
        return tuple(_line(conn, row) for row in rows)


def _line(conn: PersonConnection, row: AlertRow) -> AlertLine:
    named = row.owner or row.sleep or row.assignment
    names = showing.load_names(conn, VisiblePatientId(row.patient_id), row.id) if named else {}
    return line_of(row, names)


def alert_page(ctx: CareContext, alert_id: UUID) -> AlertPage | NotFound:
    """Return one alert of the patient with its evidence, its life and his summary."""
    with acting_as(ctx, detail={"alert": str(alert_id)}) as conn:
        return page_in(conn, ctx.patient, alert_id)


def page_in(
    conn: PersonConnection, patient: VisiblePatientId, alert_id: UUID
) -> AlertPage | NotFound:
    """Return the page of an alert as it stands in the caller's transaction."""
    row = showing.load_alert(conn, patient, alert_id)
    if row is None:
        return NotFound()
    names = showing.load_names(conn, patient, alert_id)
    summary = showing.load_summary(conn, patient)
    alert = alert_of(row)
    events = _events(conn, patient, alert_id, names)
    return AlertPage(
        alert=alert,
        line=line_of(row, names),
        evidence=read_evidence(row.evidence),
        receipts=tuple(
            ReceiptView(receipt=receipt, name=names.get(receipt.by)) for receipt in alert.receipts
        ),
        closing=_closing(alert.closing, names),
        events=events,
        summary=summary_of(summary) if summary else None,
        names=names,
        talk=_talk(conn, patient, alert_id, names),
        told=told(
            alert,
            [Step(at=each.at, what=each.what, by=each.by, detail=each.detail) for each in events],
            talking.load_deliveries(conn, patient, alert_id),
            names,
        ),
        repeats=repeats_of(conn, patient, alert_id),
        aside=_aside(conn, alert),
    )


def _aside(conn: PersonConnection, alert: Alert) -> Aside | None:
    now = clock.now()
    mine = (aside for aside, _ in asides.load_asides(conn, now) if aside.alert_id == alert.alert_id)
    return next((aside for aside in mine if is_aside(aside, now_of(alert), now)), None)


def _events(
    conn: PersonConnection, patient: VisiblePatientId, alert_id: UUID, names: dict[UUID, str]
) -> tuple[EventView, ...]:
    return tuple(
        EventView(
            at=event.at,
            what=event.what,
            by=event.by_person,
            by_name=names.get(event.by_person) if event.by_person else None,
            to_name=names.get(UUID(event.detail["to"])) if "to" in event.detail else None,
            detail=event.detail,
        )
        for event in showing.load_events(conn, patient, alert_id)
    )


def _talk(
    conn: PersonConnection, patient: VisiblePatientId, alert_id: UUID, names: dict[UUID, str]
) -> tuple[Said, ...]:
    return tuple(
        Said(
            kind=Kind(said.kind),
            words=said.words,
            by=said.by_person,
            by_name=names.get(said.by_person),
            at=said.at,
        )
        for said in talking.load_said(conn, patient, alert_id)
    )


def _closing(closing: Closing | None, names: dict[UUID, str]) -> ClosingView | None:
    if closing is None:
        return None
    return ClosingView(
        by=closing.by,
        by_name=names.get(closing.by),
        at=closing.at,
        outcome=closing.outcome,
        note=closing.note,
    )


def patient_summary(ctx: CareContext) -> SummaryView | None:
    """Return the last review of the patient, or None when he is not watched."""
    with acting_as(ctx) as conn:
        row = showing.load_summary(conn, ctx.patient)
    return summary_of(row) if row else None


def find_patient(actor: Actor, alert_id: UUID) -> UUID | None:
    """Return whose alert this is, for one who may read it; a mail's link holds only its id."""
    with acting_as(actor) as conn:
        return showing.load_patient_of(conn, alert_id)


def queue_page(actor: Actor, limit: int, offset: int) -> tuple[QueueRow, ...]:
    """Return one page of the queue of the organisation the actor acts in, worst first.

    Empty for an actor whose acting post does not grant `queue:read`.
    """
    with acting_as(actor) as conn:
        rows = showing.load_queue(conn, limit, offset)
        if rows:
            shown = [str(row.patient_id) for row in rows]
            note_access(conn, actor, Permission.QUEUE_READ, None, "R", {"patients": shown})
    return tuple(_queue_row(row) for row in rows)


def _queue_row(row: QueuePageRow) -> QueueRow:
    return QueueRow(
        patient_id=row.patient_id,
        name=row.name,
        birth_date=row.birth_date,
        sex=row.sex,
        phone=row.phone,
        rank=row.rank,
        waiting_since=row.waiting_since,
        summary=summary_of(row),
        seen_at=row.seen_at,
        seen_by=row.seen_by,
        alerts=tuple(_queue_alert(alert) for alert in row.alerts),
        repeats=tuple(from_json(PendingView, one) for one in row.repeats),
    )


def _queue_alert(alert: dict[str, Any]) -> AlertLine:
    reason = deciding(read_evidence(alert["evidence"]))
    return from_json(AlertLine, {**alert, "reason": to_json(reason)})


def queue_counts(actor: Actor) -> tuple[LevelCount, ...]:
    """Return how many patients of that queue stand at each level, worst first."""
    with acting_as(actor) as conn:
        rows = showing.load_counts(conn)
    counts = [
        LevelCount(
            level=LEVEL_BY_CODE[row.level],
            patients=row.patients,
            open_alerts=row.open_alerts,
            open_red=row.open_red,
            for_drills=row.for_drills,
        )
        for row in rows
    ]
    return tuple(sorted(counts, key=lambda count: count.level, reverse=True))


def chart(ctx: CareContext, start: datetime, end: datetime) -> Chart:
    """Return SpO2 and pulse between two instants: minute medians and spot readings.

    Raw samples in place of medians when the span is two hours or less.
    """
    raw = end - start <= RAW_SPAN
    params = {
        "patient": ctx.patient,
        "vitals": [int(vital) for vital in CHARTED],
        "start": start,
        "end": end,
    }
    with acting_as(ctx) as conn:
        spots = [_point(row, "spot") for row in showing.load_chart_readings(conn, params)]
        if raw:
            rows = showing.load_chart_stretches(conn, params)
            more = [p for row in rows for p in _samples(row) if start <= p[1].at <= end]
        else:
            more = [_point(row, "minute") for row in showing.load_chart_minutes(conn, params)]
    spo2, pulse = (_series(vital, [*spots, *more]) for vital in CHARTED)
    return Chart(start=start, end=end, raw=raw, spo2=spo2, pulse=pulse)


_Placed = tuple[Vital, ChartPoint]


def _point(row: ChartRow, source: PointSource) -> _Placed:
    return Vital(row.vital), ChartPoint(
        at=row.at,
        value=row.value,
        low=row.low,
        high=row.high,
        source=source,
        quality=Quality(row.quality),
    )


def _samples(row: StretchRow) -> Iterable[_Placed]:
    for reading in open_stretch(row):
        yield (
            reading.vital,
            ChartPoint(
                at=reading.measured_at,
                value=reading.value,
                low=reading.value,
                high=reading.value,
                source="sample",
                quality=reading.quality,
            ),
        )


def _series(vital: Vital, placed: Iterable[_Placed]) -> Series:
    points = sorted((point for of, point in placed if of is vital), key=lambda point: point.at)
    return Series(vital=vital, unit=VITALS[vital].ucum, points=tuple(points))
