"""The draft of a prescription in motion: kept while it is typed, and signed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dash import ClientsideFunction, Input, Output, State, clientside_callback, no_update
from dash.exceptions import PreventUpdate

from alerts import prescription_form_service as forms
from alerts import prescription_service as prescriptions
from alerts.prescription import Content, Problem
from alerts.prescription_service import NOT_KEPT_SENTENCES, NotKept
from alerts.profile import Signed
from alerts.store.prescribing import Kept
from core import clock
from core.access import Permission
from core.doors import CareContext
from dashboard.callbacks import patient_callback
from dashboard.layouts.marks import Component, notice
from dashboard.layouts.prescription import changes_list, kept_line
from dashboard.layouts.prescription_faults import faults_list
from dashboard.pages.prescription import differences
from dashboard.pages.reading import reader_of
from dashboard.reader import Reader
from identity.people import SignedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """What became of what was typed: the draft it stands in, and a sentence about that."""

    kept: dict[str, Any] | None
    state: Component
    refused: bool = False


@patient_callback(
    Permission.MONITORING_WRITE,
    Output("rx-state", "children"),
    Output("rx-difference", "children"),
    Output("rx-problems", "data"),
    Output("signing", "opened", allow_duplicate=True),
    Output("signing-about", "children"),
    Output("signing-alert", "data"),
    Output("signing-error", "children", allow_duplicate=True),
    Input("rx-typed", "data"),
    prevent_initial_call=True,
)
def keep_typed(who: SignedIn, care: CareContext, typed: dict[str, Any] | None) -> tuple[Any, ...]:
    """Keep what is typed as a draft, and say what it changes and what is wrong with it."""
    fields, reason = typed_fields(typed)
    sent = typed or {}
    reader = reader_of(who, clock.now())
    content = forms.read_form(fields)
    stays = (no_update, no_update, no_update, "")
    if not isinstance(content, Content):
        said = reader.say("Not kept: a field cannot be read. It is named beside it.")
        answer = _answer(reader, content, sent, sent.get("kept"))
        return (notice("orange", said), faults_list(reader, content), answer, *stays)
    problems = forms.faults_of(content)
    done = _keep(reader, care, content, reason, sent)
    live = prescriptions.prescribed(care).live
    changed = changes_list(reader, differences(reader, live.content if live else None, content))
    answer = _answer(reader, problems, sent, done.kept)
    found = (done.state, [faults_list(reader, problems), changed], answer)
    if not sent.get("sign") or problems or done.refused or not done.kept:
        return (*found, *stays)
    return (*found, True, changed, done.kept, "")


def typed_fields(typed: dict[str, Any] | None) -> tuple[dict[str, str], str]:
    """Return the fields that the browser sent, and the reason apart."""
    sent = (typed or {}).get("fields")
    if not isinstance(sent, dict):
        raise PreventUpdate
    fields = {str(place): str(text) for place, text in sent.items() if text}
    return fields, fields.pop("reason", "")


def _keep(
    reader: Reader, care: CareContext, content: Content, reason: str, sent: dict[str, Any]
) -> _Done:
    """Write what a person typed into his draft; what was only opened is not written."""
    kept = kept_of(sent.get("kept"))
    if not sent.get("typed"):
        state = kept_line(reader, _untouched(reader, kept), kept)
        return _Done(kept=sent.get("kept"), state=state)
    result = prescriptions.keep_draft(care, content, reason=reason, kept=kept)
    if isinstance(result, NotKept):
        said = notice("orange", reader.say(NOT_KEPT_SENTENCES[result]))
        return _Done(kept=sent.get("kept"), state=said, refused=True)
    said = reader.say("Draft kept at {time}; it judges nothing.", time=reader.time(reader.now))
    return _Done(
        kept={"id": str(result.id), "revision": result.revision},
        state=kept_line(reader, said, result),
    )


def _untouched(reader: Reader, kept: Kept | None) -> str:
    if kept is None:
        return reader.say("No draft yet: one is kept as soon as you change something.")
    return reader.say("A draft, as it was kept; it judges nothing.")


def _answer(
    reader: Reader, problems: tuple[Problem, ...], sent: dict[str, Any], kept: Any
) -> dict[str, Any]:
    """Return what stands beside each field, and on which draft the form is written from now on."""
    return {
        "at": reader.now.isoformat(),
        "found": {one.place: reader.say(one.sentence) for one in problems},
        "kept": kept,
        "opened": sent.get("opened"),
    }


def kept_of(held: dict[str, Any] | None) -> Kept | None:
    """Return the draft that the browser writes on."""
    if not held:
        return None
    return Kept(id=UUID(str(held["id"])), revision=int(held["revision"]))


@patient_callback(
    Permission.MONITORING_WRITE,
    Output("signing", "opened", allow_duplicate=True),
    Output("signing-error", "children", allow_duplicate=True),
    Output("rx-result", "children", allow_duplicate=True),
    Output("rx-problems", "data", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Input("signing-confirm", "n_clicks"),
    State("signing-alert", "data"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def sign(
    who: SignedIn,
    care: CareContext,
    clicks: int | None,
    held: dict[str, Any] | None,
    acted: int,
) -> tuple[Any, ...]:
    """Sign the draft of the dialog as it was shown there."""
    kept = kept_of(held)
    if not clicks or kept is None:
        raise PreventUpdate
    reader = reader_of(who, clock.now())
    match prescriptions.sign_draft(care, kept):
        case Signed(version=version):
            said = reader.say("Version {version} is signed and in force.", version=version)
            return False, "", notice("green", said), no_update, acted + 1
        case NotKept.NEWER:
            # The next keeping begins a draft on the newer version, with what is in the form.
            said = reader.say(NOT_KEPT_SENTENCES[NotKept.NEWER])
            forget = {"forget": True, "at": reader.now.isoformat()}
            return True, said, no_update, forget, no_update
        case NotKept() as refused:
            return True, reader.say(NOT_KEPT_SENTENCES[refused]), no_update, no_update, no_update
        case problems:
            said = " ".join(reader.say(one.sentence) for one in problems)
            return True, said, no_update, no_update, no_update


clientside_callback(
    ClientsideFunction("prescription", "answered"),
    Output("rx-painted", "data"),
    Input("rx-problems", "data"),
)
