"""Who stands on a rung at this moment, or why nobody does. Pure.

A rung of a ladder names a role. Its people are found when it is called, never before: who is on
duty by the rota, the second nurse who is not the first, the GP or the home nurse who accepted, in
the hours they gave.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.ladder import Recipient, Rung
from alerts.rota.public_days import Region, holiday_name
from alerts.rota.rota import Duty, Nobody, Rota, on_duty
from core.opening import Opening, is_open
from scoring.level import Level

DUTY_OF: Final = {
    Recipient.TELEMONITORING_NURSE: Duty.TELEMONITORING_NURSE,
    Recipient.SECOND_NURSE: Duty.SECOND_NURSE,
    Recipient.COORDINATING_DOCTOR: Duty.COORDINATING_DOCTOR,
    Recipient.ON_CALL: Duty.ON_CALL,
}


class Skip(StrEnum):
    """Why nobody stands on a rung."""

    NO_SUCH_PERSON = "no_such_person"
    NOBODY_ON_DUTY = "nobody_on_duty"
    SERVICE_CLOSED = "service_closed"
    NOBODY_ELSE = "nobody_else"
    NO_GP = "no_gp"
    GP_NOT_ASKED = "gp_not_asked"
    GP_OUTSIDE_HOURS = "gp_outside_hours"
    NO_HOME_NURSE = "no_home_nurse"
    HOME_NURSE_NOT_ASKED = "home_nurse_not_asked"
    HOME_NURSE_OUTSIDE_HOURS = "home_nurse_outside_hours"
    NO_ON_CALL = "no_on_call"
    ONLY_RED = "only_red"
    QUIET_HOURS = "quiet_hours"


SKIP_LABELS: Final = {
    Skip.NO_SUCH_PERSON: "nobody in the care circle has this role",
    Skip.NOBODY_ON_DUTY: "nobody is on duty",
    Skip.SERVICE_CLOSED: "the service is closed",
    Skip.NOBODY_ELSE: "there is nobody but those called first",
    Skip.NO_GP: "there is no GP, and nobody in his place",
    Skip.GP_NOT_ASKED: "the GP has not accepted to be called",
    Skip.GP_OUTSIDE_HOURS: "outside the hours the GP gave",
    Skip.NO_HOME_NURSE: "there is no home nurse in the care circle",
    Skip.HOME_NURSE_NOT_ASKED: "the home nurse has not accepted to be called",
    Skip.HOME_NURSE_OUTSIDE_HOURS: "outside the hours the home nurse gave",
    Skip.NO_ON_CALL: "nobody is planned on call",
    Skip.ONLY_RED: "called for red alerts only",
    Skip.QUIET_HOURS: "in the quiet hours they chose",
}
"""English msgid of each reason, inside a sentence."""

_BY_ACCEPTANCE: Final = {
    Recipient.GP: (Skip.NO_GP, Skip.GP_NOT_ASKED, Skip.GP_OUTSIDE_HOURS),
    Recipient.HOME_NURSE: (
        Skip.NO_HOME_NURSE,
        Skip.HOME_NURSE_NOT_ASKED,
        Skip.HOME_NURSE_OUTSIDE_HOURS,
    ),
}
"""Roles that stand on a rung only if they accepted, in the hours they gave; why nobody does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody a rung may call; `organisation` is in whose rota he stands, None for himself alone.

    `stands_for` is the GP or the home nurse whose acceptance counts for him.
    """

    person: UUID
    organisation: UUID | None
    stands_for: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What decides over a rung: rotas by organisation, the hours a GP or a home nurse gave, those
    of the service.

    `region` and `zone` are those of the site, for whoever has no rota.
    `called_first`: whom the last call of the first nurse's rung called. `resting`: who is in his
    quiet hours.
    """

    rotas: Mapping[UUID, Rota]
    hours: Mapping[UUID, Opening]
    open: bool
    region: Region
    zone: ZoneInfo
    called_first: frozenset[UUID] = frozenset()
    resting: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who stands on a rung; without people `skip` says why.

    `short` are the organisations whose rota has nobody where it must have somebody.
    """

    people: frozenset[UUID]
    skip: Skip | None
    short: tuple[tuple[UUID, Duty], ...] = ()


def decide_standing(
    rung: Rung, level: Level, candidates: Sequence[Candidate], known: Known, now: datetime
) -> Standing:
    """Return who stands on a rung at `now` for an alert of that level.

    An orange calls nobody in his quiet hours; a red does not look at them.
    """
    standing = _stands(rung, level, candidates, known, now)
    if level is Level.RED or not standing.people & known.resting:
        return standing
    awake = standing.people - known.resting
    return replace(standing, people=awake, skip=None if awake else Skip.QUIET_HOURS)


def _stands(
    rung: Rung, level: Level, candidates: Sequence[Candidate], known: Known, now: datetime
) -> Standing:
    if rung.only_red and level is not Level.RED:
        return _skipped(Skip.ONLY_RED)
    if rung.role in _BY_ACCEPTANCE:
        return _by_acceptance(rung, candidates, known, now)
    if not candidates:
        return _skipped(Skip.NO_SUCH_PERSON)
    found = _Found()
    for organisation, people in _by_organisation(candidates).items():
        _stand(found, rung, organisation, people, known, now)
    return _settle(found, rung, known)


@dataclass
class _Found:
    people: set[UUID] = field(default_factory=set)
    short: list[tuple[UUID, Duty]] = field(default_factory=list)
    closed: bool = False
    unplanned: bool = False


def _settle(found: _Found, rung: Rung, known: Known) -> Standing:
    short = tuple(found.short)
    people = frozenset(found.people)
    if rung.role is Recipient.SECOND_NURSE and people:
        people -= known.called_first
        if not people:
            return Standing(people=people, skip=Skip.NOBODY_ELSE, short=short)
    if people:
        return Standing(people=people, skip=None, short=short)
    if short:
        return Standing(people=people, skip=Skip.NOBODY_ON_DUTY, short=short)
    if rung.role is Recipient.ON_CALL:
        return _skipped(Skip.NO_ON_CALL if found.unplanned else Skip.NOBODY_ON_DUTY)
    return _skipped(Skip.SERVICE_CLOSED if found.closed else Skip.NOBODY_ON_DUTY)


def _stand(
    found: _Found,
    rung: Rung,
    organisation: UUID | None,
    people: frozenset[UUID],
    known: Known,
    now: datetime,
) -> None:
    """Add who of one organisation is on duty."""
    duty = DUTY_OF[rung.role]
    rota = known.rotas.get(organisation) if organisation else None
    if duty is Duty.SECOND_NURSE and rota is not None and rota.keeps(Duty.TELEMONITORING_NURSE):
        # Whoever relieved the first nurse since she was called is a second nurse too.
        found.people |= people & _present(rota, Duty.TELEMONITORING_NURSE, now)
    if rota is not None and rota.keeps(duty):
        present = people & _present(rota, duty, now)
        found.people |= present
        if not present and must_be_kept(duty, service_open=known.open) and organisation:
            found.short.append((organisation, duty))
        found.closed |= not known.open
    elif duty is Duty.ON_CALL:
        found.unplanned = True
    elif duty is Duty.SECOND_NURSE and rota is not None and rota.keeps(Duty.TELEMONITORING_NURSE):
        return
    elif rung.on_duty_only and not known.open:
        found.closed = True
    else:
        found.people |= people - _away(rota, now)


def must_be_kept(duty: Duty, *, service_open: bool) -> bool:
    """Say whether a gap of a planned duty is an alarm: on call at night, all others by day."""
    return not service_open if duty is Duty.ON_CALL else service_open


def _present(rota: Rota, duty: Duty, now: datetime) -> frozenset[UUID]:
    found = on_duty(rota, duty, now)
    return frozenset() if isinstance(found, Nobody) else frozenset(found.people)


def _away(rota: Rota | None, now: datetime) -> frozenset[UUID]:
    if rota is None:
        return frozenset()
    today = now.astimezone(rota.zone).date()
    return frozenset(one.person for one in rota.leaves if one.first_on <= today <= one.last_on)


def _by_acceptance(
    rung: Rung, candidates: Sequence[Candidate], known: Known, now: datetime
) -> Standing:
    nobody, not_asked, outside = _BY_ACCEPTANCE[rung.role]
    if not candidates:
        return _skipped(nobody if rung.on_duty_only else Skip.NO_SUCH_PERSON)
    if not rung.on_duty_only:
        return Standing(people=frozenset(one.person for one in candidates), skip=None)
    asked = [one for one in candidates if one.stands_for in known.hours]
    if not asked:
        return _skipped(not_asked)
    people = frozenset(
        one.person
        for one in asked
        if one.stands_for and _answers(rung.role, known.hours[one.stands_for], known, now)
    )
    return Standing(people=people, skip=None) if people else _skipped(outside)


def _answers(role: Recipient, hours: Opening, known: Known, now: datetime) -> bool:
    """Say whether somebody is to be called now: in his hours, a GP on no public holiday."""
    if not is_open(hours, now, known.zone):
        return False
    today = now.astimezone(known.zone).date()
    return role is not Recipient.GP or holiday_name(known.region, today) is None


def _by_organisation(candidates: Iterable[Candidate]) -> dict[UUID | None, frozenset[UUID]]:
    found: dict[UUID | None, set[UUID]] = {}
    for one in candidates:
        found.setdefault(one.organisation, set()).add(one.person)
    return {organisation: frozenset(people) for organisation, people in found.items()}


def _skipped(why: Skip) -> Standing:
    return Standing(people=frozenset(), skip=why)
