"""A patient's prescription: what is in force, its history, proposals, and the draft at hand."""

from uuid import UUID

from dash import dcc, html
from dash_mantine_components import Modal

from alerts.prescription_service import Draft, Prescribed, Version
from alerts.prescription_words import Said
from alerts.store.prescribing import Kept
from core.i18n import say_day
from dashboard.ids import RECORD_REFUSAL
from dashboard.layouts.marks import Component, attributes, card, notice, proposed
from dashboard.layouts.shell import HOME
from dashboard.reader import Reader

STORES = ("typed", "problems", "painted", "replay-ask")


def prescription_layout(reader: Reader, patient: UUID) -> Component:
    """Return the empty page; its callbacks fill it."""
    say = reader.say
    loading = html.P(say("Loading…"), className="loading", role="status")
    return html.Div(
        [
            dcc.Link(["‹ ", say("Back to the patient")], href=f"{HOME}patients/{patient}",
                     className="crumb"),
            html.Div(id=RECORD_REFUSAL, role="alert", className="refusal"),
            html.Div(loading, id="rx-head"),
            html.Div(id="rx-result", role="status"),
            html.Div(id="rx-proposals", className="stack"),
            html.Div([html.Div(id="rx-form"), _draft_column(reader)], className="columns rx-edit"),
            html.Div(id="rx-live"),
            html.Div(id="rx-history"),
            *(dcc.Store(id=f"rx-{name}") for name in STORES),
            _signing(reader),
        ],
        className="rx",
    )  # fmt: skip


def _draft_column(reader: Reader) -> Component:
    say = reader.say
    buttons = html.Div(
        [
            _button(say("Would the last 30 days have called?"), "replay", second=True),
            _button(say("Sign…"), "sign"),
        ],
        className="buttons",
    )
    body = [
        html.Div(id="rx-state", role="status", className="soft small"),
        html.Div(id="rx-difference"),
        buttons,
        proposed(reader),
    ]
    return html.Div(
        [
            card(say("Draft"), body, identifier="rx-draft"),
            html.Div(id="rx-replayed", **attributes({"aria-live": "polite"})),
        ],
        id="rx-side",
        className="stack rx-side",
        hidden=True,
    )


def _button(text: str, name: str, *, second: bool = False) -> Component:
    look = "button second" if second else "button"
    return html.Button(text, className=look, type="button", **attributes({"data-rx": name}))


def _signing(reader: Reader) -> Component:
    """Return the dialog that confirms a signature: all that changes stands in it."""
    say = reader.say
    buttons = [
        html.Button(say("I sign"), id="signing-confirm", className="button", type="button"),
        html.Button(say("Go back"), id="signing-cancel", className="button second", type="button"),
    ]
    body = [
        dcc.Store(id="signing-alert"),
        html.Div(id="signing-about"),
        html.P(say("It judges from the next reading on, under your name."), className="soft"),
        html.Div(id="signing-error", role="alert", className="error"),
        html.Div(buttons, className="buttons"),
    ]
    return Modal(
        body,
        id="signing",
        title=say("Sign this prescription"),
        opened=False,
        transitionProps={"duration": 0},
        centered=True,
        size="lg",
        closeButtonProps={"aria-label": say("Go back")},
    )


def head(reader: Reader, name: str, found: Prescribed) -> Component:
    """Return whose prescription it is and how it stands; the button that prints it."""
    live = found.live
    standing = reader.say("Nobody watches this patient now: his follow-up has to begin first.")
    if live is not None:
        standing = reader.say("Version {version} in force", version=live.version)
        standing += f", {_signed(reader, live)}"
    buttons = [
        html.Button(reader.say("Print"), id="print", className="button second", type="button")
    ]
    return html.Div(
        [
            html.H1(f"{reader.say('Monitoring prescription')} · {name}"),
            html.P(standing, className="soft"),
            html.Div(buttons, className="buttons no-print"),
        ]
    )


def _signed(reader: Reader, one: Version) -> str:
    when = reader.time(one.starts_at)
    if one.digest is None:
        return reader.say("template taken as it is, {name}, {time}", name=one.by_name, time=when)
    return reader.say("signed by {name}, {time}", name=one.by_name, time=when)


def live_card(reader: Reader, lines: tuple[Said, ...]) -> Component:
    """Return all that is in force, in words: what is printed."""
    return card(
        reader.say("What is in force"), [facts(lines), proposed(reader)], identifier="rx-in-force"
    )


def facts(lines: tuple[Said, ...]) -> Component:
    """Return a prescription line by line."""
    return html.Dl(
        [
            html.Div([html.Dt(line.label), html.Dd(line.value)], className="fact-line")
            for line in lines
        ],
        className="rx-lines",
    )


def history_card(
    reader: Reader, found: tuple[tuple[Version, tuple[str, ...] | None], ...], *, may_write: bool
) -> Component:
    """Return every version with who signed it when, and what it changed."""
    body = [
        html.Li([_version(reader, one, may_write=may_write), changes_list(reader, changed)])
        for one, changed in found
    ]
    return card(
        reader.say("Versions"), html.Ol(body, className="history"), identifier="rx-versions"
    )


def _version(reader: Reader, one: Version, *, may_write: bool) -> Component:
    named = reader.say("Version {version}", version=one.version)
    ended = (
        reader.say("until {time}", time=reader.time(one.ends_at))
        if one.ends_at
        else reader.say("in force")
    )
    parts: list[Component] = [
        html.Strong(named), f" · {_signed(reader, one)} · {ended} ",
        html.Span(f"SHA-256 {one.digest}" if one.digest else "", className="source"),
    ]  # fmt: skip
    if may_write:
        text = reader.say("Renew") if one.ends_at is None else reader.say("Take over as a draft")
        parts.append(act_button(text, "rx_renew", one.id, about=named))
    return html.Div(parts, className="rx-version")


def act_button(text: str, act: str, on: UUID, *, about: str, level: str = "") -> Component:
    """Return a button whose click the browser keeps in a stable place."""
    named = {"data-act": act, "data-on": str(on), "data-level": level}
    return html.Button(
        text,
        className="button second no-print",
        type="button",
        **attributes({**named, "aria-label": f"{text}: {about}"}),
    )


def changes_list(reader: Reader, changed: tuple[str, ...] | None) -> Component:
    """Return differences in words, or that there are none; nothing where nothing is compared."""
    if changed is None:
        return None
    if not changed:
        return html.P(reader.say("Nothing differs."), className="soft small")
    return html.Ul([html.Li(one) for one in changed], className="rx-changes")


def kept_line(reader: Reader, text: str, kept: Kept | None) -> Component:
    """Return how the draft at hand is kept, with the button that sets it aside."""
    if kept is None:
        return text
    aside = act_button(reader.say("Set it aside"), "rx_discard", kept.id,
                       about=reader.say("Draft"), level=str(kept.revision))  # fmt: skip
    return [html.Span(text), " ", aside]


def proposal_card(
    reader: Reader, one: Draft, changed: tuple[str, ...], *, stale: bool, may_write: bool
) -> Component:
    """Return a draft of somebody else that waits for a signature."""
    about = reader.say(
        "{name} proposes a change, {time}", name=one.by_name, time=reader.time(one.changed_at)
    )
    old = reader.say("Begun on version {version}, older than the one in force.",
                     version=one.base_version) if stale else ""  # fmt: skip
    buttons = [
        act_button(reader.say("Open this proposal"), "rx_open", one.kept.id, about=about),
        act_button(reader.say("Set it aside"), "rx_discard", one.kept.id, about=about,
                   level=str(one.kept.revision)),
    ] if may_write else []  # fmt: skip
    return notice(
        "orange" if stale else "info",
        [
            html.Strong(about),
            html.Span(f"« {one.reason} »" if one.reason else ""),
            html.Span(old),
            changes_list(reader, changed),
            html.Div(buttons, className="buttons"),
        ],
    )


def prescription_card(reader: Reader, patient: UUID, found: Prescribed) -> Component:
    """Return on the patient's page what is in force, what waits for a signature, and the way."""
    live = found.live
    if live is None:
        text = reader.say("No prescription: nobody watches this patient.")
        return card(reader.say("Monitoring prescription"), html.P(text), identifier="prescription")
    in_force = reader.say("Version {version} in force", version=live.version)
    lines: list[Component] = [html.Li([html.Strong(in_force), f" · {_signed(reader, live)}"])]
    if live.content.ends_on is not None:
        day = say_day(live.content.ends_on, reader.locale)
        lines.append(html.Li(reader.say("until {day}", day=day)))
    if found.drafts:
        waiting = reader.say("{count} proposals wait for a signature", count=len(found.drafts))
        lines.append(html.Li(html.Strong(waiting)))
    link = dcc.Link(
        reader.say("Open the prescription"),
        href=f"{HOME}patients/{patient}/prescription",
        className="crumb",
    )
    body = [html.Ul(lines, className="plain circle"), link]
    return card(reader.say("Monitoring prescription"), body, identifier="prescription")
