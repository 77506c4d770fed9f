"""« Fiche SAMU », and the form of what stands on it."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, StringConstraints

from alerts import service as alerts
from alerts.views import AlertPage
from alerts.wording import evidence_sentence, item_word, say_value
from coordination.reaching import home as words
from coordination.reaching import service
from coordination.reaching.sheet import whom_to_dial
from core import clock, i18n
from core.access import Allowed, Permission, decide
from core.doors import CareContext
from core.rights import rights
from core.settings import settings
from core.vitals import VITALS
from identity import service as identity
from identity.edge.http import Visit, care, html, visit
from identity.people import age_years
from identity.words import SEX_LABELS, say_phone

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Reads = Annotated[CareContext, Depends(care(Permission.ALERTS_READ))]
Knows = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
Watches = Annotated[CareContext, Depends(care(Permission.MONITORING_WRITE))]
Field = Annotated[str, StringConstraints(max_length=2000)]
PAGE: Final = "/patients/{patient_id}/samu"
FORM: Final = "/patients/{patient_id}/home"


@router.get(PAGE)
def sheet_page(
    at: AtVisit, ctx: Reads, traits: Knows, alert: UUID | None = None, said: str = ""
) -> Response:
    """Show on one page all that the SAMU asks for; opening it is a read of the record."""
    now, patient = clock.now(), identity.patient_traits(traits)
    known = service.reach(ctx, patient.phone if patient else None, read="samu_sheet")
    tr, here = i18n.translator(at.locale), i18n.zone(at.time_zone)
    shown = alerts.alert_page(ctx, alert) if alert else None
    open_lines = alerts.open_alerts(ctx)
    lines = (shown.line,) if isinstance(shown, AlertPage) else open_lines
    dial = whom_to_dial(known.home.department, settings().samu())
    return html(
        at,
        "coordination/samu.html",
        patient=patient,
        patient_id=ctx.patient,
        alert=alert if isinstance(shown, AlertPage) else None,
        age=age_years(patient.birth_date, now.astimezone(here).date()) if patient else None,
        sex_labels=SEX_LABELS,
        known=known,
        home=known.home,
        dial=dial,
        dial_kind=type(dial).__name__,
        key_holders=[one for one in known.people if one.has_key],
        reasons=[(evidence_sentence(one.reason.evidence, at.locale), one.since) for one in lines],
        summary=alerts.patient_summary(ctx),
        vital_word=lambda value: item_word(VITALS[value.vital].slug, tr),
        vital_value=lambda value: say_value(
            VITALS[value.vital].slug, value.value, value.unit, at.locale
        ),
        may_write=isinstance(decide([ctx.through], Permission.MONITORING_WRITE, rights()), Allowed),
        saved=said == "saved",
        now=now,
        say_phone=say_phone,
    )


class HomeForm(BaseModel):
    """The way in and what a rescuer is told, as typed."""

    address: Field = ""
    postcode: Field = ""
    commune: Field = ""
    department: Field = ""
    floor: Field = ""
    door_code: Field = ""
    usual_spo2: Field = ""
    oxygen: Field = ""
    allergies: Field = ""
    treatments: Field = ""
    directives: Field = ""
    gp: Field = ""
    version: int = 0


@router.get(FORM)
def home_form(at: AtVisit, ctx: Watches, traits: Knows) -> Response:
    """Ask for what stands on the sheet."""
    home = service.load_home(ctx)
    return _form(at, ctx, traits, given=home.as_typed(), version=home.version)


def _form(
    at: Visit, ctx: CareContext, traits: CareContext, *, status: int = 200, **typed: Any
) -> Response:
    return html(
        at,
        "coordination/home_sheet.html",
        status=status,
        patient=identity.patient_traits(traits),
        patient_id=ctx.patient,
        **{"problems": {}, "problem": "", "theirs": None, **typed},
    )


@router.post(FORM)
def save_home(
    at: AtVisit, ctx: Watches, traits: Knows, form: Annotated[HomeForm, Form()]
) -> Response:
    """Keep what stands on the sheet; what is wrong is said and nothing typed is lost."""
    given = {key: str(value) for key, value in form.model_dump().items()}
    home = words.read_home(given, form.version)
    if isinstance(home, words.MendHome):
        problems = home.problems
        return _form(
            at, ctx, traits, status=422, given=given, problems=problems, version=form.version
        )
    if isinstance(service.save_home(ctx, home), service.ChangedMeanwhile):
        theirs = service.load_home(ctx)
        return _form(
            at,
            ctx,
            traits,
            status=409,
            given=given,
            problem=words.PROBLEM_SENTENCES["changed"],
            version=theirs.version,
            theirs=theirs.as_typed(),
        )
    return RedirectResponse(f"/patients/{ctx.patient}/samu?said=saved", 303)
