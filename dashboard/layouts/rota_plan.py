"""What a rota is made of: regular shifts, leave, and swaps that wait for an answer."""

from datetime import date, time

from babel.dates import format_date
from dash import html

from alerts.page_words import rung_label
from alerts.rota.rota import EVERY_DAY, OnHolidays, Shift
from alerts.rota.written import runs
from alerts.store.week import LeaveRow, SwapRow
from alerts.week_service import Week
from core.i18n import say_clock, say_day
from dashboard.layouts.marks import Component, act_button, card
from dashboard.reader import Reader
from identity.people import SignedIn

HOLIDAY_LABELS = {
    OnHolidays.AS_USUAL: "on public holidays as usual",
    OnHolidays.OFF: "not on public holidays",
    OnHolidays.ONLY: "on public holidays alone",
}
"""English msgid of whether a shift is worked on public holidays."""


def shifts_card(reader: Reader, found: Week, *, may_plan: bool) -> Component:
    """Return the shifts that are planned, week after week."""
    shifts = sorted(
        (one for one in (found.rota.shifts if found.rota else ()) if not _over(found, one)),
        key=lambda one: (one.duty, found.name(one.person), one.starts),
    )
    lines = [html.Li(_shift(reader, found, one, may_plan=may_plan), key=str(one.id))
             for one in shifts]  # fmt: skip
    body = html.Ul(lines, className="plain rota-lines")
    return card(reader.say("Regular shifts"), body, identifier="rota-shifts")


def _over(found: Week, shift: Shift) -> bool:
    return shift.last_on is not None and shift.last_on < found.today


def _shift(reader: Reader, found: Week, shift: Shift, *, may_plan: bool) -> list[Component]:
    name = found.name(shift.person)
    parts: list[Component] = [
        html.Strong(name),
        f" · {reader.say(rung_label(shift.duty))} · {shift_words(reader, shift)}",
    ]
    if not (found.rota and shift.person in found.rota.staff):
        said = reader.say("has left: this shift is a gap")
        parts.append(html.Span(said, className="rota-gap"))
    if may_plan:
        of = f"{name}, {shift_words(reader, shift)}"
        parts.append(
            html.Div(
                [
                    act_button(reader.say("Change"), "shift-change", str(shift.id), name=of),
                    act_button(reader.say("End"), "shift-end", str(shift.id), name=of),
                ],
                className="buttons",
            )
        )
    return parts


def shift_words(reader: Reader, shift: Shift) -> str:
    """Return « lun.–ven., 8 h 00 – 20 h 00, pas les jours fériés, du 1 janv. 2026 »."""
    days = reader.say("every day") if shift.weekdays == EVERY_DAY else _weekdays(reader, shift)
    parts = [days, f"{clock(reader, shift.starts)} – {clock(reader, shift.ends)}"]
    if shift.on_holidays is not OnHolidays.AS_USUAL:
        parts.append(reader.say(HOLIDAY_LABELS[shift.on_holidays]))
    first = say_day(shift.first_on, reader.locale)
    if shift.last_on is None:
        parts.append(reader.say("from {day}", day=first))
    else:
        last = say_day(shift.last_on, reader.locale)
        parts.append(reader.say("from {first} to {last}", first=first, last=last))
    return ", ".join(parts)


def _weekdays(reader: Reader, shift: Shift) -> str:
    def name(day: int) -> str:
        return weekday_name(day, reader.locale, short=True)

    found = runs(sorted(shift.weekdays))
    return ", ".join(
        name(run[0]) if len(run) == 1 else f"{name(run[0])}–{name(run[-1])}" for run in found
    )


def weekday_name(day: int, locale: str, *, short: bool = False) -> str:
    """Return the name of a weekday; 0 is Monday."""
    return format_date(date(2026, 11, 23 + day), "EEE" if short else "EEEE", locale=locale)


def clock(reader: Reader, at: time) -> str:
    """Return a time of day as people read it."""
    return say_clock(at, reader.locale)


def leaves_card(reader: Reader, found: Week, *, may_plan: bool) -> Component:
    """Return who is away, now or later, and who stands in for him."""
    lines = [html.Li(_leave(reader, found, one, may_plan=may_plan), key=str(one.id))
             for one in found.leaves]  # fmt: skip
    nothing = html.P(reader.say("Nobody is away."), className="soft")
    body = html.Ul(lines, className="plain rota-lines") if lines else nothing
    return card(reader.say("Leave"), body, identifier="rota-leaves")


def _leave(reader: Reader, found: Week, leave: LeaveRow, *, may_plan: bool) -> list[Component]:
    name = found.name(leave.person)
    first, last = (say_day(day, reader.locale) for day in (leave.first_on, leave.last_on))
    instead = (
        reader.say("replaced by {name}", name=found.name(leave.substitute))
        if leave.substitute
        else reader.say("nobody instead")
    )
    days = reader.say("from {first} to {last}", first=first, last=last)
    parts: list[Component] = [html.Strong(name), f" · {days} · {instead}"]
    if may_plan:
        of = f"{name}, {days}"
        parts.append(act_button(reader.say("Take back"), "leave-end", str(leave.id), name=of))
    return parts


def swaps_card(reader: Reader, who: SignedIn, found: Week) -> Component:
    """Return the swaps that wait for an answer; nothing without one."""
    lines = [html.Li(parts, key=str(one.id)) for one in found.swaps
             if (parts := _swap(reader, who, found, one))]  # fmt: skip
    if not lines:
        return None
    body = html.Ul(lines, className="plain rota-lines")
    return card(reader.say("Swaps that wait for an answer"), body, identifier="rota-swaps")


def _swap(reader: Reader, who: SignedIn, found: Week, swap: SwapRow) -> list[Component]:
    shift = found.shift(swap.shift)
    if shift is None:
        return []
    day = format_date(swap.day, "EEEE d MMMM", locale=reader.locale)
    what = f"{day}, {clock(reader, shift.starts)} – {clock(reader, shift.ends)}"
    said = reader.say(
        "{what}: {to} is asked to take it instead of {holder}",
        what=what,
        to=found.name(swap.to_person),
        holder=found.name(found.holder(shift, swap.day)),
    )
    acts: list[Component] = []
    if swap.to_person == who.person:
        acts = [
            act_button(
                reader.say("I take it"), "swap-accept", str(swap.id), name=what, look="button"
            ),
            act_button(reader.say("I cannot"), "swap-refuse", str(swap.id), name=what),
        ]
    elif swap.asked_by == who.person:
        acts = [act_button(reader.say("Ask no more"), "swap-refuse", str(swap.id), name=what)]
    return [said, html.Div(acts, className="buttons")]
