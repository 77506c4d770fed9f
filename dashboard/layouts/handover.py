"""The end of a shift: what is open, written and signed by both sides; on screen and on paper."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from dash import dcc, html

from alerts.handover import LONGEST_NOTE, LONGEST_REMARK, Handover, Matter, MatterAlert
from dashboard import words
from dashboard.layouts.drill_marks import drill_chip
from dashboard.layouts.marks import Component, attributes, level_badge
from dashboard.reader import Reader

HANDOVER = "/console/handover"
HANDOVERS = f"{HANDOVER}/"
FIELDS = "handover-fields"
WAITS = timedelta(days=1)
"""An older one is history: the list shows it, the queue no longer asks."""


def handover_layout(reader: Reader) -> Component:
    """Return the empty page of handovers."""
    about = reader.say(
        "What is open when you leave, in your words, signed by you and by the colleague who "
        "takes over. What is signed is not changed any more."
    )
    loading = html.P(reader.say("Loading…"), className="loading", role="status")
    return html.Div(
        [
            html.H1(reader.say("Handover")),
            html.P(about, className="soft"),
            html.Div(id="handover-result", role="status"),
            html.Div(loading, id="handover-form"),
            html.Div(id="handover-list"),
        ]
    )


def giving_form(
    reader: Reader,
    identifier: UUID,
    matters: tuple[Matter, ...],
    note: str = "",
    remarks: Mapping[UUID, str] | None = None,
) -> Component:
    """Return the form of a new handover, with the words written before."""
    written = remarks or {}
    lines = [_asked(reader, matter, written) for matter in matters]
    none = html.P(reader.say("Nothing is open in your queue."), className="soft")
    sign = html.Button(
        reader.say("Sign and hand over"),
        className="button",
        type="button",
        **attributes({"data-act": "give", "data-on": str(identifier), "data-gather": FIELDS}),
    )
    again = html.Button(
        reader.say("Read the queue again"),
        className="button second",
        type="button",
        **attributes({"data-act": "reread", "data-on": str(identifier), "data-gather": FIELDS}),
    )
    read_at = reader.say("As of {time}", time=reader.time(reader.now))
    return html.Section(
        [
            html.H2(reader.say("What you leave"), id="giving-title"),
            html.P(read_at, className="soft small"),
            html.Ol(lines, className="matters") if lines else none,
            _words(reader.say("For the next shift"), "note", note, LONGEST_NOTE, rows=4),
            html.Div([sign, again], className="buttons"),
        ],
        id=FIELDS,
        className="card",
        **attributes({"aria-labelledby": "giving-title"}),
    )


def _asked(reader: Reader, matter: Matter, written: Mapping[UUID, str]) -> Component:
    said = "" if matter.key is None else written.get(matter.key, "")
    label = f"{reader.say('Remark')}, {matter.name}"
    return html.Li(
        [*_matter(reader, matter), _words(label, f"{matter.key}", said, LONGEST_REMARK, rows=1)],
        key=str(matter.key),
    )


def _words(label: str, name: str, value: str, longest: int, rows: int) -> Component:
    field = dcc.Textarea(
        id=f"words-{name}", name=name, value=value, maxLength=longest, rows=rows,
        className="words",
    )  # fmt: skip
    return html.Label([html.Span(label, className="small"), field], className="block")


def _matter(reader: Reader, matter: Matter) -> list[Component]:
    if matter.patient_id is None:
        said = reader.say("A patient whom your organisation no longer follows")
        return [html.Span(said, className="soft")]
    parts: list[Component] = [
        dcc.Link(
            matter.name or "–", href=f"/console/patients/{matter.patient_id}", className="name"
        )
    ]
    if matter.of_drill:
        parts.append(drill_chip(reader))
    if matter.alert is not None:
        parts += _alert(reader, matter.alert)
    if matter.first_call_late:
        parts.append(html.Span(reader.say("First call is late"), className="chip chip-open"))
    if matter.call_back_due:
        parts.append(html.Span(reader.say("Promised call is due"), className="chip chip-open"))
    return parts


def _alert(reader: Reader, alert: MatterAlert) -> list[Component]:
    seen = alert.reason.evidence
    limit = reader.limit(alert.item, seen.bound, seen.threshold)
    whose = reader.say("Taken in charge by {name}", name=alert.owner_name)
    state = whose if alert.owner_name else reader.say(words.STATES[alert.state])
    return [
        level_badge(reader, alert.level),
        html.Strong(reader.evidence(seen)),
        html.Span(f"({limit})" if limit else "", className="soft"),
        html.Span(reader.say("raised {time}", time=reader.time(alert.since)), className="soft"),
        html.Span(state, className="chip"),
    ]


def handover_list(reader: Reader, found: tuple[Handover, ...]) -> Component:
    """Return the handovers there were, newest first."""
    if not found:
        return html.P(reader.say("No handover was written yet."), className="soft")
    lines = [html.Li(_entry(reader, one), key=str(one.id)) for one in found]
    return html.Section(
        [html.H2(reader.say("Handovers before"), id="before-title"),
         html.Ul(lines, className="handovers")],
        className="card",
        **attributes({"aria-labelledby": "before-title"}),
    )  # fmt: skip


def _entry(reader: Reader, one: Handover) -> list[Component]:
    given = reader.say(
        "Handover by {name}, {time}", name=one.giver_name, time=reader.time(one.given_at)
    )
    count = html.Span(reader.say("{count} open matters", count=one.lines), className="soft")
    return [dcc.Link(given, href=f"{HANDOVERS}{one.id}"), count, _taken(reader, one)]


def _taken(reader: Reader, one: Handover) -> Component:
    if one.taker is None or one.taken_at is None:
        return html.Span(reader.say("nobody has signed yet"), className="chip chip-open")
    return html.Span(
        reader.say("taken over by {name}, {time}", name=one.taker_name,
                   time=reader.time(one.taken_at))
    )  # fmt: skip


def waiting_line(reader: Reader, found: tuple[Handover, ...], person: UUID) -> Component:
    """Return what the queue says of a colleague's handover of this day that nobody has taken over.

    Of several the newest, then the one before it: none is hidden by another that was taken.
    """
    waiting = (
        one
        for one in found
        if one.taker is None and one.giver != person and reader.now - one.given_at < WAITS
    )
    newest = next(waiting, None)
    if newest is None:
        return None
    said = reader.say(
        "{name} left a handover, {time}: read it and sign",
        name=newest.giver_name, time=reader.time(newest.given_at),
    )  # fmt: skip
    return html.P(dcc.Link(said, href=f"{HANDOVERS}{newest.id}"), className="notice notice-info")


def sheet_layout(reader: Reader, handover: UUID) -> Component:
    """Return the empty page of one handover."""
    return html.Div(
        [
            dcc.Store(id="handover-in-hand", data=str(handover)),
            html.P(dcc.Link(reader.say("All handovers"), href=HANDOVER), className="crumb"),
            html.H1(reader.say("Handover")),
            html.Div(id="handover-result", role="status"),
            html.Div(
                html.P(reader.say("Loading…"), className="loading", role="status"),
                id="handover-sheet",
            ),
        ]
    )


def sheet(reader: Reader, one: Handover, matters: tuple[Matter, ...], person: UUID) -> Component:
    """Return one handover as it was signed, with the button of whoever may take over."""
    shift = reader.say(
        "Shift from {start} to {end}", start=reader.time(one.since), end=reader.time(one.given_at)
    )
    counts = reader.say(
        "{raised} alerts raised, {closed} closed", raised=one.raised, closed=one.closed
    )
    lines = [html.Li(_read(reader, matter)) for matter in matters]
    none = html.P(reader.say("Nothing was open."), className="soft")
    note = html.P(one.note, className="written") if one.note else None
    return html.Section(
        [
            html.P([html.Strong(shift), html.Span(f" · {counts}", className="soft")]),
            note,
            html.Ol(lines, className="matters") if lines else none,
            *_signatures(reader, one),
            html.Div(_buttons(reader, one, person), className="buttons"),
        ],
        className="card",
        **attributes({"aria-label": shift}),
    )


def _read(reader: Reader, matter: Matter) -> list[Component]:
    remark = html.P(matter.remark, className="written") if matter.remark else None
    return [*_matter(reader, matter), remark]


def _signatures(reader: Reader, one: Handover) -> list[Component]:
    gave = reader.say(
        "Given by {name}, {time}", name=one.giver_name, time=reader.time(one.given_at)
    )
    mark = reader.say("Mark of what both sign: {digest}", digest=one.digest[:16])
    return [
        html.P([html.Strong(gave), " · ", _taken(reader, one)]),
        html.P(mark, className="soft small", title=one.digest),
    ]


def _buttons(reader: Reader, one: Handover, person: UUID) -> list[Component]:
    printing = html.Button(
        reader.say("Print"), id="print", className="button second", type="button"
    )
    if one.taker is not None or one.giver == person:
        return [printing]
    named = {"data-act": "take_over", "data-on": str(one.id), "data-level": one.digest}
    take = html.Button(
        reader.say("I have read it and take over"), className="button", type="button",
        **attributes(named),
    )  # fmt: skip
    return [take, printing]
