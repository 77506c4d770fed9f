"""One patient: who it is, what must be answered, what was measured, who is around."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from dash import dcc, html
from dash_mantine_components import SegmentedControl

from alerts.page_words import NEWS2_WORDS
from alerts.repeat_view import PendingView
from alerts.views import LatestValue, SummaryView
from core.vitals import VITALS
from dashboard import words
from dashboard.figures.french import GRAPH_CONFIG
from dashboard.ids import RECORD_REFUSAL
from dashboard.layouts.awaited import awaited_chip
from dashboard.layouts.dialogs import (
    asking_dialog,
    closing_dialog,
    giving_dialog,
    sleeping_dialog,
)
from dashboard.layouts.drill_marks import drill_chip
from dashboard.layouts.gp_card import gp_dialog
from dashboard.layouts.marks import (
    Component,
    attributes,
    card,
    fact,
    level_badge,
    phone_link,
    proposed,
)
from dashboard.layouts.shell import HOME
from dashboard.reader import Reader
from identity.people import PatientTraits
from identity.words import SEX_LABELS
from questionnaires.answered import SOURCE_LABELS, Source, came_late
from questionnaires.answers_shown_service import Shown
from questionnaires.questionnaire import said
from questionnaires.shown import Line, lines_of
from scoring.home_state import MISSING_LABELS

SPANS = (("1", "1 h"), ("24", "24 h"), ("168", "7 d"))
"""Hours shown by the chart, and their msgid."""


def patient_layout(reader: Reader) -> Component:
    """Return the empty page of a patient; its callbacks fill it."""
    loading = html.P(reader.say("Loading…"), className="loading", role="status")
    return html.Div(
        [
            dcc.Link(["‹ ", reader.say("Back to the queue")], href=HOME, className="crumb"),
            html.Div(id=RECORD_REFUSAL, role="alert", className="refusal"),
            html.Div(loading, id="patient-identity"),
            html.Div(id="act-result", role="status"),
            html.Div(id="gp-result", role="status"),
            html.Div(
                [
                    html.Div(
                        [
                            html.Div(id="patient-alerts"),
                            _chart_card(reader),
                        ],
                        className="stack",
                    ),
                    html.Div(
                        [
                            html.Div(id="patient-reach"),
                            html.Div(id="patient-latest"),
                            html.Div(id="patient-prescription"),
                            html.Div(id="patient-answers"),
                            html.Div(id="patient-plan"),
                            html.Div(id="patient-circle"),
                            html.Div(id="patient-gp"),
                        ],
                        className="stack",
                    ),
                ],
                className="columns",
            ),
            closing_dialog(reader),
            asking_dialog(reader),
            sleeping_dialog(reader),
            giving_dialog(reader),
            gp_dialog(reader),
        ],
        className="patient",
    )


def _chart_card(reader: Reader) -> Component:
    spans = SegmentedControl(
        id="chart-span",
        data=[{"label": reader.say(text), "value": hours} for hours, text in SPANS],
        value="24",
        className="segmented small",
    )
    body = [
        dcc.Graph(id="chart", config=cast(Any, GRAPH_CONFIG[reader.locale]), className="graph"),
        html.Div(id="chart-words", className="soft small"),
        proposed(reader),
    ]
    label: dict[str, Any] = {"aria-label": reader.say("Span of the chart")}
    return card(
        reader.say("SpO₂ and pulse"),
        body,
        identifier="chart-card",
        note=html.Div(spans, role="group", **label),
    )


def identity_strip(
    reader: Reader,
    traits: PatientTraits,
    summary: SummaryView | None,
    awaited: Sequence[PendingView] = (),
) -> Component:
    """Return who the patient is, and how he is now."""
    used = traits.used_name and traits.used_name != traits.birth_name
    facts = [
        fact(
            reader.say("Born"),
            f"{reader.day(traits.birth_date)} · "
            + reader.say("{age} years", age=reader.age(traits.birth_date)),
        ),
        fact(reader.say("Sex"), reader.say(SEX_LABELS[traits.sex])),
        *([fact(reader.say("Birth name"), traits.birth_name)] if used else []),
        fact(reader.say("INS"), reader.say(words.INS_STATUSES[traits.ins_status])),
        fact(reader.say("Phone"), phone_link(traits.phone, reader)),
    ]
    state = []
    if summary is not None:
        state = [
            level_badge(reader, summary.level),
            html.Span(
                reader.say("judged at {time}", time=reader.time(summary.judged_at)),
                className="soft small",
            ),
        ]
    state += [awaited_chip(reader, one) for one in awaited]
    drill = drill_chip(reader) if summary is not None and summary.of_drill else None
    return html.Section(
        [
            html.Div([html.H1(traits.shown_name), drill, html.Div(state, className="state")],
                     className="identity-head"),
            html.Dl(facts, className="facts"),
        ],
        className="identity",
        **attributes({"aria-label": reader.say("Identity")}),
    )  # fmt: skip


def latest_card(reader: Reader, summary: SummaryView) -> Component:
    """Return the latest values with their age, what is missing, and NEWS2 when complete."""
    lines = [_latest(reader, value) for value in summary.latest]
    missing = [
        html.Li(
            [
                html.Span(reader.item(one.item, one.title)),
                html.Span(reader.say(MISSING_LABELS[one.why]), className="soft"),
                html.Span(reader.time(one.at) if one.at else "", className="soft small"),
            ]
        )
        for one in summary.missing
    ]
    body: list[Component] = [
        html.Dl(lines, className="latest")
        if lines
        else html.P(reader.say("No measurement received yet"), className="soft")
    ]
    if missing:
        body += [html.H3(reader.say("Missing")), html.Ul(missing, className="plain missing-list")]
    return card(reader.say("Latest values"), [*body, _news2(reader, summary)], identifier="latest")


def _latest(reader: Reader, value: LatestValue) -> Component:
    slug = VITALS[value.vital].slug
    return html.Div(
        [
            html.Dt(reader.item(slug)),
            html.Dd(
                [
                    html.Strong(reader.value(slug, value.value, value.unit, None)),
                    html.Span(
                        reader.say("{span} ago", span=reader.since(value.measured_at)),
                        className="soft small",
                        title=reader.time(value.measured_at),
                    ),
                ]
            ),
        ],
        className="latest-value",
    )


def _news2(reader: Reader, summary: SummaryView) -> Component:
    news2 = summary.news2
    if news2.total is not None:
        return html.P([html.Strong(f"NEWS2 {news2.total}"), f" · {news2.band or ''}"])
    if not news2.missing:
        words = reader.say("NEWS2 does not apply to this patient")
        applies = news2.refused in (None, "incomplete")
        return None if applies else html.P(words, className="soft small")
    named = ", ".join(reader.say(NEWS2_WORDS.get(one, one)) for one in news2.missing)
    return html.P(reader.say("NEWS2 incomplete: {named}", named=named), className="soft small")


def answers_card(
    reader: Reader, patient: UUID, answered: Sequence[Shown], *, base: str
) -> Component:
    """Return the last questionnaires, newest first, each in the words of its own edition.

    `base` is the address of the pages, where each can be read whole.
    """
    if not answered:
        body: Component = html.P(reader.say("No answer yet"), className="soft")
    else:
        pages = f"{base}/patients/{patient}/answers"
        body = [_answered(reader, one, f"{pages}/{one.entry.id}") for one in answered]
    return card(reader.say("Last answers"), body, identifier="answers")


def _answered(reader: Reader, one: Shown, page: str) -> Component:
    entry = one.entry
    lines = lines_of(one.edition, entry.answers, entry.scores, reader.locale)
    about = [
        reader.say(SOURCE_LABELS[Source(entry.source)]),
        one.name,
        reader.say("received late") if came_late(entry.answered_at, entry.received_at) else "",
        reader.say("corrected") if entry.replaces else "",
    ]
    return html.Div(
        [
            html.H3(
                html.A(
                    f"{said(one.edition.title, reader.locale)}, {reader.time(entry.answered_at)}",
                    href=page,
                )
            ),
            html.P(" · ".join(part for part in about if part), className="soft small"),
            html.Dl([_line(reader, line) for line in lines]),
            html.P(f"« {entry.words} »") if entry.words else "",
        ]
    )


def _line(reader: Reader, line: Line) -> Component:
    level = html.Span(reader.level(line.level), className="chip") if line.level else ""
    return html.Div(
        [html.Dt(line.question), html.Dd([line.answer, " ", level])], className="fact-line"
    )
