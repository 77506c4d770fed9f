"""Use cases of notices to the circle: who is told of what and when, as the patient chooses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from coordination import notices_store as store
from coordination.notices import Line, Occasion, ToldMember, ToldRole, roles_shown
from core import clock
from core.doors import CareContext, acting_as
from messages.message import Template
from messages.words_service import Words, mail_words

LANGUAGES: Final = ("fr", "en")
DAILY: Final = "daily"
"""What a mail says that comes once a day, whatever happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The words of one mail, in each language."""

    occasion: str
    words: dict[str, Words]


def told_members(ctx: CareContext) -> list[ToldMember]:
    """Return the people of the circle and of what each is told; empty for who may not choose."""
    with acting_as(ctx, detail={"read": "circle_notices"}) as conn:
        return store.load_members(conn, ctx.patient)


def told_roles(ctx: CareContext, members: Sequence[ToldMember]) -> tuple[ToldRole, ...]:
    """Return the roles that have a line, and those that may get one."""
    with acting_as(ctx) as conn:
        known = store.load_roles(conn, ctx.patient)
    return roles_shown(known, members)


def choose(ctx: CareContext, membership: UUID, line: Line | None) -> bool:
    """Note of what somebody in the circle is told from now on; None: whatever his role is told of.

    For the patient himself or somebody with `circle:manage`; False for nobody of this circle.
    """
    told_of = sorted(line.occasions) if line else ["role"]
    detail = {"membership": str(membership), "told_of": told_of}
    with acting_as(ctx, action="U", detail=detail) as conn:
        return store.save_choice(conn, ctx.patient, membership, line, clock.now())


def choose_for_role(ctx: CareContext, role: str, line: Line) -> bool:
    """Note of what whoever has a role in the circle is told, now and later."""
    detail = {"role": role, "told_of": sorted(line.occasions)}
    with acting_as(ctx, action="U", detail=detail) as conn:
        return store.save_role_choice(conn, ctx.patient, role, line, clock.now())


def previews() -> tuple[tuple[Preview, ...], Preview]:
    """Return the words of each mail to the family, and of the one that professionals get."""
    family = tuple(
        _preview(occasion, Template.CIRCLE_NOTICE, {"occasion": occasion})
        for occasion in (Occasion.RED, Occasion.STAY, Occasion.CLOSURE, DAILY)
    )
    return family, _preview("", Template.RECORD_NOTICE, {"path": "/…"})


def _preview(occasion: str, template: Template, params: dict[str, str]) -> Preview:
    words = {locale: mail_words(template, params, locale) for locale in LANGUAGES}
    return Preview(occasion=occasion, words=words)
