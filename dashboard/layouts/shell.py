"""The frame of every page: who is signed in, where to go, what must always be said."""

from dash import dcc, html
from dash_mantine_components import MantineProvider

from dashboard import words
from dashboard.ids import CLICK, CONSOLE_FAULT, PATIENT_IN_HAND
from dashboard.layouts.handover import HANDOVER
from dashboard.layouts.marks import HIDDEN, Component, attributes, notice
from dashboard.reader import Reader
from identity.people import SignedIn

HOME = "/console/"
QUARANTINE = "/console/quarantine"
PRECISION = "/console/precision"
MODEL = "/console/model"
TECHNICAL = "/console/technical"
ROTA = "/console/rota"
DRILLS = "/console/drills"


def shell(reader: Reader, who: SignedIn) -> Component:
    """Return the frame around the pages; pages go into `content`."""
    return MantineProvider(
        html.Div(
            [
                dcc.Location(id="url", refresh=False),
                *_stores(),
                html.A(reader.say("Skip to content"), href="#content", className="skip"),
                _training(reader, who),
                _header(reader, who),
                html.Div(id="stopped", role="alert"),
                html.Main(
                    html.P(reader.say("Loading…"), className="loading", role="status"),
                    id="content",
                    tabIndex="-1",
                ),
                _footer(reader),
                _help(reader),
                html.Div(id=CONSOLE_FAULT, role="alert", className="fault"),
            ],
            id="shell",
            lang=reader.locale,
            **attributes(
                {
                    "data-stale": reader.say("Display frozen since {time}: reload"),
                    "data-reload": reader.say("Reload"),
                    "data-polling": reader.say("Live link lost: read again every 10 s"),
                    "data-loading": reader.say("Loading…"),
                }
            ),
        ),
        forceColorScheme="light",
        theme={"primaryColor": "cyan", "fontFamily": "var(--font)", "respectReducedMotion": True},
    )


def _stores() -> list[Component]:
    return [
        dcc.Store(id="tick", data={"number": 0, "stopped": []}),
        dcc.Store(id="ask", data=0),
        dcc.Store(id="acted", data=0),
        dcc.Store(id="read"),
        dcc.Store(id="title"),
        dcc.Store(id=CLICK),
        dcc.Store(id=PATIENT_IN_HAND),
    ]


def _training(reader: Reader, who: SignedIn) -> Component:
    """Return the banner of a training territory, by colour, word and shape; else nothing."""
    if not who.training:
        return None
    return html.Div(
        [
            html.Span(className="training-mark", **HIDDEN),
            html.Strong(reader.say("Training – fictitious data")),
            html.Span(reader.say("Nobody here is ill: nothing you do reaches a real person.")),
        ],
        className="training",
        role="note",
    )


def _header(reader: Reader, who: SignedIn) -> Component:
    links = [
        dcc.Link(reader.say("Queue"), href=HOME, id="nav-queue"),
        dcc.Link(reader.say("Set aside"), href=QUARANTINE, id="nav-quarantine"),
        dcc.Link(reader.say("Rota"), href=ROTA, id="nav-rota"),
        dcc.Link(reader.say("Worth of alerts"), href=PRECISION, id="nav-precision"),
        dcc.Link(reader.say("Model"), href=MODEL, id="nav-model"),
        dcc.Link(reader.say("Technical"), href=TECHNICAL, id="nav-technical"),
        dcc.Link(reader.say("Handover"), href=HANDOVER, id="nav-handover"),
        dcc.Link(reader.say("Exercises"), href=DRILLS, id="nav-drills"),
    ]
    return html.Header(
        [
            dcc.Link(
                [html.Span(className="mark", **HIDDEN), "Chevet"], href=HOME, className="brand"
            ),
            html.Nav(links, **attributes({"aria-label": reader.say("Pages")})),
            html.Div(
                [html.Span(className="pulse-dot", **HIDDEN), html.Span("…", id="live-text")],
                id="live",
                className="live",
                **attributes({"data-read": reader.say("Read at {time}")}),
            ),
            *_tools(reader),
            html.Div([html.Strong(who.name), html.Span(who.organisation_name or "")],
                     className="who"),
            html.Form(
                html.Button(reader.say("Sign out"), className="quiet", type="submit"),
                action="/sign-out",
                method="post",
            ),
        ],
        className="bar",
    )  # fmt: skip


def _tools(reader: Reader) -> list[Component]:
    sound = {"data-on": reader.say("Sound: on"), "data-off": reader.say("Sound: off")}
    label = attributes({"aria-label": reader.say("Keyboard help")})
    other, name = ("en", "English") if reader.locale == "fr" else ("fr", "Français")
    return [
        html.Button(
            sound["data-off"],
            id="sound",
            className="quiet",
            type="button",
            **attributes({**sound, "aria-pressed": "false"}),
        ),
        html.Button("?", id="help-open", className="quiet round", type="button", **label),
        html.Form(
            [
                dcc.Input(type="hidden", name="locale", value=other),
                dcc.Input(type="hidden", name="next", value=HOME),
                html.Button(name, className="quiet", type="submit", lang=other),
            ],
            action="/language",
            method="post",
        ),
    ]


def _footer(reader: Reader) -> Component:
    uncertified = reader.say("Software not certified as a medical device")
    return html.Footer(
        [
            html.Span(uncertified),
            html.A(reader.say("Help and contact"), href="/help"),
            html.Span(reader.say("Chevet does not replace the emergency call: 15 or 112.")),
        ],
        className="foot",
    )


def _help(reader: Reader) -> Component:
    keys = (
        ("j", "Next patient"),
        ("k", "Previous patient"),
        ("Enter", "Open the patient"),
        ("/", "Search by name"),
        ("u", "Back to the queue"),
        ("?", "This help"),
    )
    lines = [
        html.Div([html.Dt(html.Kbd(key)), html.Dd(reader.say(text))], className="key")
        for key, text in keys
    ]
    return html.Dialog(
        [
            html.H2(reader.say("Keyboard"), id="help-title"),
            html.Dl(lines),
            html.Button(
                reader.say("Turn the shortcuts off"),
                id="keys",
                type="button",
                className="button second",
                **attributes(
                    {
                        "data-on": reader.say("Turn the shortcuts on"),
                        "data-off": reader.say("Turn the shortcuts off"),
                    }
                ),
            ),
            html.Button(reader.say("Close"), id="help-close", type="button", className="button"),
        ],
        id="help",
        className="help",
        **attributes({"aria-labelledby": "help-title"}),
    )


def stopped_banner(reader: Reader, stopped: list[str]) -> Component:
    """Return the banner for vital processes that give no sign of life, or nothing."""
    if not stopped:
        return None
    named = ", ".join(reader.say(words.PROCESSES.get(name, name)) for name in stopped)
    text = [
        html.Strong(reader.say("Automatic monitoring has stopped")),
        html.Span(reader.say("No sign of life for more than 30 s: {named}.", named=named)),
        html.Span(reader.say("Look at the patients yourself and call the operator.")),
    ]
    return notice("red", text)


def not_found(reader: Reader) -> Component:
    """Return the page of an address that leads nowhere."""
    return html.Div(
        [
            html.H1(reader.say("There is no such page.")),
            html.P(dcc.Link(reader.say("Back to the queue"), href=HOME)),
        ],
        className="empty",
    )
