"""« Mes gardes »: a professional's own shifts, and the swaps he is asked for or asks for."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from alerts import swap_service
from alerts.own_duties import SWAP_WORDS, may_be_asked, swap_lines
from alerts.page_words import rung_label
from alerts.rota.own import OwnTurn
from alerts.store.own_duties import OwnSwapRow
from alerts.swap_service import OwnDuties
from alerts.week_service import NOT_DONE_WORDS, NotDone
from core import clock
from core.i18n import say_clock, say_instant, say_time, say_weekday
from identity.edge.http import Visit, html, signed_in, visit
from identity.people import SignedIn

router = APIRouter(include_in_schema=False)
PAGE = "/account/duties"
AtVisit = Annotated[Visit, Depends(visit)]
Person = Annotated[SignedIn, Depends(signed_in)]
SAID_WORDS: dict[str, str] = {
    "accept": "The shift is yours now. Whoever asked is told.",
    "refuse": "The shift stays with who has it. Whoever asked is told.",
    "withdraw": "Your colleague is asked no more, and is told.",
    "asked": "Your colleague is asked and told. Nothing changes before the answer.",
}
"""English msgid of what was done."""


@router.get(PAGE)
def duties(at: AtVisit, person: Person, said: str = "") -> Response:
    """Show a professional his shifts and swaps; others have none."""
    if person.post is None:
        return RedirectResponse("/", 303)
    now = clock.now()
    found = swap_service.own_duties(person.actor, now)
    names = {one.organisation: one.organisation_name for one in found.colleagues}
    return html(
        at,
        "alerts/duties.html",
        found=found,
        me=person.actor.person,
        lines=swap_lines(found.swaps, found.rotas, person.actor.person, now),
        others=lambda own: may_be_asked(own, found.colleagues, found.swaps, person.actor.person),
        organisations=names,
        duty_label=rung_label,
        swap_span=lambda swap: _swap_span(swap, at.locale),
        shift_span=lambda own: _span(found, own, at.locale),
        swap_words=SWAP_WORDS,
        done=SAID_WORDS.get(said),
        refused=NOT_DONE_WORDS.get(said),
    )


@router.post(f"{PAGE}/swaps/{{swap_id}}")
def answer(
    person: Person, swap_id: UUID, act: Annotated[Literal["accept", "refuse", "withdraw"], Form()]
) -> Response:
    """Take the shift one is asked to take, say no, or ask no more."""
    refused = swap_service.answer_swap(person.actor, swap_id, accepts=act == "accept")
    return _back(refused, act)


@router.post(f"{PAGE}/ask")
def ask(
    person: Person,
    shift: Annotated[UUID, Form()],
    day: Annotated[date, Form()],
    to: Annotated[UUID, Form()],
) -> Response:
    """Ask a colleague to take one of one's own shifts."""
    done = swap_service.offer_swap(person.actor, shift, day, to)
    return _back(done if isinstance(done, NotDone) else None, "asked")


def _span(found: OwnDuties, own: OwnTurn, locale: str) -> str:
    """Return « samedi 5 décembre, 20 h 00 – 8 h 00 », in the zone of its rota."""
    zone = found.rotas[own.organisation].zone
    begins = say_instant(own.turn.start, locale, zone)
    return _together(begins, say_time(own.turn.end, locale, zone))


def _swap_span(swap: OwnSwapRow, locale: str) -> str:
    begins = f"{say_weekday(swap.day, locale)}, {say_clock(swap.starts, locale)}"
    return _together(begins, say_clock(swap.ends, locale))


def _together(begins: str, ends: str) -> str:
    """Return a span whose times stay on one line."""
    day, _, starts = begins.rpartition(", ")
    return f"{day}, " + f"{starts} –\u2060 {ends}".replace(" ", "\u00a0")


def _back(refused: NotDone | None, done: str) -> Response:
    said = refused.why if refused else done
    return RedirectResponse(f"{PAGE}?said={said}", 303)
