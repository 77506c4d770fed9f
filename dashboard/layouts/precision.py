"""What alerts were worth: one table by rule, programme or patient, and who closed how much."""

from dash import dcc, html
from dash_mantine_components import SegmentedControl

from alerts.outcomes import OUTCOME_LABELS
from alerts.precision import Group, Load, Precision
from alerts.precision_service import Weighed
from core.i18n import say_number
from dashboard.layouts.marks import Component, attributes
from dashboard.reader import Reader

PERIODS = (7, 30, 90, 365)
GROUPS = {
    Group.RULE: "By rule",
    Group.PROGRAMME: "By programme",
    Group.PATIENT: "By patient",
}
LOAD_TITLES = ("Name", "Alerts", "of them red", "Closed after (median)")
MOST_LINES = 200
"""Lines written out; the file holds all."""
NOTHING = "–"


def precision_layout(reader: Reader) -> Component:
    """Return the empty page; its callback fills it."""
    about = reader.say(
        "Every alert is counted where it was raised, and judged by the outcome it was closed with."
    )
    return html.Div(
        [
            html.H1(reader.say("What alerts were worth")),
            html.P(about, className="soft"),
            html.Div(
                [
                    _choice(
                        "precision-days",
                        reader.say("Period"),
                        [(str(days), reader.say("{days} days", days=days)) for days in PERIODS],
                        "30",
                    ),
                    _choice(
                        "precision-group",
                        reader.say("Lines"),
                        [(group, reader.say(label)) for group, label in GROUPS.items()],
                        Group.RULE,
                    ),
                    html.Button(
                        reader.say("Save as a table (CSV)"),
                        id="precision-save",
                        className="button second",
                        type="button",
                    ),
                    dcc.Download(id="precision-file"),
                ],
                className="toolbar",
            ),
            html.Div(
                html.P(reader.say("Loading…"), className="loading", role="status"),
                id="precision-list",
            ),
        ]
    )


def _choice(identifier: str, label: str, options: list[tuple[str, str]], chosen: str) -> Component:
    data = [{"value": value, "label": said} for value, said in options]
    return html.Div(
        [
            html.Span(label, className="visually-hidden", id=f"{identifier}-label"),
            SegmentedControl(id=identifier, data=data, value=chosen, className="segmented"),
        ],
        role="group",
        **attributes({"aria-labelledby": f"{identifier}-label"}),
    )


def precision_tables(reader: Reader, found: Weighed, group: Group) -> Component:
    """Return what was found, or what an empty period means."""
    if found.whole.alerts == 0 and not found.whole.patient_days:
        return html.Div(
            html.H2(reader.say("Nobody was followed in this period.")), className="empty"
        )
    return html.Div(
        [
            _summary(reader, found.whole),
            _table(reader, reader.say(GROUPS[group]), _titles(reader),
                   [line_cells(reader, one, group) for one in found.lines[:MOST_LINES]]),
            _more(reader, len(found.lines)),
            _worth(reader),
            html.H2(reader.say("Who closed them")),
            _loads(reader, found.loads),
        ]
    )  # fmt: skip


def _summary(reader: Reader, whole: Precision) -> Component:
    said = [
        reader.say("Alerts: {alerts}, red: {red}", alerts=whole.alerts, red=whole.red),
        reader.say("{number} per patient and day", number=_rate(reader, whole.per_patient_day)),
        reader.say("Useful: {ppv}", ppv=_share(reader, whole)),
        reader.say("Closed without an outcome: {count}", count=whole.undocumented),
    ]
    return html.Ul([html.Li(each) for each in said], className="figures")


def _titles(reader: Reader) -> list[str]:
    return [
        reader.say(text)
        for text in (
            "Line", "Alerts", "of them red", "still open", "Patient-days", "Per patient-day",
            "Useful", "Not useful", "Says nothing", "Share useful (95 %)", "First answer (median)",
            "Slowest answer", "Closed after (median)", "Outcomes",
        )
    ]  # fmt: skip


def line_cells(reader: Reader, one: Precision, group: Group) -> list[str]:
    """Return the texts of one line, for the page and for the file."""
    name = {
        Group.RULE: lambda: reader.item(one.key),
        Group.SITE: lambda: reader.say("The whole organisation"),
    }.get(group, lambda: one.name or one.key or reader.say("Without a programme"))()
    return [
        name,
        str(one.alerts),
        str(one.red),
        str(one.open),
        say_number(one.patient_days, reader.locale, 1),
        _rate(reader, one.per_patient_day),
        str(one.useful),
        str(one.useless),
        str(one.not_said),
        _share(reader, one),
        *(reader.span(span) if span is not None else NOTHING
          for span in (one.to_answer, one.slowest_answer, one.to_close)),
        ", ".join(f"{reader.say(OUTCOME_LABELS[code])} {count}" for code, count in one.outcomes),
    ]  # fmt: skip


def _rate(reader: Reader, rate: float | None) -> str:
    return NOTHING if rate is None else say_number(round(rate, 3), reader.locale, 3)


def _share(reader: Reader, one: Precision) -> str:
    if one.ppv is None or one.ppv_interval is None:
        return NOTHING
    low, high = (round(100 * each) for each in one.ppv_interval)
    return f"{round(100 * one.ppv)} % ({low}–{high})"


def _table(reader: Reader, caption: str, titles: list[str], lines: list[list[str]]) -> Component:
    head = html.Tr([html.Th(title, scope="col") for title in titles])
    body = [
        html.Tr([html.Th(first, scope="row"), *(html.Td(each) for each in rest)])
        for first, *rest in lines
    ]
    return html.Div(
        html.Table(
            [html.Caption(caption, className="visually-hidden"), html.Thead(head), html.Tbody(body)]
        ),
        className="card scroll",
        tabIndex="0",
        role="region",
        **attributes({"aria-label": caption}),
    )


def _more(reader: Reader, count: int) -> Component:
    if count <= MOST_LINES:
        return None
    said = reader.say("The first {shown} of {count} lines; the file holds all.",
                      shown=MOST_LINES, count=count)  # fmt: skip
    return html.P(said, className="soft")


def _worth(reader: Reader) -> Component:
    said = reader.say(
        "Useful: the outcome changed something for the patient (advice, treatment, consultation, "
        "visit, emergency services, hospital). Proposed sorting, to be validated by a physician."
    )
    return html.P(said, className="proposed")


def _loads(reader: Reader, found: tuple[Load, ...]) -> Component:
    if not found:
        return html.P(reader.say("Nobody has closed an alert of this period yet."))
    titles = [reader.say(text) for text in LOAD_TITLES]
    lines = [[one.name, str(one.closed), str(one.red), reader.span(one.to_close)] for one in found]
    return _table(reader, reader.say("Who closed them"), titles, lines)


def csv_lines(reader: Reader, found: Weighed, group: Group) -> list[list[str]]:
    """Return every line of the file, its titles first; the period stands in each line."""
    period = [found.first.isoformat(), found.last.isoformat()]
    titles = [reader.say("Period from"), reader.say("Period until"), *_titles(reader)]
    whole = line_cells(reader, found.whole, Group.SITE)
    lines = [line_cells(reader, one, group) for one in found.lines]
    return [titles, *([*period, *line] for line in (whole, *lines))]
