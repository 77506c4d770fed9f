"""Exercises: the list with each verdict, the monthly plan, one report on screen and on paper."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from dash import dcc, html

from alerts.drill import Call, Line, Met, Part, Report, Verdict
from alerts.drill_service import Drill
from alerts.page_words import rung_label
from alerts.store.drills import PlanRow
from core.i18n import say_time
from dashboard.layouts.drill_dialogs import drill_dialog, plan_dialog
from dashboard.layouts.drill_marks import drill_chip
from dashboard.layouts.marks import Component, act_button, attributes, card, notice
from dashboard.layouts.shell import DRILLS
from dashboard.layouts.titled import titled_table
from dashboard.reader import Reader

DRILL = f"{DRILLS}/"
NOBODY_ID = "00000000-0000-0000-0000-000000000000"
"""What a button acts on that makes something new."""
IN_SECONDS: Final = timedelta(minutes=3)
"""Up to this span a report counts seconds."""

VERDICT_LABELS: Final = {
    Verdict.UNDER_WAY: "under way",
    Verdict.PASSED: "The chain held",
    Verdict.LATE: "Answered, but only after others had to be called",
    Verdict.FAILED: "The chain did not hold",
}
PART_LABELS: Final = {
    Part.STORED: "Reading stored",
    Part.JUDGED: "Reading judged",
    Part.RAISED: "Alert raised",
    Part.SENT: "First message sent",
    Part.CALLED: "The person was called",
    Part.FIRST_STEP: "Answered before others were called",
    Part.ANSWERED: "Somebody answered",
    Part.CLOSED: "Alert closed",
}
MET_LABELS: Final = {
    Met.FACT: "noted",
    Met.MET: "in time",
    Met.MISSED: "missed",
    Met.NOT_YET: "not yet",
}
CHANNEL_LABELS: Final = {"email": "by mail", "sms": "by text message", "push": "by notification"}
STATE_LABELS: Final = {
    "waiting": "waits to be sent",
    "sending": "is being sent",
    "sent": "was sent",
    "dead": "was refused",
    "cancelled": "was called off",
}
LINE_TITLES = ("Link of the chain", "Result", "When", "After the reading", "At the latest after",
               "By whom")  # fmt: skip


def drills_layout(reader: Reader, *, may_start: bool) -> Component:
    """Return the empty page of exercises."""
    about = reader.say(
        "An exercise stores one red reading of a fictitious record. All that follows is real: the "
        "judging, the alert, the calls, the answer. Chains fail silently: try yours each month."
    )
    acts = [
        act_button(reader.say("Start an exercise"), "drill-start", NOBODY_ID, look="button"),
        act_button(reader.say("Plan one each month"), "drill-plan", NOBODY_ID),
    ]
    return html.Div(
        [
            html.H1(reader.say("Exercises")),
            html.P(about, className="soft"),
            html.Div(acts if may_start else [], className="toolbar"),
            html.Div(id="drill-result", role="status"),
            html.Div(
                html.P(reader.say("Loading…"), className="loading", role="status"),
                id="drill-list",
            ),
            drill_dialog(reader),
            plan_dialog(reader),
        ]
    )


def drill_list(
    reader: Reader, found: tuple[Drill, ...], plan: PlanRow | None, *, may_start: bool
) -> Component:
    """Return the exercises there were, newest first, below the monthly plan."""
    parts: list[Component] = [_planned(reader, plan, may_start=may_start)]
    if not found:
        return html.Div([*parts, _empty(reader)])
    if found[0].report.verdict is Verdict.FAILED:
        failed = reader.say("The last exercise failed: read why, and try again once it is mended.")
        parts.insert(0, notice("red", failed))
    lines = [html.Li(_entry(reader, one), key=str(one.id)) for one in found]
    done = card(
        reader.say("Exercises before"), html.Ul(lines, className="handovers"), identifier="drilled"
    )
    return html.Div([*parts, done])


def _empty(reader: Reader) -> Component:
    how = reader.say(
        "Make a record for exercises alone: register a patient with « Fictitious identity » "
        "ticked, let your organisation follow him, sign a prescription with a saturation limit, "
        "and lend him no device. Then start an exercise with that record."
    )
    return html.Div(
        [html.H2(reader.say("No exercise was made yet.")), html.P(how)],
        className="empty",
        role="status",
    )


def _planned(reader: Reader, plan: PlanRow | None, *, may_start: bool) -> Component:
    if plan is None:
        text = reader.say("No monthly exercise is planned: nobody would notice a silent failure.")
        return html.P(text, className="soft")
    gone = reader.say("A patient whom your organisation no longer follows")
    said = reader.say(
        "Each month on day {day} at {time}, with {name}.",
        day=plan.day, time=f"{plan.at:%H:%M}", name=plan.patient_name or gone,
    )  # fmt: skip
    drop = act_button(reader.say("Plan none any more"), "drill-drop", NOBODY_ID)
    return html.P([html.Span(said), " ", drop if may_start else None])


def _entry(reader: Reader, one: Drill) -> list[Component]:
    title = reader.say("Exercise of {time}", time=_moment(reader, one.started_at))
    return [
        dcc.Link(title, href=f"{DRILL}{one.id}"),
        html.Span(_whom(reader, one), className="soft"),
        _verdict(reader, one.report.verdict),
    ]


def _moment(reader: Reader, at: datetime) -> str:
    """Return the day, always written out, and the time: a report is read for years."""
    zone = ZoneInfo(reader.time_zone)
    day = reader.day(at.astimezone(zone).date())
    return f"{day}, {say_time(at, reader.locale, zone)}"


def _whom(reader: Reader, one: Drill) -> str:
    if one.person_name is None:
        return reader.say("for the whole site")
    return reader.say("for {name}", name=one.person_name)


def _verdict(reader: Reader, verdict: Verdict) -> Component:
    good = verdict in (Verdict.PASSED, Verdict.UNDER_WAY)
    look = "chip" if good else "chip chip-open"
    return html.Strong(reader.say(VERDICT_LABELS[verdict]), className=look)


def drill_layout(reader: Reader, drill: UUID) -> Component:
    """Return the empty page of one exercise."""
    return html.Div(
        [
            dcc.Store(id="drill-in-hand", data=str(drill)),
            dcc.Download(id="drill-file"),
            html.P(dcc.Link(reader.say("All exercises"), href=DRILLS), className="crumb"),
            html.H1(reader.say("Report of an exercise")),
            html.Div(
                html.P(reader.say("Loading…"), className="loading", role="status"),
                id="drill-sheet",
            ),
            html.Div(
                [
                    html.Button(
                        reader.say("Print"), id="print", className="button second", type="button"
                    ),
                    html.Button(
                        reader.say("Save as a table (CSV)"), id="drill-save",
                        className="button second", type="button",
                    ),
                ],
                className="buttons",
            ),
        ]
    )  # fmt: skip


def drill_sheet(reader: Reader, one: Drill) -> Component:
    """Return the report of an exercise, as it stands or as it was frozen."""
    began = _moment(reader, one.started_at)
    kept = (
        reader.say("This report was frozen {time}.", time=_moment(reader, one.ended_at))
        if one.ended_at
        else reader.say("As of {time}", time=reader.time(reader.now))
    )
    name = one.patient_name or reader.say("A patient whom your organisation no longer follows")
    verdict = html.P([drill_chip(reader), " ", _verdict(reader, one.report.verdict)])
    facts = " · ".join((name, _whom(reader, one), _by(reader, one)))
    lines = [_row(reader, one, line) for line in one.report.lines]
    return html.Section(
        [
            html.H2(reader.say("Exercise of {time}", time=began), id="drill-title"),
            verdict,
            html.P(facts),
            titled_table(reader.say("The chain, link by link"), _titles(reader), lines),
            _calls(reader, one.report),
            html.P(kept, className="soft small"),
        ],
        className="card",
        **attributes({"aria-labelledby": "drill-title"}),
    )


def _by(reader: Reader, one: Drill) -> str:
    if one.planned:
        return reader.say("started by the monthly plan")
    if one.started_by_name is None:
        return reader.say("started by the operator")
    return reader.say("started by {name}", name=one.started_by_name)


def _titles(reader: Reader) -> list[str]:
    return [reader.say(text) for text in LINE_TITLES]


def _row(reader: Reader, one: Drill, line: Line) -> list[str]:
    return [
        reader.say(PART_LABELS[line.part]),
        reader.say(MET_LABELS[line.met]),
        reader.time(line.at) if line.at else "–",
        _after(reader, one, line.at),
        _after(reader, one, line.before),
        line.name or "",
    ]


def _after(reader: Reader, one: Drill, at: datetime | None) -> str:
    """Return how long after its reading something was; in seconds as long as they count."""
    if at is None:
        return "–"
    span = max(at - one.started_at, timedelta(0))
    return f"{span.total_seconds():.0f} s" if span <= IN_SECONDS else reader.span(span)


def _calls(reader: Reader, report: Report) -> Component:
    if not report.calls:
        return html.P(reader.say("Nobody was called."))
    return html.Div(
        [
            html.H3(reader.say("Who was called")),
            html.Ol([html.Li(_call(reader, call)) for call in report.calls]),
        ]
    )


def _call(reader: Reader, call: Call) -> str:
    said = [reader.time(call.at), f"{call.name} ({reader.say(rung_label(call.role)).lower()})"]
    if call.channel is None:
        return " · ".join((*said, reader.say("in the console")))
    said.append(reader.say(CHANNEL_LABELS.get(call.channel, call.channel)))
    said.append(reader.say(STATE_LABELS.get(call.state or "", call.state or "")))
    if call.received_at:
        said.append(reader.say("received at {time}", time=reader.time(call.received_at)))
    return " · ".join(said)


def csv_lines(reader: Reader, one: Drill) -> list[list[str]]:
    """Return the report as lines of a file, its titles first; whole instants, with their zone."""
    zone = ZoneInfo(reader.time_zone)
    verdict = reader.say(VERDICT_LABELS[one.report.verdict])

    def instant(at: datetime | None) -> str:
        return at.astimezone(zone).isoformat(timespec="seconds") if at else ""

    titles = [reader.say(text) for text in ("Exercises", "Verdict", "Link of the chain", "When",
              "At the latest", "Result", "By whom")]  # fmt: skip
    began = instant(one.started_at)
    lines = [
        [began, verdict, reader.say(PART_LABELS[line.part]), instant(line.at),
         instant(line.before), reader.say(MET_LABELS[line.met]), line.name or ""]
        for line in one.report.lines
    ]  # fmt: skip
    calls = [
        [began, verdict, reader.say("Who was called"), instant(call.sent_at), "",
         reader.say(STATE_LABELS.get(call.state or "", call.state or "in the console")), call.name]
        for call in one.report.calls
    ]  # fmt: skip
    return [titles, *lines, *calls]
