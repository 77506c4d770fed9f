"""The page of a prescription: what is in force, its history, proposals, and the form it opens."""

from typing import Any

from dash import Input, Output, State, ctx
from dash.exceptions import PreventUpdate

from alerts import prescription_form_service as forms
from alerts import prescription_service as prescriptions
from alerts.prescription import Content
from alerts.prescription_fields import fields_of
from alerts.prescription_service import NOT_KEPT_SENTENCES, Draft, NotKept, Prescribed
from alerts.prescription_words import Speaker, say_differences
from alerts.store.prescribing import Kept
from core import clock
from core.access import Permission
from core.doors import CareContext
from core.i18n import translator
from dashboard.callbacks import patient_callback
from dashboard.ids import CLICK, PATIENT_IN_HAND
from dashboard.layouts.marks import Component, notice
from dashboard.layouts.prescription import (
    head,
    history_card,
    live_card,
    prescription_card,
    proposal_card,
)
from dashboard.layouts.prescription_form import Opening, form, opened_whole
from dashboard.layouts.prescription_start import start
from dashboard.pages.reading import clicked, holds, reader_of, stamp
from dashboard.reader import Reader
from identity import service as identity
from identity.people import SignedIn

HERE = Input(PATIENT_IN_HAND, "data")
OPENING = ("rx_open", "rx_renew", "rx_template", "rx_live")
"""What a form may be opened with: a draft, a version, a template, what is in force."""


def speaker_of(reader: Reader) -> Speaker:
    """Return how this reader is told of a prescription."""
    return Speaker(tr=translator(reader.locale), locale=reader.locale, name=reader.item)


def differences(reader: Reader, before: Content | None, after: Content) -> tuple[str, ...]:
    """Return in words what `after` would change."""
    speak = speaker_of(reader)
    old = forms.said(before, speak) if before is not None else ()
    return say_differences(old, forms.said(after, speak), speak)


@patient_callback(
    Permission.ALERTS_READ,
    Output("rx-head", "children"),
    Output("rx-live", "children"),
    Output("rx-history", "children"),
    Output("rx-proposals", "children"),
    Output("read", "data", allow_duplicate=True),
    HERE,
    Input("ask", "data"),
    Input("acted", "data"),
    prevent_initial_call="initial_duplicate",
)
def show_prescription(who: SignedIn, care: CareContext, *_fresh: Any) -> tuple[Any, ...]:
    """Read the versions of the patient's prescription and the drafts of others."""
    found, traits = prescriptions.prescribed(care), identity.patient_traits(care)
    may_write = holds(who, care, Permission.MONITORING_WRITE)
    reader = reader_of(who, clock.now())
    speak = speaker_of(reader)
    live = live_card(reader, forms.said(found.live.content, speak)) if found.live else None
    history = history_card(reader, _history(reader, found), may_write=may_write)
    title = reader.say("Monitoring prescription")
    name = traits.shown_name if traits else ""
    waiting = [
        _proposal(reader, one, found, may_write=may_write)
        for one in found.drafts
        if one.by != who.person
    ]
    return head(reader, name, found), live, history, waiting, stamp(reader, title)


def _history(reader: Reader, found: Prescribed) -> Any:
    """Return each version with what it changed; the oldest one shown changed nothing known."""
    older = (*(one.content for one in found.history[1:]), None)
    return tuple(
        (one, None if before is None else differences(reader, before, one.content))
        for one, before in zip(found.history, older, strict=True)
    )


def _proposal(reader: Reader, one: Draft, found: Prescribed, *, may_write: bool) -> Component:
    live = found.live
    changed = differences(reader, live.content if live else None, one.content)
    stale = live is not None and live.version != one.base_version
    return proposal_card(reader, one, changed, stale=stale, may_write=may_write)


@patient_callback(
    Permission.ALERTS_READ,
    Output("rx-form", "children"),
    Output("rx-side", "hidden"),
    Output("rx-typed", "data"),
    HERE,
    Input(CLICK, "data"),
    Input("acted", "data"),
)
def open_form(
    who: SignedIn, care: CareContext, _here: Any, click: dict[str, str] | None, _acted: Any
) -> tuple[Any, ...]:
    """Fill the form: the person's own draft or what is in force, or what was chosen."""
    chosen = ctx.triggered_id == CLICK
    if chosen and (click or {}).get("act") not in OPENING:
        raise PreventUpdate
    found, reader = prescriptions.prescribed(care), reader_of(who, clock.now())
    if not holds(who, care, Permission.MONITORING_WRITE):
        said = reader.say("Whoever may begin and end the follow-up may also change this.")
        return notice("info", said), True, None
    if found.live is None:
        return None, True, None
    content, draft = _chosen(found, click) if chosen else _at_hand(who, found)
    template = forms.template_of(fields_of(content))
    if template is None:
        raise PreventUpdate
    fields = fields_of(content)
    reason = draft.reason if draft else ""
    opening = Opening(opened=reader.now.isoformat(), kept=_held(found, draft))
    body = [
        start(reader, forms.templates(), found.live),
        form(reader, fields, template, forms.ladders(), reason, opening),
    ]
    opened = {
        "fields": {**fields, "reason": reason},
        "kept": opening.kept,
        "opened": opening.opened,
    }
    return opened_whole(opening, body), False, opened


def _at_hand(who: SignedIn, found: Prescribed) -> tuple[Content, Draft | None]:
    mine = next((one for one in found.drafts if one.by == who.person), None)
    assert found.live is not None
    return (mine.content, mine) if mine else (found.live.content, None)


def _chosen(found: Prescribed, click: dict[str, str] | None) -> tuple[Content, Draft | None]:
    """Return what the form begins with; only a draft that is opened is written on."""
    act, on = clicked(click, *OPENING)
    assert found.live is not None
    match act:
        case "rx_open":
            draft = next((one for one in found.drafts if one.kept.id == on), None)
            if draft is not None:
                return draft.content, draft
        case "rx_renew":
            version = next((one for one in found.history if one.id == on), None)
            if version is not None:
                return prescriptions.renewal_of(version), None
        case "rx_template":
            shipped = {one.name: one.content for one in forms.templates()}
            content = shipped.get((click or {}).get("level", ""))
            if content is not None:
                return content, None
        case _:
            return found.live.content, None
    raise PreventUpdate


def _held(found: Prescribed, draft: Draft | None) -> dict[str, Any] | None:
    """Return which draft is written on; one of an older version is begun anew on the live one."""
    if draft is None or found.live is None or draft.base_version != found.live.version:
        return None
    return {"id": str(draft.kept.id), "revision": draft.kept.revision}


@patient_callback(
    Permission.MONITORING_WRITE,
    Output("rx-result", "children", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Input(CLICK, "data"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def set_aside(
    who: SignedIn, care: CareContext, click: dict[str, str], acted: int
) -> tuple[Component, int]:
    """Throw a draft away; it stays in the record."""
    _, draft = clicked(click, "rx_discard")
    reader = reader_of(who, clock.now())
    revision = click.get("level") or "0"
    kept = Kept(id=draft, revision=int(revision) if revision.isdigit() else 0)
    refused = prescriptions.discard_draft(care, kept)
    if isinstance(refused, NotKept):
        return notice("orange", reader.say(NOT_KEPT_SENTENCES[refused])), acted + 1
    return notice("green", reader.say("The draft is set aside; it stays in the record.")), acted + 1


@patient_callback(
    Permission.ALERTS_READ,
    Output("patient-prescription", "children"),
    HERE,
    Input("acted", "data"),
)
def show_prescription_card(who: SignedIn, care: CareContext, *_fresh: Any) -> Component:
    """Read what is in force and what waits for a signature."""
    found = prescriptions.prescribed(care)
    return prescription_card(reader_of(who, clock.now()), care.patient, found)
