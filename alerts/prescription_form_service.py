"""Use cases around the form of a prescription: reading it, saying it, what it may begin from."""

from dataclasses import dataclass
from typing import Final

from alerts.checking import problems_of
from alerts.edge.library import load_ladder, load_prescription, load_profile, shipped
from alerts.ladder import Ladder, Purpose
from alerts.prescribed import content_of
from alerts.prescription import Content, Problem, Wrong
from alerts.prescription_fields import Fields
from alerts.prescription_form import content_of_fields, reference_of
from alerts.prescription_words import Said, Speaker, say_prescription
from alerts.profile import Profile
from core import clock
from core.i18n import zone
from core.settings import settings

CARE_LADDER: Final = ("home-two-rungs", 1)
"""Whom a template calls; proposed."""
TEMPLATE_LABELS: Final[dict[str, str]] = {
    "covid-home-lasting": "COVID-19 at home, rules over time",
}
"""English msgid of each shipped prescription; a programme says its own title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a draft may begin from: `name` is that of the shipped file."""

    name: str
    title: str
    content: Content


def template_of(fields: Fields) -> Profile | None:
    """Return the programme that the fields name, or None for one that was never shipped."""
    named = reference_of(fields.get("template") or "")
    return load_profile(*named) if named in shipped("profiles") else None


def read_form(fields: Fields) -> Content | tuple[Problem, ...]:
    """Return what the fields prescribe, or which of them cannot be read."""
    template = template_of(fields)
    if template is None:
        return (Problem(place="template", wrong=Wrong.CHOICE),)
    found = content_of_fields(fields, template)
    if isinstance(found, Content) and found.ladder not in {(o.id, o.version) for o in ladders()}:
        return (Problem(place="ladder", wrong=Wrong.CHOICE),)
    return found


def faults_of(content: Content) -> tuple[Problem, ...]:
    """Return all that is wrong with a content that could be read, today."""
    today = clock.now().astimezone(zone(settings().time_zone)).date()
    return problems_of(content, load_profile(*content.template), today)


def said(content: Content, speak: Speaker) -> tuple[Said, ...]:
    """Return a content line by line, in words."""
    return say_prescription(
        content, load_profile(*content.template), load_ladder(*content.ladder), speak
    )


def ladders() -> tuple[Ladder, ...]:
    """Return the ladders that may be prescribed here; one of a demonstration not in production."""
    found = (load_ladder(*named) for named in shipped("ladders"))
    production = settings().profile == "production"
    return tuple(one for one in found if one.purpose is Purpose.CARE or not production)


def templates() -> tuple[Template, ...]:
    """Return what is shipped to begin a draft from (proposed): programmes, then prescriptions."""
    profiles = [load_profile(*named) for named in shipped("profiles")]
    plain = [
        Template(
            name=profile.reference, title=profile.title, content=content_of(profile, CARE_LADDER)
        )
        for profile in profiles
    ]
    whole = [
        Template(
            name=f"{name}-{version}",
            title=TEMPLATE_LABELS[name],
            content=load_prescription(name, version),
        )
        for name, version in shipped("prescriptions")
    ]
    return (*plain, *whole)
