"""What the template of a questionnaire needs, whoever fills it in and on whose behalf."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from fastapi import Response

from core.i18n import say_number, translator
from core.settings import settings
from identity.edge.http import Visit, html
from identity.phone_owner import owner_of
from questionnaires.filling import Problem
from questionnaires.questionnaire import Item, Questionnaire, said
from questionnaires.screens import Screen, screens
from questionnaires.showing import example_of, unit_said


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a form stands: its address, where a script sends it, whose answers they are."""

    action: str
    send_to: str = "/p/api/answers"
    home: str = "/p"
    subject: str = ""
    """What a draft belongs to beside the sender and the questions; it says nothing of anybody."""
    of_whom: str = ""
    """The patient's name when somebody else answers for him."""
    preview: bool = False
    """Nobody's answers: the screens alone, which send nothing, keep nothing and dial no number."""


def not_yet_page(at: Visit, edition: Questionnaire, place: Place, opens_at: datetime) -> Response:
    """Say when a questionnaire opens, to whoever comes before."""
    title = said(edition.title, at.locale)
    template = "questionnaires/not_yet.html"
    return html(at, template, place=place, title=title, opens_at=opens_at)


def asking_page(
    at: Visit,
    edition: Questionnaire,
    place: Place,
    *,
    task: UUID | None = None,
    key: str = "",
    given: Mapping[str, Any] | None = None,
    problems: Sequence[Problem] = (),
    blank: bool = False,
) -> Response:
    """Return the form; a blank one, for a phone to keep, names nobody and holds no answer."""
    person = at.signed_in
    items = {item.link_id: item for item in edition.flat()}
    return html(
        replace(at, signed_in=None) if blank else at,
        "questionnaires/form.html",
        status=422 if problems else 200,
        place=place,
        task=task,
        key="" if blank else key or token_urlsafe(16),
        owner=owner_of(person.person) if person else "",
        given={} if blank else {link: _list(value) for link, value in (given or {}).items()},
        problems={
            one.link_id: _say_problem(one, items[one.link_id], at.locale) for one in problems
        },
        **_questions(edition, at.locale),
    )


def preview_page(at: Visit, edition: Questionnaire, address: str, **about: Any) -> Response:
    """Return the screens as a phone shows them; `about`: what stands beside them."""
    return html(
        at,
        "questionnaires/preview.html",
        place=Place(action=address, send_to="", preview=True),
        given={},
        problems={},
        questionnaire=edition,
        **_questions(edition, at.locale),
        **about,
    )


def _questions(edition: Questionnaire, locale: str) -> dict[str, Any]:
    asked, closing = screens(edition, locale)
    items = {item.link_id: item for item in edition.flat()}
    return {
        "title": said(edition.title, locale),
        "edition": edition.digest,
        "licence": edition.licence,
        "proposed": edition.proposed,
        "screens": asked,
        "closing": closing,
        "bounds": lambda screen: _say_bounds(items[screen.link_id], locale),
        "example": lambda screen: _say_example(items[screen.link_id], locale),
        "unit": lambda screen: unit_said(items[screen.link_id], locale),
        "opening": opening_data(),
    }


def opening_data() -> dict[str, Any]:
    """Return the opening hours as a script reads them."""
    opening = settings().opening()
    return {
        "spans": [[span.first, span.last, span.start, span.end] for span in opening.spans],
        "closed": sorted(day.isoformat() for day in opening.closed_on),
        "zone": settings().time_zone,
    }


def _list(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _say_problem(problem: Problem, item: Item, locale: str) -> str:
    tr = translator(locale)
    match problem.kind:
        case "missing":
            chosen = item.options or item.kind == "boolean"
            return tr("Please choose an answer.") if chosen else tr("Please answer this question.")
        case "not_a_number" | "not_whole":
            return _say_example(item, locale)
        case "out_of_bounds":
            return _say_bounds(item, locale)
        case "not_a_date":
            return tr("Choose a day of the calendar.")
        case "too_long":
            return tr("This text is too long: 2,000 letters at most.")
        case _:
            return tr("This answer is not one of those offered.")


def _say_bounds(item: Item, locale: str) -> str:
    tr = translator(locale)
    lowest, highest = (
        ""
        if one is None
        else say_number(one, locale, 0 if float(one).is_integer() else item.decimals)
        for one in (item.lowest, item.highest)
    )
    if lowest and highest:
        words = tr("Check the value: it must be between {lowest} and {highest}.")
        return words.format(lowest=lowest, highest=highest)
    words = (
        tr("Check the value: at least {lowest}.")
        if lowest
        else tr("Check the value: at most {highest}.")
    )
    return words.format(lowest=lowest, highest=highest)


def _say_example(item: Item, locale: str) -> str:
    words = translator(locale)("Write a number, for example {example}.")
    return words.format(example=example_of(item, locale))


__all__ = ["Place", "Screen", "asking_page", "opening_data", "preview_page"]
