"""What the patient is asked and did not answer, in a few lines, with the way to his plan."""

from datetime import date

from dash import html

from core.i18n import say_day
from dashboard.layouts.marks import Component, card
from dashboard.reader import Reader
from questionnaires.plans.plan import PAUSE_LABELS, PauseReason, Task
from questionnaires.plans.plan_words import title_in
from questionnaires.plans.shown import PlanPage

MOST_MISSED = 3


def plan_card(
    reader: Reader, patient: str, page: PlanPage, died_on: date | None = None
) -> Component:
    """Return the running plans, the pause he is in, and the last deadlines without an answer."""
    lines: list[Component] = [
        html.Li(html.Strong(title_in(shown.plan.title, reader.locale))) for shown in page.running
    ]
    if died_on is not None:
        died = reader.say("Died on {day}", day=say_day(died_on, reader.locale))
        lines.insert(0, html.Li(html.Strong(died)))
    if not page.running:
        lines.append(html.Li(reader.say("No plan is running"), className="soft"))
    lines += [
        html.Li(
            reader.say(
                "{reason}, until {time}",
                reason=reader.say(PAUSE_LABELS[PauseReason(pause.reason)]),
                time=reader.time(pause.ends_at),
            )
        )
        for pause in page.pauses
    ]
    if page.requests:
        lines.append(html.Li(html.Strong(reader.say("The patient asks for a pause"))))
    lines += [html.Li(_missed(reader, task)) for task in page.missed[:MOST_MISSED]]
    link = html.A(
        reader.say("Plan of questionnaires"), href=f"/patients/{patient}/plan", className="crumb"
    )
    ending = html.A(
        reader.say("End of follow-up"), href=f"/patients/{patient}/exit", className="crumb"
    )
    body = [html.Ul(lines, className="plain circle"), link, ending]
    return card(reader.say("Questionnaires asked"), body, identifier="plan")


def _missed(reader: Reader, task: Task) -> list[Component]:
    said = reader.say("No answer: {time}", time=reader.time(task.occasion))
    if task.done_at is None:
        return [html.Span(said)]
    later = reader.say("answered later: {moment}", moment=reader.time(task.done_at))
    return [html.Span(f"{said} · {later}")]
