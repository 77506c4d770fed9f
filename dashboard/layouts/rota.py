"""The rota: who is on duty in a week, day by day, and where nobody is, said in words."""

from datetime import date, datetime, timedelta

from babel.dates import format_date
from dash import dcc, html

from alerts.page_words import rung_label
from alerts.rota.public_days import holiday_name
from alerts.rota.rota import Gap, OnDuty, Turn
from alerts.rota.week import Day, DutyNow, DutyWeek
from alerts.week_service import Week
from core.i18n import say_time
from dashboard.layouts.marks import Component, act_button, attributes, card, notice
from dashboard.layouts.rota_dialogs import (
    ending_dialog,
    leave_dialog,
    shift_dialog,
    swap_dialog,
)
from dashboard.layouts.rota_plan import leaves_card, shifts_card, swaps_card
from dashboard.layouts.shell import ROTA
from dashboard.reader import Reader
from identity.people import SignedIn

NO_BREAK = "\u00a0"
NOBODY_ID = "00000000-0000-0000-0000-000000000000"
"""What a button acts on that makes something new."""


def rota_layout(reader: Reader, *, may_plan: bool) -> Component:
    """Return the empty page of the rota; its callbacks fill it."""
    about = reader.say(
        "Who is called, and when. An alert calls whoever is on duty at that moment; "
        "where nobody is, the next person is called at once and the operator is told."
    )
    adding = [
        act_button(reader.say("Add a shift"), "shift-add", NOBODY_ID, look="button"),
        act_button(reader.say("Note leave"), "leave-add", NOBODY_ID),
    ]
    return html.Div(
        [
            dcc.Store(id="rota-monday"),
            html.H1(reader.say("Rota")),
            html.P(about, className="soft"),
            html.Div(adding if may_plan else [], className="toolbar"),
            html.Div(id="rota-result", role="status"),
            html.Div(id="rota-swap-result", role="status"),
            html.Div(id="rota-now", role="status"),
            _turning(reader),
            html.Div(
                html.P(reader.say("Loading…"), className="loading", role="status"),
                id="rota-list",
            ),
            shift_dialog(reader),
            ending_dialog(reader),
            leave_dialog(reader),
            swap_dialog(reader),
        ],
        className="rota",
    )


def _turning(reader: Reader) -> Component:
    return html.Nav(
        [
            html.Button(reader.say("Week before"), id="rota-before", className="button second",
                        type="button"),
            html.Button(reader.say("This week"), id="rota-this", className="button second",
                        type="button"),
            html.Button(reader.say("Week after"), id="rota-after", className="button second",
                        type="button"),
        ],
        className="toolbar",
        **attributes({"aria-label": reader.say("Weeks")}),
    )  # fmt: skip


def rota_now(reader: Reader, now: tuple[DutyNow, ...], names: dict[str, str]) -> Component:
    """Return who is on duty at this moment, and for what nobody is though somebody must be."""
    here = [
        f"{', '.join(names.get(str(one), '–') for one in each.people.people)} "
        f"({reader.say(rung_label(each.duty)).lower()})"
        for each in now
        if isinstance(each.people, OnDuty)
    ]
    missing = [reader.say(rung_label(each.duty)).lower() for each in now if each.missing]
    parts: list[Component] = []
    if here:
        parts.append(html.P([html.Strong(reader.say("On duty now: ")), "; ".join(here)]))
    if missing:
        said = reader.say("Nobody is on duty now: {named}", named=", ".join(missing))
        parts.append(notice("orange", said))
    if now and not parts:
        parts.append(html.P(reader.say("Nobody is on duty: the service is closed.")))
    return html.Div(parts)


def rota_asked(reader: Reader, asked: int) -> Component:
    """Return that colleagues ask the reader to take shifts, with the way there; else nothing."""
    if not asked:
        return None
    said = reader.say("A colleague asks you to take a shift: answer")
    return notice("info", dcc.Link(said, href=ROTA))


def rota_week(reader: Reader, who: SignedIn, found: Week, *, may_plan: bool) -> Component:
    """Return a week, or what it means that none is planned."""
    if found.rota is None or not found.rota.shifts:
        title = html.H2(reader.say("Nothing is planned yet."))
        about = html.P(reader.say("In the hours of the service all staff is called."))
        body: list[Component] = [html.Div([title, about], className="empty", role="status")]
    else:
        days = [html.Div(_duty(reader, who, found, one, may_plan=may_plan)) for one in found.duties]
        body = [_summary(reader, found), html.Div(days, className="rota-duties")]
        body.append(shifts_card(reader, found, may_plan=may_plan))
    return html.Div(
        [
            html.H2(_title(reader, found.monday)),
            swaps_card(reader, who, found),
            *body,
            leaves_card(reader, found, may_plan=may_plan),
        ]
    )


def _title(reader: Reader, monday: date) -> str:
    first, last = (format_date(day, "d MMMM y", locale=reader.locale)
                   for day in (monday, monday + timedelta(days=6)))  # fmt: skip
    return reader.say("Week from {first} to {last}", first=first, last=last)


def _summary(reader: Reader, found: Week) -> Component:
    days = [day for one in found.duties for day in one.days if day.day >= found.today]
    count = sum(len(day.gaps) for day in days)
    if not days:
        return None
    if not count:
        return notice("green", reader.say("No gap to fill this week in what is planned."))
    return notice("orange", reader.say("Gaps to fill this week, nobody on duty: {count}",
                                       count=count))  # fmt: skip


def _duty(
    reader: Reader, who: SignedIn, found: Week, one: DutyWeek, *, may_plan: bool
) -> Component:
    title = reader.say(rung_label(one.duty))
    if not one.planned:
        said = reader.say(UNPLANNED_WORDS[one.duty])
        return card(title, html.P(said, className="soft"), identifier=f"rota-{one.duty}")
    lines = [_day(reader, who, found, day, may_plan=may_plan) for day in one.days]
    head = html.Tr([html.Th(reader.say(text), scope="col") for text in ("Day", "Who and when")])
    table = html.Table(
        [html.Caption(title, className="visually-hidden"), html.Thead(head), html.Tbody(lines)],
        className="rota-table",
    )
    return card(title, table, identifier=f"rota-{one.duty}")


UNPLANNED_WORDS: dict[str, str] = {
    "telemonitoring_nurse": "Not planned: all nurses are called, in the hours of the service.",
    "second_nurse": "Not planned: a nurse who was not called first is called.",
    "coordinating_doctor": "Not planned: the coordinating doctors are called, in service hours.",
    "on_call": "Nobody is planned on call: a red alert at night waits until the service opens.",
}
"""English msgid of what holds for a duty that is not planned."""


def _day(reader: Reader, who: SignedIn, found: Week, day: Day, *, may_plan: bool) -> Component:
    holiday = holiday_name(found.region, day.day, reader.locale)
    named: list[Component] = [html.Span(format_date(day.day, "EEE d MMM", locale=reader.locale))]
    if day.day == found.today:
        named.append(html.Span(reader.say("today"), className="chip chip-open"))
    if holiday:
        said = reader.say("public holiday: {name}", name=holiday)
        named.append(html.Span(said, className="soft small block"))
    stretches: list[tuple[datetime, Component]] = [
        *((gap.start, _gap(reader, found, day.day, gap)) for gap in day.gaps),
        *((turn.start, _turn(reader, who, found, turn, may_plan=may_plan)) for turn in day.turns),
    ]
    lines = [line for _, line in sorted(stretches, key=lambda pair: pair[0])]
    nothing = html.Span(reader.say("no shift"), className="soft")
    return html.Tr(
        [
            html.Th(named, scope="row"),
            html.Td(html.Ul(lines, className="plain") if lines else nothing),
        ],
        key=str(day.day),
    )


def _gap(reader: Reader, found: Week, day: date, gap: Gap) -> Component:
    said = reader.say("Gap, nobody is on duty: {span}", span=span(reader, found, day, gap))
    return html.Li(html.Span(said, className="rota-gap"))


def _turn(reader: Reader, who: SignedIn, found: Week, turn: Turn, *, may_plan: bool) -> Component:
    parts: list[Component] = [html.Span(span(reader, found, turn.day, turn)), " · "]
    owner = found.name(turn.shift.person)
    if turn.person is None:
        here = found.rota is not None and turn.shift.person in found.rota.staff
        text = "{name} is away, nobody instead" if here else "{name} has left, nobody instead"
        return html.Li([*parts, reader.say(text, name=owner)])
    parts.append(html.Strong(found.name(turn.person)))
    if turn.person != turn.shift.person:
        said = reader.say("in place of {name}", name=owner)
        parts.append(html.Span(f" ({said})", className="soft"))
    asked = any((one.shift, one.day) == (turn.shift.id, turn.day) for one in found.swaps)
    mine = found.holder(turn.shift, turn.day) == who.person
    if asked:
        parts.append(html.Span(reader.say("swap asked"), className="chip"))
    elif turn.day >= found.today and (mine or may_plan):
        what = f"{format_date(turn.day, 'EEEE d MMMM', locale=reader.locale)}, {owner}"
        said = reader.say("Offer a swap")
        on, day = str(turn.shift.id), str(turn.day)
        parts += [" ", act_button(said, "swap-offer", on, name=what, level=day, look="quiet")]
    return html.Li(parts)


def span(reader: Reader, found: Week, day: date, one: Gap | Turn) -> str:
    """Return « 20 h 00 – 8 h 00 (mar.) »: from when until when, of a day."""
    return f"{_at(reader, found, day, one.start)} – {_at(reader, found, day, one.end)}"


def _at(reader: Reader, found: Week, day: date, at: datetime) -> str:
    local = at.astimezone(found.zone)
    if (local.hour, local.minute) == (0, 0) and local.date() == day + timedelta(days=1):
        return f"24{NO_BREAK}h{NO_BREAK}00" if reader.locale == "fr" else "24:00"
    said = say_time(at, reader.locale, found.zone).replace(" ", NO_BREAK)
    if local.date() == day:
        return said
    return f"{said} ({format_date(local.date(), 'EEE', locale=reader.locale)})"
