"""One open alert: why, what happened since, and what a person can do about it."""

from dash import html

from alerts.alert import State
from alerts.aside import Aside
from alerts.call_back import ITEM as CALL_BACK
from alerts.cause import CAUSE_WORDS
from alerts.page_words import say_aside, say_asleep, say_event, say_held
from alerts.repeat_view import RepeatView, say_repeat
from alerts.views import AlertLine, AlertPage, EventView, EvidenceEntry
from dashboard import words
from dashboard.layouts.drill_marks import drill_words
from dashboard.layouts.marks import Component, attributes, level_badge, proposed
from dashboard.layouts.reach_card import ways
from dashboard.layouts.talk import talk
from dashboard.layouts.told import told_list
from dashboard.reader import Reader

MOST_EVENTS = 8


def alert_cards(
    reader: Reader, pages: tuple[AlertPage, ...], *, may_act: bool, base: str
) -> Component:
    """Return every open alert of a patient, red first."""
    if not pages:
        return html.P(reader.say("No open alert"), className="empty small-empty")
    return [alert_card(reader, page, may_act=may_act, base=base) for page in pages]


def alert_card(reader: Reader, page: AlertPage, *, may_act: bool, base: str) -> Component:
    """Return one alert with its reason, its acts and its life; `base`: address of the pages."""
    line = page.line
    title = f"alert-{line.alert_id}"
    return html.Section(
        [
            html.Div(
                [
                    level_badge(reader, line.level),
                    html.H2(why(reader, page), id=title),
                ],
                className="alert-head",
            ),
            drill_words(reader) if line.drill else None,
            html.P(_standing(reader, line), className="standing"),
            _aside(reader, page.aside),
            *(_repeat(reader, one) for one in page.repeats),
            told_list(reader, page),
            talk(reader, page.talk),
            _buttons(reader, page) if may_act else None,
            ways(reader, line.patient_id, line.alert_id, base=base),
            html.Details(
                [
                    html.Summary(reader.say("Evidence and history")),
                    html.Ul(
                        [_evidence(reader, entry) for entry in page.evidence], className="evidence"
                    ),
                    html.Ol(
                        [_event(reader, event) for event in page.events[-MOST_EVENTS:]],
                        className="history",
                    ),
                    proposed(reader),
                ],
                open=False,
            ),
        ],
        className=f"card alert alert-{line.level.code}",
        key=str(line.alert_id),
        **attributes({"aria-labelledby": title}),
    )


def why(reader: Reader, page: AlertPage) -> str:
    """Return the reason of an alert in one line: item, value, limit."""
    seen = page.line.reason.evidence
    limit = reader.limit(page.line.item, seen.bound, seen.threshold)
    reason = reader.evidence(seen)
    return f"{reason} ({limit})" if limit else reason


def _standing(reader: Reader, line: AlertLine) -> list[Component]:
    began = reader.say("first at {time}", time=reader.time(line.first_breach_at))
    parts: list[Component] = [html.Span(began), _chip(reader.say(CAUSE_WORDS[line.cause]))]
    if line.reason.part == "last_seen":
        again = reader.time(line.reason.evidence.measured_at)
        parts.append(_chip(reader.say("again at {time}", time=again)))
    if line.cleared_at:
        since = reader.time(line.cleared_at)
        parts.append(_chip(reader.say("within the limits since {time}", time=since)))
    parts += _state(reader, line)
    if line.assigned_name:
        given = reader.say("given to {name}, not taken yet", name=line.assigned_name)
        parts.append(html.Span(given))
    if line.late:
        parts.append(_chip(reader.say("received late")))
    return parts


def _repeat(reader: Reader, one: RepeatView) -> Component:
    """Return what became of a measure the patient was asked to take again, and what he said."""
    lines = [f"{line.question} {line.answer}" for line in one.lines(reader.locale)]
    return html.Div(
        [
            html.P(html.Strong(say_repeat(one, reader.say, reader.time))),
            html.Ul([html.Li(line) for line in lines]) if lines else None,
        ],
        className="repeat",
    )


def _aside(reader: Reader, aside: Aside | None) -> Component:
    """Return until when the reader has put it aside for himself, if he has."""
    if aside is None:
        return None
    others = reader.say("Your team sees it and the calls go on.")
    said = say_aside(aside, reader.say, reader.time)
    return html.P([html.Strong(said), html.Span(others)], className="standing")


def _chip(text: str) -> Component:
    return html.Span(text, className="chip")


def _state(reader: Reader, line: AlertLine) -> list[Component]:
    """Return who has the alert until when, or why it sleeps, or since when it waits."""
    if line.state is State.OWNED and line.owner_name:
        return [html.Strong(say_held(line, reader.say, reader.time))]
    if line.sleep is not None:
        return [html.Strong(say_asleep(line, reader.say, reader.time))]
    return [
        html.Strong(reader.say(words.STATES[line.state])),
        html.Span(reader.say("for {span}", span=reader.since(line.since))),
    ]


def _acts(page: AlertPage) -> list[tuple[str, str, str]]:
    """Return the acts an alert offers as it stands: name, msgid, look."""
    line = page.line
    asleep = line.state is State.ASLEEP
    pause = ("wake", "Wake it") if asleep else ("sleep", "Put to sleep")
    return [
        *([] if line.state is State.OWNED else [("own", "Take in charge", "button")]),
        ("see", "Seen", "button second"),
        ("ask", "Ask a question", "button second"),
        (*pause, "button second"),
        *([("back", "Show it in my queue again", "button second")] if page.aside else []),
        ("give", "Give to a colleague", "button second"),
        ("close", "Close with an outcome", "button second"),
    ]


def _buttons(reader: Reader, page: AlertPage) -> Component:
    line = page.line
    said = line.reason.evidence.said
    about = said.question_in(reader.locale) if said else reader.item(line.item)
    return html.Div(
        [
            html.Button(
                reader.say(text),
                className=look,
                type="button",
                **attributes(
                    {
                        "data-act": act,
                        "data-on": str(line.alert_id),
                        "data-level": line.shown_as,
                        "aria-label": f"{reader.say(text)}: {about}",
                    }
                ),
            )
            for act, text, look in _acts(page)
        ],
        className="buttons",
    )


def _evidence(reader: Reader, entry: EvidenceEntry) -> Component:
    seen = entry.evidence
    if seen.said is not None:
        value = seen.said.answer_in(reader.locale)
    else:
        value = reader.value(seen.item, seen.value, seen.unit, seen.code)
    limit = reader.limit(seen.item, seen.bound, seen.threshold)
    parts = words.WISH_PARTS if seen.item == CALL_BACK else words.EVIDENCE_PARTS
    return html.Li(
        [
            html.Span(reader.say(parts[entry.part]), className="soft"),
            html.Strong(value),
            html.Span(limit),
            html.Span(reader.time(seen.measured_at), className="soft"),
            html.Span(reader.say("to verify") if seen.to_verify else "", className="soft"),
            html.Span(" · ".join(filter(None, (seen.source, seen.profile))), className="source"),
        ]
    )


def _event(reader: Reader, event: EventView) -> Component:
    said = say_event(event, reader.say, reader.time)
    return html.Li(
        [
            html.Time(reader.time(event.at), dateTime=event.at.isoformat()),
            html.Span(f"{said}, {event.by_name}" if event.by_name else said),
        ]
    )
