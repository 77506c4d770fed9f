"""The model in use: what it is, what it was made from, whether it still fits the people here."""

from collections.abc import Mapping
from typing import Any, Final

from dash import dcc, html

from alerts.looks import CardRow, LookRow
from alerts.model_page_service import ModelState
from core.i18n import say_number
from dashboard.layouts import model_words as words
from dashboard.layouts.marks import Component, card, fact, notice
from dashboard.layouts.model_parts import bars, table
from dashboard.reader import Reader

SAVE: Final = "model-save"


def model_layout(reader: Reader) -> Component:
    """Return the empty page; its callback fills it."""
    about = reader.say(
        "Which deterioration model advises here, and whether it still fits the people here. "
        "The rules and the alerts never wait for it."
    )
    return html.Div(
        [
            html.H1(reader.say("The model")),
            html.P(about, className="soft"),
            html.Div(
                [
                    html.Button(
                        reader.say("Save as a table (CSV)"),
                        id=SAVE,
                        className="button second",
                        type="button",
                    ),
                    dcc.Download(id="model-file"),
                ],
                className="toolbar",
            ),
            html.Div(
                html.P(reader.say("Loading…"), className="loading", role="status"),
                id="model-page",
            ),
        ]
    )


def model_page(reader: Reader, state: ModelState) -> Component:
    """Return what is known; what is not there yet is said in words."""
    parts: list[Component] = [_in_use(reader, state)]
    if state.card is not None:
        parts.append(_card(reader, state.card))
    parts.extend(_look(reader, state))
    if state.turns:
        lines = words.turn_lines(reader, state.turns, state.look)
        title = reader.say("When it changed")
        parts.append(card(title, table(reader, title, words.TURN_TITLES, lines),
                          identifier="model-turns"))  # fmt: skip
    return html.Div(parts, className="model-parts")


def _in_use(reader: Reader, state: ModelState) -> Component:
    if state.card is None:
        said: list[Component] = [html.H2(reader.say("No model is in use: the rules speak alone."))]
        if state.turns:
            newest = words.turn_lines(reader, state.turns[:1], state.look)[0]
            said.append(html.P(html.Strong(f"{newest[1]}, {newest[0]}")))
            said.append(html.P(newest[3]))
        else:
            said.append(html.P(reader.say("None has ever been put into use here.")))
        return html.Div(said, className="empty")
    warning = state.card.card["warning"]
    return notice(
        "orange",
        [
            html.Strong(reader.say("Research-grade model, trained on intensive-care patients")),
            html.Span(warning.get(reader.locale, warning["en"])),
        ],
        role="note",
    )


def _card(reader: Reader, row: CardRow) -> Component:
    about = row.card
    first = about["targets"]["deterioration"]
    facts = [
        fact(reader.say("Model in use"), row.version),
        fact(
            reader.say("What it foresees"),
            reader.say("NEWS2 of 7 or more within 12 hours, of adults at 4 or less now"),
        ),
        fact(reader.say("Made from"), _made_from(reader, about)),
        fact(reader.say("Bands"), _bands(reader, first["bands"])),
        fact(reader.say("On patients it had not seen"), _worth(reader, about["held_out"])),
        fact(
            reader.say("How it is used"),
            reader.say("Shown beside the rule-based state, never above it and never alone."),
        ),
    ]
    return card(
        reader.say("What it is"), html.Dl(facts, className="model-facts"), identifier="model-card"
    )


def _made_from(reader: Reader, about: Mapping[str, Any]) -> Component:
    people = say_number(about["patients"], reader.locale, 0)
    data = about.get("data", {})
    return [
        reader.say("{count} patients of intensive care", count=people),
        html.Span(f"{data.get('name', '')} ({data.get('licence', '')})",
                  className="soft small block", lang="en"),
    ]  # fmt: skip


def _bands(reader: Reader, bands: Mapping[str, float]) -> str:
    return reader.say(
        "raised from {raised}, high from {high} (proposed)",
        raised=words.percent(reader, bands["raised"]),
        high=words.percent(reader, bands["high"]),
    )


def _worth(reader: Reader, held_out: Mapping[str, Any]) -> str:
    found = held_out.get("every_8h", {}).get("targets", {}).get("deterioration", {})
    if "auroc" not in found:
        return words.NOTHING
    low, high = found["intervals"]["auroc"]
    return reader.say(
        "AUROC {auroc} ({low}–{high}) with three measures a day",
        auroc=say_number(found["auroc"], reader.locale, 2),
        low=say_number(low, reader.locale, 2),
        high=say_number(high, reader.locale, 2),
    )


def _look(reader: Reader, state: ModelState) -> list[Component]:
    """Return the newest look; one from before the newest turn stands below as history."""
    look, parts = state.look, []
    if state.card is not None and not state.look_stands:
        parts.append(_nobody_looked(reader, state))
    if look is None:
        return parts
    if state.card is None:
        grade = reader.say("Research-grade model, trained on intensive-care patients")
        parts.append(notice("orange", html.Strong(grade), role="note"))
    title = "The newest look" if state.look_stands else "The look before: history"
    summary = _summary(reader, look, stands=state.look_stands)
    return [
        *parts,
        card(reader.say(title), summary, identifier="model-look"),
        card(reader.say("Who is here, and who it was trained on"), _inputs(reader, look.findings),
             identifier="model-inputs"),
        card(reader.say("What came true"), _follow(reader, look), identifier="model-follow"),
        card(reader.say("Closed alerts by the risk said before"), _closed(reader, look),
             identifier="model-closed"),
    ]  # fmt: skip


def _nobody_looked(reader: Reader, state: ModelState) -> Component:
    said = reader.say("Nobody has looked yet. The first look comes within six hours.")
    if state.look is not None:
        said = reader.say("Nobody has looked since the newest change. A look comes every 6 hours.")
    return html.Div(html.P(said), className="empty")


def _summary(reader: Reader, look: LookRow, *, stands: bool) -> Component:
    found = look.findings
    figures = [
        reader.say("Model: {version}", version=look.version),
        reader.say("Looked at {time}", time=reader.time(look.at)),
        reader.say("Lines since {time}: {count}", time=reader.time(look.lines_from),
                   count=look.lines),
        reader.say("Patients: {count}", count=look.patients),
        reader.say("of them like those of the card: {count}", count=found["comparable"]),
    ]  # fmt: skip
    because = [html.Li(one) for one in words.because_lines(reader, look)]
    if stands:
        level, verdict = words.LEVELS[look.verdict], words.VERDICTS[look.verdict]
    else:
        level, verdict = "info", words.ONCE[look.verdict]
    return [
        notice(level, html.Strong(reader.say(verdict))),
        html.Ul(because, className="model-because") if because else None,
        html.Ul([html.Li(one) for one in figures], className="figures"),
        html.P(
            reader.say(
                "Looked at every 6 hours over 28 days at most, one line a patient and half day. "
                "Under 200 patients like those of the card, or 20 who got worse, nothing is said."
            ),
            className="soft small",
        ),
    ]


def _inputs(reader: Reader, found: Mapping[str, Any]) -> Component:
    title = reader.say("Inputs and risk against the card of the model")
    return [
        table(reader, title, words.INPUT_TITLES, words.input_lines(reader, found)),
        html.P(words.moved_words(reader, found["moved"])),
        html.P(reader.say("An input that moved takes nothing back by itself."), className="soft"),
        html.P(
            reader.say(
                "PSI under 0.1: as where it was trained; from 0.1 on: to be watched; from 0.25 on: "
                "out of range (the usual reading of the index, proposed here)."
            ),
            className="proposed",
        ),
    ]


def _follow(reader: Reader, look: LookRow) -> Component:
    found = look.findings
    title = reader.say("Foreseen and come true")
    parts = [
        bars(reader, found["bands"]),
        table(reader, title, words.FOLLOW_TITLES, words.follow_lines(reader, found)),
        html.P(
            reader.say(
                "Out of range: more than twice as many, or fewer than half, beyond chance "
                "(proposed). Chance is counted between patients."
            ),
            className="proposed",
        ),
    ]
    if found["spacing"] is not None and found["spacing"] > 2:
        said = "Measured every {hours} h here: less is seen to come true, so few are no fault."
        hours = say_number(found["spacing"], reader.locale, 1)
        parts.append(html.P(reader.say(said, hours=hours), className="soft small"))
    return parts


def _closed(reader: Reader, look: LookRow) -> Component:
    title = reader.say("Closed alerts by the risk said before")
    return [
        table(reader, title, words.CLOSED_TITLES, words.closed_lines(reader, look.findings)),
        html.P(
            reader.say(
                "The newest risk within a day before the alert. The alert itself came from the "
                "rules. Sorting of outcomes as on the page « Worth of alerts » (proposed)."
            ),
            className="proposed",
        ),
    ]
