"""The technical queue: devices, ways to people and the service itself; never a patient's state."""

from datetime import datetime
from typing import Final

from dash import dcc, html

from alerts.store.technical import TroubleRow
from alerts.technical import KIND_LABELS, OF_A_DEVICE, Kind
from coordination.calls.calling import FAULT_LABELS
from core.i18n import say_number
from dashboard.layouts.marks import Component, attributes
from dashboard.reader import Reader
from identity.people import SignedIn

OTHER_FAULT: Final = "The last messages did not arrive"


def technical_layout(reader: Reader) -> Component:
    """Return the empty page of the technical queue."""
    about = reader.say(
        "What is wrong with devices, with ways to reach people, and with the service. "
        "A line ends by itself when it is mended."
    )
    return html.Div(
        [
            html.H1(reader.say("Technical queue")),
            html.P(about, className="soft"),
            html.Div(id="technical-result", role="status"),
            html.Div(
                html.P(reader.say("Loading…"), className="loading", role="status"),
                id="technical-list",
            ),
        ]
    )


def technical_tables(reader: Reader, who: SignedIn, found: tuple[TroubleRow, ...]) -> Component:
    """Return what lasts, oldest first, then what ended in the last days."""
    lasting = [one for one in found if one.cleared_at is None]
    gone = [one for one in found if one.cleared_at is not None]
    parts: list[Component] = [
        _table(reader, reader.say("Technical queue"), [_line(reader, who, one) for one in lasting])
        if lasting
        else html.Div(html.H2(reader.say("Nothing technical is wrong.")), className="empty")
    ]
    if gone:
        said = reader.say("Mended in the last 7 days")
        parts += [html.H2(said), _table(reader, said, [_past(reader, one) for one in gone])]
    return html.Div(parts)


def _table(reader: Reader, caption: str, lines: list[Component]) -> Component:
    titles = ("Since", "What", "Concerns", "Who deals with it")
    head = html.Tr([html.Th(reader.say(text), scope="col") for text in titles])
    return html.Div(
        html.Table(
            [html.Caption(caption, className="visually-hidden"), html.Thead(head),
             html.Tbody(lines)],
            className="stacks",
        ),
        className="card scroll",
        tabIndex="0",
        role="region",
        **attributes({"aria-label": caption}),
    )  # fmt: skip


def _line(reader: Reader, who: SignedIn, one: TroubleRow) -> Component:
    since = _since(one)
    return html.Tr(
        [
            html.Td([html.Strong(reader.since(since)), _soft(reader.time(since))]),
            html.Td([html.Strong(kind_word(reader, one)), _soft(detail_words(reader, one))]),
            html.Td(_about(reader, one)),
            html.Td(_taker(reader, who, one)),
        ],
        key=str(one.id),
    )


def _past(reader: Reader, one: TroubleRow) -> Component:
    ended = reader.time(one.cleared_at) if one.cleared_at else ""
    return html.Tr(
        [
            html.Td([reader.time(one.found_at), _soft(reader.say("ended {time}", time=ended))]),
            html.Td(kind_word(reader, one)),
            html.Td(_about(reader, one)),
            html.Td(one.taker or "–"),
        ],
        key=str(one.id),
    )


def kind_word(reader: Reader, one: TroubleRow) -> str:
    """Return what kind of trouble it is."""
    return reader.say(KIND_LABELS[Kind(one.kind)])


def detail_words(reader: Reader, one: TroubleRow) -> str:
    """Return what more is known of it."""
    detail = one.detail
    match Kind(one.kind):
        case Kind.BATTERY_LOW:
            return f"{say_number(float(detail['percent']), reader.locale, 0)} %"
        case Kind.WAY_FAULTY:
            return reader.say(FAULT_LABELS.get(f"{detail['way']}:{detail['reason']}", OTHER_FAULT))
        case Kind.WORK_FAILING:
            return reader.say("failed {count} times", count=detail["failures"])
        case Kind.SENDING_LATE:
            return reader.say("{count} messages", count=detail["count"])
        case Kind.CERTIFICATE_ENDS if "unreadable" in detail:
            return reader.say("It cannot be read.")
        case Kind.CERTIFICATE_ENDS:
            return reader.say("ends {time}", time=reader.time(_since(one)))
        case _:
            return str(detail.get("model") or "")


def _about(reader: Reader, one: TroubleRow) -> Component:
    if one.patient_id is not None:
        link = dcc.Link(one.patient_name or "–", href=f"/console/patients/{one.patient_id}")
        device = one.subject if Kind(one.kind) in OF_A_DEVICE else ""
        return html.Div([link, _soft(device)])
    return str(one.detail.get("name") or one.subject)


def _taker(reader: Reader, who: SignedIn, one: TroubleRow) -> Component:
    name = f"{kind_word(reader, one)}, {one.patient_name or one.subject}"
    if one.taken_by is None:
        return _button(reader, one, "take", reader.say("I deal with it"), name)
    taken = [html.Strong(one.taker), _soft(reader.time(one.taken_at) if one.taken_at else "")]
    if one.taken_by == who.person:
        taken.append(_button(reader, one, "give_back", reader.say("Give back"), name))
    return html.Div(taken)


def _button(reader: Reader, one: TroubleRow, act: str, said: str, name: str) -> Component:
    return html.Button(
        said,
        className="button second",
        type="button",
        **attributes({"data-act": act, "data-on": str(one.id), "aria-label": f"{said}: {name}"}),
    )


def _soft(text: str) -> Component:
    return html.Span(text, className="soft small block")


def _since(one: TroubleRow) -> datetime:
    """Return since when it is so: as found in the tables, else since it was found."""
    said = one.detail.get("since")
    return datetime.fromisoformat(str(said)) if said else one.found_at
