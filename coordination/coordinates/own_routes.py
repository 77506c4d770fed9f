"""« Mes coordonnées »: how somebody wants to be reached by his circles, and by whom."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field, StringConstraints

from coordination.coordinates import coordinates as words
from coordination.coordinates import service
from identity.edge.http import Visit, html, signed_in, visit
from identity.people import SignedIn
from identity.words import say_phone

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Person = Annotated[SignedIn, Depends(signed_in)]
Text = Annotated[str, StringConstraints(max_length=300)]
PAGE = "/account/coordinates"


class OwnForm(BaseModel):
    """How somebody wants to be reached, as typed."""

    phone: Text = ""
    phone_to: Text = ""
    mail: Text = ""
    mail_to: Text = ""
    channel: Text = ""
    version: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


@router.get(PAGE)
def own_coordinates(at: AtVisit, person: Person, said: str = "") -> Response:
    """Show how I am reached, and by whom."""
    own = service.own(person.actor)
    return _page(at, given=own.as_typed(), version=own.version, said=said)


@router.post(PAGE)
def save_own_coordinates(at: AtVisit, person: Person, form: Annotated[OwnForm, Form()]) -> Response:
    """Keep how I am reached; what is wrong is said and nothing typed is lost."""
    given = {key: str(value) for key, value in form.model_dump(exclude={"version"}).items()}
    own = words.read_own(given, form.version)
    if isinstance(own, words.Mend):
        return _page(at, status=422, given=given, version=form.version, problems=own.problems)
    done = service.save_own(person.actor, own)
    if isinstance(done, words.Own):
        return _page(
            at,
            status=409,
            given=given,
            version=done.version,
            problem="changed",
            theirs=done.as_typed(),
        )
    return RedirectResponse(f"{PAGE}?said=changed", 303)


def _page(at: Visit, *, status: int = 200, said: str = "", **typed: Any) -> Response:
    return html(
        at,
        "coordination/own_coordinates.html",
        status=status,
        shown_to=words.SHOWN_TO_LABELS,
        channels=words.CHANNEL_LABELS,
        problem_sentences=words.PROBLEM_SENTENCES,
        said=words.SAID_SENTENCES.get(said, ""),
        say_phone=say_phone,
        **{"problems": {}, "problem": "", "theirs": None, **typed},
    )
