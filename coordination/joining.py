"""From a form to a stay in the circle: what is asked for, or what stands in the way. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from coordination.circle import FAMILY, Joining, acting_role, parse_mission, parse_role
from coordination.consent import (
    OUTSIDE_THE_TEAM,
    Means,
    Text,
    granted_to,
    in_words,
    parse_means,
    permissions_of,
    text_for,
)
from core.access import Basis, Permission, Rights, Role


class Problem(StrEnum):
    """Why nothing was changed; the page says it beside the field, with all that was typed."""

    STALE = "stale"
    NOBODY = "nobody"
    ROLE = "role"
    SCOPE = "scope"
    ALREADY = "already"
    DATES = "dates"
    MEANS = "means"
    CONSENT_DATE = "consent_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A stay that can be written: every part of it was checked."""

    role: Role
    acts_as: Role
    basis: Basis
    scope: str | None
    starts_at: datetime
    ends_at: datetime | None
    agreed: tuple[Permission, ...]
    text: Text | None
    means: Means | None
    given_on: date | None


def asked_role(form: Joining) -> Role | None:
    """Return in which role whoever the form names would act; the scope may still be missing."""
    role = parse_mission(form.role) if form.kind == "organisation" else _person_role(form)
    return acting_role(role) if role else None


def _person_role(form: Joining) -> Role | None:
    return parse_role(form.role, form.scope or "person")


def text_of(form: Joining, rights: Rights) -> Text | None:
    """Return the text that would have to be agreed to, whatever will be ticked.

    Where more than the role's own rights is offered, agreeing is always possible.
    """
    role = parse_mission(form.role) if form.kind == "organisation" else _person_role(form)
    if role is None:
        return None
    acts_as = acting_role(role) or role
    basis = basis_of(role, Basis.CONSENT if may_choose_basis(form) else form.basis)
    return text_for(basis, rights.by_agreement.get(acts_as, frozenset()))


def decide_stay(form: Joining, *, rights: Rights, now: datetime, zone: tzinfo) -> Stay | Problem:
    """Judge what a form asks for at `now`; days are those of `zone`."""
    in_person = form.kind != "organisation"
    role = parse_role(form.role, form.scope) if in_person else parse_mission(form.role)
    if role is None:
        return Problem.SCOPE if form.role == Role.LEGAL_REPRESENTATIVE else Problem.ROLE
    acts_as = acting_role(role) or role
    dates = _days(form, now, zone)
    if dates is None:
        return Problem.DATES
    basis = basis_of(role, form.basis)
    agreed = permissions_of(form.groups, acts_as, rights)
    text = text_for(basis, agreed)
    means, given_on = parse_means(form.consent_means), _day(form.consent_on)
    if text is not None and means is None:
        return Problem.MEANS
    if text is not None and (given_on is None or given_on > now.astimezone(zone).date()):
        return Problem.CONSENT_DATE
    measured = role in (Role.LEGAL_REPRESENTATIVE, Role.PROPERTY_REPRESENTATIVE)
    return Stay(
        role=role,
        acts_as=acts_as,
        basis=basis,
        scope=form.scope if measured else None,
        starts_at=dates[0],
        ends_at=dates[1],
        agreed=agreed,
        text=text,
        means=means if text else None,
        given_on=given_on if text else None,
    )


def basis_of(role: Role, asked: str) -> Basis:
    """Return why a role enters the circle; where the form has a choice, what it asks.

    A family member enters by the patient's consent, and so does a home help service, whose staff
    are no care team by themselves (proposed reading of CSP R.1110-2).
    """
    if role in FAMILY or role is Role.HOME_HELP_SERVICE:
        return Basis.CONSENT
    if role in (Role.LEGAL_REPRESENTATIVE, Role.PROPERTY_REPRESENTATIVE):
        return Basis.LEGAL_REPRESENTATIVE
    return Basis.CONSENT if asked == Basis.CONSENT else Basis.CARE_TEAM


def may_choose_basis(form: Joining) -> bool:
    """Say whether the form asks if the member is of the care team or outside it."""
    role = parse_mission(form.role) if form.kind == "organisation" else _person_role(form)
    if role is None:
        return False
    return basis_of(role, Basis.CONSENT) is not basis_of(role, Basis.CARE_TEAM)


def sentence(text: Text, name: str, stay: Stay, rights: Rights, say: Callable[[str], str]) -> str:
    """Return the words that are agreed to, in the language of `say`."""
    everything = text is OUTSIDE_THE_TEAM
    granted = granted_to(stay.acts_as, stay.agreed, rights) if everything else stay.agreed
    seen, done = in_words(granted)
    return say(text.wording).format(name=name, sees=", ".join(say(one) for one in (*seen, *done)))


def last_moment(raw: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Return the end of a day to come, `now` for an empty field, or None when it cannot be."""
    if not raw.strip():
        return now
    day = _day(raw)
    ends_at = _midnight(day + timedelta(days=1), zone) if day else None
    return ends_at if ends_at and ends_at > now else None


def _days(form: Joining, now: datetime, zone: tzinfo) -> tuple[datetime, datetime | None] | None:
    """Return a stay from now or a day to come until the end of its last day."""
    first, last = _day(form.starts_on), _day(form.ends_on)
    if (form.starts_on.strip() and first is None) or (form.ends_on.strip() and last is None):
        return None
    today = now.astimezone(zone).date()
    if first is not None and first < today:
        return None
    starts_at = _midnight(first, zone) if first and first > today else now
    ends_at = _midnight(last + timedelta(days=1), zone) if last else None
    return None if ends_at is not None and ends_at <= starts_at else (starts_at, ends_at)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _day(raw: str) -> date | None:
    try:
        day = date.fromisoformat(raw.strip())
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2200 else None
