"""What the model says of a patient: in one card with the state by the rules, and below it."""

from dash import html

from alerts.risk_card import RiskBeside, RiskCard, risk_card
from dashboard.layouts.marks import Component, card, level_badge
from dashboard.reader import Reader


def risk_section(reader: Reader, beside: RiskBeside) -> Component:
    """Return the card: the rules first, then the model with its reasons and its warning."""
    said = risk_card(beside, reader.locale)
    rules = html.P(
        [
            html.Span(reader.say("By the rules:")),
            level_badge(reader, beside.level),
            html.Span(
                reader.say("judged at {time}", time=reader.time(beside.judged_at)),
                className="soft small",
            ),
        ],
        className="risk-rules",
    )
    return card(
        reader.say("Opinion of the model"),
        [rules, *_lines(reader, said)],
        identifier="risk",
        note=html.Span(said.version, className="soft small") if said.version else None,
    )


def _lines(reader: Reader, said: RiskCard) -> list[Component]:
    lines: list[Component] = [
        html.P(said.headline, className=f"risk-headline risk-{said.band or 'silent'}")
    ]
    if said.reasons:
        lines.append(html.Ul([html.Li(one) for one in said.reasons], className="risk-reasons"))
    lines += [html.P(one) for one in said.notes]
    if said.behind:
        lines.append(html.P(html.Strong(said.behind)))
    if said.asked_at:
        asked = reader.say("Model asked: {time}", time=reader.time(said.asked_at))
        lines.append(html.P(asked, className="soft small"))
    if said.warning:
        lines.append(html.P(said.warning, className="risk-warning"))
    return lines
