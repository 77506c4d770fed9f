"""The queue: one list, worst first, that says of each patient why, since when and who answers."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from dash import dcc, html

from alerts.alert import State
from alerts.aside import Aside
from alerts.views import AlertLine, QueueRow
from core.vitals import VITALS
from dashboard import words
from dashboard.layouts.awaited import awaited_chip
from dashboard.layouts.drill_marks import counted_apart, row_chips
from dashboard.layouts.marks import HIDDEN, Component, attributes, level_badge, proposed, shape
from dashboard.layouts.queue_tools import SHOWN_LEVELS, pager, toolbar
from dashboard.layouts.seen import QUEUE_LIST, all_seen, as_shown
from dashboard.reader import Reader
from dashboard.triage import Counts, Filters, level_shown, owners, trend_of, waiting_since
from identity.words import SEX_LABELS
from scoring.home_state import MISSING_LABELS, Missing, MissingWhy
from scoring.level import Level

MOST_ALERTS = 3
"""Alerts written out in a row; more are counted."""


def queue_layout(reader: Reader) -> Component:
    """Return the empty page of the queue; its callbacks fill it."""
    return html.Div(
        [
            html.H1(reader.say("Queue"), className="visually-hidden"),
            html.Div(id="handover-waiting"),
            html.Div(id="queue-duty"),
            html.Div(id="queue-head", className="queue-head"),
            toolbar(reader),
            html.Div(
                html.P(reader.say("Loading…"), className="loading", role="status"),
                id=QUEUE_LIST,
            ),
            html.Div(id="queue-seen", role="status"),
            pager(reader),
            proposed(reader),
        ]
    )


def head(reader: Reader, counts: Counts, aside: Mapping[UUID, Aside]) -> Component:
    """Return how many patients stand at each level, how many alerts are open, what is aside."""
    tiles = [
        html.Li(
            [
                shape(level),
                html.Strong(str(counts.patients[level])),
                html.Span(reader.level(level)),
            ],
            className=f"tile tile-{level.code}",
        )
        for level in SHOWN_LEVELS
    ]
    alerts = reader.say(
        "{alerts} open alerts, {red} red", alerts=counts.open_alerts, red=counts.open_red
    )
    followed = reader.say("{total} patients followed", total=counts.total)
    state = reader.say("State of patients now")
    return html.Div(
        [
            html.Ul(tiles, className="tiles", **attributes({"aria-label": state})),
            html.P([html.Strong(alerts), followed, counted_apart(reader, counts.for_drills)],
                   className="totals"),
            _put_aside(reader, aside),
        ],
        className="head-line",
    )  # fmt: skip


def _put_aside(reader: Reader, aside: Mapping[UUID, Aside]) -> Component:
    """Return how many alerts the reader does not see for the moment, and the way to them."""
    if not aside:
        return None
    return html.Button(
        reader.say("Asleep for you: {count}. Show", count=len(aside)),
        className="button second small",
        type="button",
        **attributes({"data-act": "show_aside", "data-on": str(next(iter(aside)))}),
    )


def rows(
    reader: Reader,
    found: tuple[QueueRow, ...],
    filters: Filters,
    aside: Mapping[UUID, Aside] = MappingProxyType({}),
) -> Component:
    """Return the list, or what an empty list means; `aside`: what the reader put aside."""
    if not found:
        return _empty(reader, filters, bool(aside))
    lines = [
        html.Li([entry(reader, row, aside), *as_shown(row)], key=str(row.patient_id))
        for row in found
    ]
    label = attributes({"aria-label": reader.say("Patients, worst first")})
    return html.Div([html.Ol(lines, className="queue", **label), all_seen(reader, found)])


def _empty(reader: Reader, filters: Filters, aside: bool) -> Component:
    if filters.whose == "aside":
        text = reader.say("You have put no alert to sleep for yourself.")
        more = reader.say("What you put to sleep for yourself comes back when its time is over.")
    elif filters.keep_all and aside:
        text = reader.say("Nobody else is in your queue.")
        more = reader.say("Your team still sees what you put to sleep for yourself.")
    elif filters.keep_all:
        text = reader.say("No patient is followed by your organisation yet.")
        more = reader.say("A patient appears here as soon as a monitoring is prescribed.")
    else:
        text = reader.say("No patient matches these filters.")
        more = reader.say("Other patients may need you: look at all levels again.")
    return html.Div([html.H2(text), html.P(more)], className="empty", role="status")


def entry(
    reader: Reader, row: QueueRow, aside: Mapping[UUID, Aside] = MappingProxyType({})
) -> Component:
    """Return one patient of the queue as one link."""
    level = level_shown(row)
    badge = [level_badge(reader, level)]
    if level is not row.summary.level:
        now = reader.say("now {level}", level=reader.say(row.summary.level.label))
        badge.append(html.Span(now, className="soft small"))
    return dcc.Link(
        [
            html.Div(badge, className="cell cell-level"),
            _who(reader, row),
            html.Div(_why(reader, row, aside), className="cell cell-why"),
            _waiting(reader, row),
            _owner(reader, row),
        ],
        href=f"/console/patients/{row.patient_id}",
        className=f"entry entry-{level.code}",
    )


def _who(reader: Reader, row: QueueRow) -> Component:
    about = reader.say("{age} years", age=reader.age(row.birth_date))
    return html.Div(
        [
            html.Strong(row.name, className="name"),
            html.Span(f"{about} · {reader.say(SEX_LABELS[row.sex])}", className="soft small"),
        ],
        className="cell cell-who",
    )


def _why(reader: Reader, row: QueueRow, aside: Mapping[UUID, Aside]) -> list[Component]:
    lines = [
        _alert(reader, row, alert, aside.get(alert.alert_id)) for alert in row.alerts[:MOST_ALERTS]
    ]
    if len(row.alerts) > MOST_ALERTS:
        more = reader.say("and {count} more alerts", count=len(row.alerts) - MOST_ALERTS)
        lines.append(html.Span(more, className="soft"))
    lines = lines or [_reasons(reader, row)]
    lines += [awaited_chip(reader, one) for one in row.repeats]
    lines[:0] = row_chips(reader, row)
    if row.first_call_is_late:
        lines.insert(0, html.Span(reader.say("First call is late"), className="chip chip-open"))
    if row.call_back_is_due:
        lines.insert(0, html.Span(reader.say("Promised call is due"), className="chip chip-open"))
    if row.summary.missing:
        named = missing_words(reader, row.summary.missing)
        text = reader.say("Missing: {named}", named=named)
        lines.append(html.Span(text, className="soft small missing", title=named))
    if (total := row.summary.news2.total) is not None:
        lines.append(html.Span(f"NEWS2 {total}", className="chip"))
    return lines


def missing_words(reader: Reader, missing: tuple[Missing, ...]) -> str:
    """Return the items without a value that counts, gathered by reason."""
    gathered: dict[MissingWhy, list[str]] = {}
    for one in missing:
        gathered.setdefault(one.why, []).append(reader.item(one.item, one.title))
    return " · ".join(
        f"{', '.join(items)} ({reader.say(MISSING_LABELS[why])})" for why, items in gathered.items()
    )


def _alert(reader: Reader, row: QueueRow, alert: AlertLine, aside: Aside | None) -> Component:
    seen = alert.reason.evidence
    limit = reader.limit(alert.item, seen.bound, seen.threshold)
    parts: list[Component] = [
        shape(alert.level),
        html.Span(reader.level(alert.level), className="visually-hidden"),
        html.Strong(reader.evidence(seen)),
        html.Span(f"({limit})" if limit else "", className="soft"),
        html.Span(reader.time(seen.measured_at), className="soft"),
        *_now(reader, row, alert),
    ]
    if seen.to_verify:
        parts.append(html.Span(reader.say("to verify"), className="chip"))
    if alert.late:
        parts.append(html.Span(reader.say("received late"), className="chip"))
    if alert.night_at is not None:
        parts.append(html.Span(reader.say("night"), className="chip chip-open"))
    if alert.sleep is not None:
        asleep = reader.say("asleep until {time}", time=reader.time(alert.sleep.until))
        parts.append(html.Span(asleep, className="chip"))
    elif alert.state is not State.RAISED:
        parts.append(html.Span(reader.say(words.STATES[alert.state]), className="chip"))
    if aside is not None:
        mine = reader.say("asleep for you until {time}", time=reader.time(aside.until))
        parts.append(html.Span(mine, className="chip"))
    return html.Span(parts, className="reason")


def _now(reader: Reader, row: QueueRow, alert: AlertLine) -> list[Component]:
    trend = trend_of(alert, row.summary)
    latest = next((v for v in row.summary.latest if VITALS[v.vital].slug == alert.item), None)
    if trend is None or latest is None:
        return []
    arrow, word = words.TRENDS[trend]
    value = reader.value(alert.item, latest.value, latest.unit, None)
    return [
        html.Span(
            [
                html.Span(arrow, className="arrow", **HIDDEN),
                html.Span(f"{reader.say(word)}, ", className="visually-hidden"),
                reader.say("{value} at {time}", value=value, time=reader.time(latest.measured_at)),
            ],
            className="now",
        )
    ]


def _reasons(reader: Reader, row: QueueRow) -> Component:
    off = [one for one in row.summary.items if one.level > Level.GREEN]
    if off:
        return html.Span(" · ".join(reader.finding(one) for one in off[:MOST_ALERTS]))
    if row.summary.last_measured_at is None:
        return html.Span(reader.say("No measurement received yet"), className="soft")
    text = reader.say(
        "Within the limits, last measurement {time}",
        time=reader.time(row.summary.last_measured_at),
    )
    return html.Span(text, className="soft")


def _waiting(reader: Reader, row: QueueRow) -> Component:
    since = waiting_since(row)
    if since is None:
        return html.Div(className="cell cell-waiting")
    return html.Div(
        [
            html.Strong(reader.since(since), className="waiting"),
            html.Span(reader.say("waiting"), className="soft small"),
        ],
        className="cell cell-waiting",
    )


def _owner(reader: Reader, row: QueueRow) -> Component:
    named = owners(row)
    if named:
        parts = [html.Span(reader.say("Taken in charge"), className="soft small"),
                 html.Strong(", ".join(named))]  # fmt: skip
    elif row.alerts:
        parts = [html.Span(reader.say("To take in charge"), className="chip chip-open")]
    elif row.seen_at is not None:
        seen = reader.say("Seen by {name}, {time}", name=row.seen_by, time=reader.time(row.seen_at))
        parts = [html.Span(seen, className="soft small")]
    else:
        parts = []
    return html.Div(parts, className="cell cell-owner")
