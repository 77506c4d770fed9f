"""Planning as the operator does it, by commands: shifts, leave, swaps, who is on duty, gaps."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from alerts.rota.public_days import Region
from alerts.rota.rota import Duty, Gap, Shift, Turn, gaps, turns
from alerts.store import duties, planning
from core import clock
from core.doors import Service, ServiceConnection, note_run, serving
from core.opening import OpeningError, parse_opening
from core.settings import settings
from identity.administration.refused import Refused
from identity.store import administration
from questionnaires.plans.zones import find_zone

_NO_POST = Refused("Everybody named must hold a post in that organisation that suits the duty.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One duty of an organisation for some days: who has it when, and when nobody has."""

    duty: Duty
    turns: tuple[Turn, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The rota of an organisation; `names` holds whoever it mentions."""

    zone: ZoneInfo
    duties: tuple[Planned, ...]
    names: dict[UUID, str]


def place(which: str, zone: str, holidays: str) -> Refused | None:
    """Say in which time zone and with which public holidays an organisation plans."""
    if find_zone(zone) is None or holidays not in list(Region):
        return Refused(f"A zone as Europe/Paris, and holidays of: {', '.join(Region)}.")
    now = clock.now()
    with serving(Service.ADMINISTRATION) as conn:
        organisation = _organisation(conn, which)
        if isinstance(organisation, Refused):
            return organisation
        planning.save_place(conn, organisation, zone, holidays, now)
        _note(conn, "rota_place", organisation)
    return None


def add_shift(which: str, login: str, shift: Shift) -> Refused | None:
    """Plan a weekly shift of somebody with a post there; `shift.person` is found by `login`."""
    with serving(Service.ADMINISTRATION) as conn:
        organisation, person = _organisation(conn, which), _person(conn, login)
        if isinstance(organisation, Refused):
            return organisation
        if isinstance(person, Refused):
            return person
        named = Shift(
            id=shift.id,
            person=person,
            duty=shift.duty,
            weekdays=shift.weekdays,
            starts=shift.starts,
            ends=shift.ends,
            on_holidays=shift.on_holidays,
            first_on=shift.first_on,
            last_on=shift.last_on,
        )
        if not planning.save_shift(conn, organisation, named, clock.now()):
            return _NO_POST
        _note(conn, "shift_planned", shift.id)
    return None


def remove_shift(shift: UUID) -> Refused | None:
    """Plan a shift no more."""
    with serving(Service.ADMINISTRATION) as conn:
        if not planning.remove_shift(conn, shift, clock.now()):
            return Refused("There is no such shift.")
        _note(conn, "shift_removed", shift)
    return None


def add_leave(
    which: str, login: str, first_on: date, last_on: date, substitute: str | None
) -> Refused | None:
    """Note days on which somebody is away, both included, and who stands in for him."""
    if last_on < first_on:
        return Refused("The last day comes before the first.")
    with serving(Service.ADMINISTRATION) as conn:
        organisation, person = _organisation(conn, which), _person(conn, login)
        instead = _person(conn, substitute) if substitute else None
        for found in (organisation, person, instead):
            if isinstance(found, Refused):
                return found
        assert isinstance(organisation, UUID)
        assert isinstance(person, UUID)
        if instead == person:
            return Refused("Nobody stands in for himself.")
        kept = instead if isinstance(instead, UUID) else None
        now = clock.now()
        if not planning.save_leave(conn, organisation, person, (first_on, last_on), kept, now):
            return _NO_POST
        _note(conn, "leave_noted", person)
    return None


def swap(shift: UUID, day: date, login: str) -> Refused | None:
    """Give one day of a shift to a colleague who has agreed to take it."""
    with serving(Service.ADMINISTRATION) as conn:
        to = _person(conn, login)
        if isinstance(to, Refused):
            return to
        if not planning.save_swap(conn, shift, day, to, clock.now()):
            return Refused("There is no such shift, or his post does not suit it.")
        _note(conn, "shift_swapped", shift)
    return None


def accept_gp(patient: UUID, login: str, hours: str) -> Refused | None:
    """Note that a GP of the circle accepts to be called, in which hours."""
    return _note_gp(patient, login, hours, without=False)


def note_without_gp(patient: UUID, login: str | None, hours: str) -> Refused | None:
    """Note that a record is « sans médecin traitant », and who is called in his place, if any."""
    return _note_gp(patient, login, hours, without=True)


def _note_gp(patient: UUID, login: str | None, hours: str, *, without: bool) -> Refused | None:
    try:
        parse_opening(hours)
    except OpeningError as error:
        return Refused(str(error))
    now, done = clock.now(), False
    with serving(Service.ADMINISTRATION) as conn:
        person = _person(conn, login) if login else None
        if isinstance(person, Refused):
            return person
        if without:
            done = planning.save_without_gp(conn, patient, person, hours, now)
        else:
            done = person is not None and planning.save_gp_hours(conn, patient, person, hours, now)
        if not done:
            # What was noted before is kept.
            raise psycopg.Rollback
        _note(conn, "gp_noted", patient)
    return None if done else Refused("No such record, or he is not in its circle in that role.")


def show(which: str, days: int) -> Shown | Refused:
    """Return who is on duty from now on for some days, and when nobody is."""
    site, now = settings(), clock.now()
    zone, region = ZoneInfo(site.time_zone), Region(site.holidays)
    with serving(Service.ADMINISTRATION) as conn:
        organisation = _organisation(conn, which)
        if isinstance(organisation, Refused):
            return organisation
        row = planning.load_rota(conn, organisation)
        if row is None:
            return Refused("No rota is kept: everybody is called in the hours of the service.")
        rota = duties.rota_of(row, zone, region)
        end = now + timedelta(days=days)
        planned = tuple(
            Planned(
                duty=duty,
                turns=tuple(sorted(turns(rota, duty, now, end), key=_when)),
                gaps=gaps(rota, duty, now, end),
            )
            for duty in Duty
            if rota.keeps(duty)
        )
        people = {turn.person for each in planned for turn in each.turns if turn.person}
        return Shown(zone=rota.zone, duties=planned, names=planning.load_names(conn, people))


def _when(turn: Turn) -> tuple[datetime, UUID]:
    return turn.start, turn.shift.id


def _organisation(conn: ServiceConnection, which: str) -> UUID | Refused:
    found = administration.load_organisation(conn, which)
    return found.organisation if found else Refused("No such organisation.")


def _person(conn: ServiceConnection, login: str) -> UUID | Refused:
    found = administration.load_named_account(conn, login)
    return found.person if found else Refused(f"Nobody has the sign-in name {login}.")


def _note(conn: ServiceConnection, what: str, about: UUID) -> None:
    note_run(conn, Service.ADMINISTRATION, what, about=str(about))
