"""How a patient is reached: whom to call, which number is wrong, who is on the way."""

from typing import assert_never
from uuid import UUID

from dash import html

from coordination.reaching.chain import (
    ATTEMPT_LABELS,
    CHECK_LABELS,
    Attempt,
    Callee,
    CallNext,
    Exhausted,
    FoundAtHome,
    NoNumber,
    SomebodyAnswered,
    Step,
    WaitUntil,
)
from coordination.reaching.service import Reach
from dashboard.layouts.marks import Component, attributes, card, notice, phone_link
from dashboard.reader import Reader


def ways(reader: Reader, patient: UUID, alert: UUID | None, *, base: str) -> Component:
    """Return the links to calling his people and to the sheet of the SAMU.

    `base` is the address of the pages.
    """
    about = f"?alert={alert}" if alert else ""
    return html.Nav(
        [
            html.A(
                reader.say("Reach the patient"),
                href=f"{base}/patients/{patient}/reach{about}",
                className="button second",
            ),
            html.A(
                reader.say("SAMU sheet"),
                href=f"{base}/patients/{patient}/samu{about}",
                className="button second",
            ),
        ],
        className="buttons",
        **attributes({"aria-label": reader.say("Reach the patient and his home")}),
    )


def reach_card(reader: Reader, patient: UUID, known: Reach, step: Step, *, base: str) -> Component:
    """Return who is called next, what is wrong with numbers, and the last attempt."""
    own = [one for one in known.numbers if one.of_patient]
    wrong = [one for one in known.numbers if one.doubted]
    body: list[Component] = []
    if not own:
        body.append(notice("orange", reader.say("The patient has no telephone number")))
    for one in wrong:
        who = one.person.shown if one.person else reader.say("The patient")
        text = reader.say("Number to be checked: somebody else answers")
        body.append(notice("orange", f"{who} – {text}"))
    check = known.running_check
    if check is not None:
        body.append(html.P(html.Strong(reader.say("{who} is on the way", who=check.who))))
        if check.is_late(reader.now):
            text = reader.say("Nothing heard since the time to be there")
            body.append(notice("red", text))
    body.append(_step(reader, step))
    if known.attempts:
        body.append(_last(reader, known.attempts[0]))
    if not known.people:
        about = reader.say("Nobody around the patient is on the list.")
        link = html.A(reader.say("People to call"), href=f"{base}/patients/{patient}/people")
        body.append(html.P([about, " ", link]))
    body.append(ways(reader, patient, None, base=base))
    return card(reader.say("Reach the patient"), body, identifier="reach")


def _step(reader: Reader, step: Step) -> Component:
    match step:
        case CallNext(callee=callee, promised=promised):
            about = reader.say("Call next")
            if promised is not None:
                about = reader.say("Was to be called back at {time}", time=reader.time(promised))
            return _to_call(reader, callee, about)
        case SomebodyAnswered(attempt=attempt, then=then):
            who = attempt.name or reader.say("The patient")
            text = reader.say("{who} answered at {time}", who=who, time=reader.time(attempt.at))
            if then is None:
                return html.P(text)
            about = reader.say("If that does not help, call next")
            return html.Div([html.P(text), _to_call(reader, then, about)])
        case FoundAtHome(check=check):
            found = reader.say(CHECK_LABELS[check.outcome or ""])
            at = reader.time(check.ended_at) if check.ended_at else ""
            return html.P([html.Time(at), f" {check.who} – ", html.Strong(found)])
        case WaitUntil(callee=callee, at=at):
            who = callee.person.shown if callee.person else reader.say("The patient")
            text = "Everybody was called. {who} is to be called back at {time}."
            return html.P(reader.say(text, who=who, time=reader.time(at)))
        case NoNumber():
            text = "No telephone number: neither of the patient nor of anybody around."
            return notice("orange", f"{reader.say(text)} {_go(reader)}")
        case Exhausted():
            text = "Everybody was called and nobody answers."
            return notice("orange", f"{reader.say(text)} {_go(reader)}")
        case _:
            assert_never(step)


def _to_call(reader: Reader, callee: Callee, about: str) -> Component:
    who = callee.person.shown if callee.person else reader.say("The patient")
    return html.P(
        [html.Span(about, className="soft"), " ", html.Strong(who), " ",
         phone_link(callee.phone, reader)]
    )  # fmt: skip


def _go(reader: Reader) -> str:
    return reader.say("Send somebody to the home.")


def _last(reader: Reader, one: Attempt) -> Component:
    who = one.name or reader.say("The patient")
    said = f"{who} – {reader.say(ATTEMPT_LABELS[one.outcome])}, {one.by_name}"
    return html.P([html.Time(reader.time(one.at)), " ", said], className="soft small")
