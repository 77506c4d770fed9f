"""« Mes visites »: what a professional's browser keeps for a bedside without a network."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from alerts.bedside_service import limits_to_keep
from alerts.bedside_spans import Span
from alerts.wording import say_value
from core.access import Permission
from core.doors import CareContext
from core.i18n import Translate, say_number, translator
from core.vitals import VITALS, Vital
from identity.edge.http import Visit, care, html, signed_in, visit
from identity.people import PatientTraits, SignedIn
from identity.phone_owner import owner_of
from identity.service import patient_traits
from questionnaires.choosing_service import BEDSIDE
from questionnaires.edge.fields import field_words
from questionnaires.library_service import active_edition
from questionnaires.questionnaire import Item, Kind
from scoring.item import BOUND_LABELS

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]


@router.get("/bedside")
def visits_page(at: AtVisit) -> Response:
    """Show the empty page; browsers keep it, so it names nobody, whoever asks."""
    return html(replace(at, signed_in=None, terms_asked=False), "alerts/bedside_visits.html")


@router.get("/bedside/me")
def whose(person: Annotated[SignedIn, Depends(signed_in)]) -> Response:
    """Say under which name, that says nothing of him, a browser keeps what is a person's own."""
    return JSONResponse({"owner": owner_of(person.person)})


@router.get("/patients/{patient_id}/bedside/visit")
def visit_to_keep(
    at: AtVisit,
    _ctx: Annotated[CareContext, Depends(care(Permission.ANSWERS_WRITE))],
    alerts: Annotated[CareContext, Depends(care(Permission.ALERTS_READ))],
    traits: Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))],
) -> Response:
    """Give what one visit needs: initials and year of birth, fields, numbers out of limits."""
    person = patient_traits(traits)
    if person is None:
        raise HTTPException(status_code=404)
    spans = limits_to_keep(alerts)
    items = [one for one in active_edition(BEDSIDE).items if one.kind in _ASKED]
    fields = [_field(one, spans, at.locale) for one in items]
    return JSONResponse({"who": _who(person, translator(at.locale)), "fields": fields})


_ASKED = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.TEXT})


def _who(person: PatientTraits, say: Translate) -> str:
    names = (
        person.used_first_name or person.birth_first_name,
        person.used_name or person.birth_name,
    )
    initials = " ".join(f"{name[:1].upper()}." for name in names)
    return say("{initials}, year of birth {year}").format(
        initials=initials, year=person.birth_date.year
    )


def _field(item: Item, spans: dict[Vital, tuple[Span, ...]], locale: str) -> dict[str, Any]:
    say, words = translator(locale), field_words(locale)
    shown = {"id": item.link_id, "words": words.say(item.words)}
    if item.vital is None or item.lowest is None or item.highest is None:
        return {**shown, "kind": "text"}

    def bound(value: float) -> str:
        return say_number(value, locale, 0 if value.is_integer() else item.decimals)

    out = say("Check the value: it must be between {lowest} and {highest}.")
    return {
        **shown,
        "kind": "number",
        "unit": words.unit(item),
        "decimals": item.decimals,
        "lowest": item.lowest,
        "highest": item.highest,
        "bad": say("Write a number, for example {example}.").format(example=words.example(item)),
        "out": out.format(lowest=bound(float(item.lowest)), highest=bound(float(item.highest))),
        "watched": item.vital in spans,
        "spans": [_span(item.vital, one, locale) for one in spans.get(item.vital, ())],
    }


def _span(vital: Vital, span: Span, locale: str) -> dict[str, Any]:
    say = translator(locale)
    number = say_value(VITALS[vital].slug, span.threshold, None, locale)
    limit = say(BOUND_LABELS[span.bound]).format(limit=number)
    return {
        "from": span.lowest,
        "to": span.highest,
        "level": span.level.code,
        "words": say("limit: {limit}").format(limit=limit),
    }
