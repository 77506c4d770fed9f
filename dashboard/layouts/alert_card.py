"""One open alert: why, what happened since, and what a person can do about it."""

from dash import html

from alerts.call_back import ITEM as CALL_BACK
from alerts.lifecycle import Hold, State
from alerts.page_words import say_event
from alerts.views import AlertLine, AlertPage, EventView, EvidenceEntry
from dashboard import words
from dashboard.layouts.marks import Component, attributes, level_badge, proposed
from dashboard.layouts.reach_card import ways
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
            html.P(_standing(reader, line), className="standing"),
            _buttons(reader, line) if may_act else None,
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
    parts: list[Component] = [html.Span(began)]
    if line.reason.part == "last_seen":
        again = reader.time(line.reason.evidence.measured_at)
        parts.append(html.Span(reader.say("again at {time}", time=again), className="chip"))
    if line.state is State.OWNED and line.owner_name:
        holding = line.hold is Hold.CALLING_PATIENT
        text = "{name} is calling the patient" if holding else "Taken in charge by {name}"
        parts.append(html.Strong(reader.say(text, name=line.owner_name)))
        if line.owned_until:
            until = reader.say("until {time}", time=reader.time(line.owned_until))
            parts.append(html.Span(until))
    else:
        parts.append(html.Strong(reader.say(words.STATES[line.state])))
        parts.append(html.Span(reader.say("for {span}", span=reader.since(line.since))))
        if line.next_step_at:
            following = reader.say(
                "next call {time}", time=reader.time(max(line.next_step_at, reader.now))
            )
            parts.append(html.Span(following))
    if line.late:
        parts.append(html.Span(reader.say("received late"), className="chip"))
    return parts


def _buttons(reader: Reader, line: AlertLine) -> Component:
    acts = (
        ("own", "Take in charge", "button"),
        ("see", "Seen", "button second"),
        ("close", "Close with an outcome", "button second"),
    )
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
                        "data-level": line.level.code,
                        "aria-label": f"{reader.say(text)}: {about}",
                    }
                ),
            )
            for act, text, look in acts
            if not (act == "own" and line.state is State.OWNED)
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
    said = say_event(event, reader.say)
    return html.Li(
        [
            html.Time(reader.time(event.at), dateTime=event.at.isoformat()),
            html.Span(f"{said}, {event.by_name}" if event.by_name else said),
        ]
    )
