"""The rota as its staff reads and changes it on the console: shifts and leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.rota.public_days import Region
from alerts.rota.rota import Rota, Shift
from alerts.rota.week import DutyNow, DutyWeek, Hours, duties_now, week_of
from alerts.rota.written import Unread, Written, read_shift
from alerts.store import duties
from alerts.store import week as store
from alerts.store.week import LeaveRow, PersonRow, SwapRow
from core import clock
from core.access import Permission
from core.doors import Action, Actor, PersonConnection, acting_as, note_access
from core.ids import new_id
from core.settings import settings

LOOKS_BACK: Final = timedelta(days=28)
"""How far back a week is shown: leave and swaps are read no further (alerts.rota_kept)."""
LOOKS_AHEAD: Final = timedelta(days=364)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week of the acting organisation's rota; `rota` is None when it plans nothing at all."""

    monday: date
    today: date
    zone: ZoneInfo
    region: Region
    rota: Rota | None
    duties: tuple[DutyWeek, ...]
    now: tuple[DutyNow, ...]
    people: Mapping[UUID, PersonRow]
    leaves: tuple[LeaveRow, ...]
    swaps: tuple[SwapRow, ...]

    def name(self, person: UUID | None) -> str:
        """Return how somebody is written, « – » when he is not known."""
        found = self.people.get(person) if person else None
        return found.name if found else "–"

    def shift(self, id: UUID) -> Shift | None:
        """Return a shift that is kept."""
        shifts = self.rota.shifts if self.rota else ()
        return next((one for one in shifts if one.id == id), None)

    def holder(self, shift: Shift, day: date) -> UUID | None:
        """Return who has a shift of a day, before leave is looked at."""
        swaps = self.rota.swaps if self.rota else ()
        taken = (swap.to for swap in swaps if (swap.shift, swap.day) == (shift.id, day))
        return next(taken, shift.person)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDone:
    """Nothing was changed; `why` is a key of NOT_DONE_WORDS, `words` the English msgid of it."""

    why: str

    @property
    def words(self) -> str:
        """Return the English msgid of why."""
        return NOT_DONE_WORDS[self.why]


NOT_DONE_WORDS: Final[dict[str, str]] = {
    "gone": "This was changed by somebody else meanwhile, or is not yours to change.",
    "post": "This person's post does not allow this duty here.",
    "leave": "Somebody named has no post here, or cannot take over each of these shifts.",
    "swap": "This colleague cannot take this shift, or was asked already.",
    "day": "This shift is not worked on that day, or the day has passed.",
    "over": "This shift is over: it can be swapped no more.",
    "away": "You are noted as away then: this shift cannot become yours. Ask who plans.",
    "busy": "You have another shift at that time: this one cannot become yours.",
}


def week(actor: Actor, monday: date, now: datetime) -> Week:
    """Return the seven days from a Monday, with all that the page shows beside them."""
    site = settings()
    zone, region = ZoneInfo(site.time_zone), Region(site.holidays)
    hours = Hours(opening=site.opening(), zone=zone)
    with acting_as(actor) as conn:
        row = store.load_rota(conn)
        rota = duties.rota_of(row, zone, region) if row else None
        place = rota.zone if rota else zone
        today = now.astimezone(place).date()
        return Week(
            monday=monday,
            today=today,
            zone=place,
            region=rota.region if rota else region,
            rota=rota,
            duties=week_of(rota, monday, hours) if rota else (),
            now=duties_now(rota, now, hours) if rota else (),
            people={one.person: one for one in store.load_people(conn)},
            leaves=tuple(store.load_leaves(conn, min(today, monday))),
            swaps=tuple(store.load_swaps(conn, today)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """Who is on duty at this moment, how they are written, and how many shifts one is asked for."""

    duties: tuple[DutyNow, ...] = ()
    names: Mapping[UUID, str]
    asked: int = 0


def at_work(actor: Actor, now: datetime) -> AtWork:
    """Return who is on duty in the acting organisation, nobody where it plans nothing."""
    site = settings()
    zone = ZoneInfo(site.time_zone)
    with acting_as(actor) as conn:
        row = store.load_rota(conn)
        if row is None:
            return AtWork(names={})
        rota = duties.rota_of(row, zone, Region(site.holidays))
        swaps = store.load_swaps(conn, now.astimezone(rota.zone).date())
        return AtWork(
            duties=duties_now(rota, now, Hours(opening=site.opening(), zone=zone)),
            names={one.person: one.name for one in store.load_people(conn)},
            asked=sum(one.to_person == actor.person for one in swaps),
        )


def save_shift(
    actor: Actor, written: Written, *, today: date, replaces: UUID | None = None
) -> Shift | Unread | NotDone:
    """Plan a shift, or change one from the first day that is written on."""
    shift = read_shift(written, new_id(clock.now()), today)
    if isinstance(shift, Unread):
        return shift
    with acting_as(actor) as conn:
        if not store.plan_shift(conn, shift, replaces):
            return not_done("post")
        _note(conn, actor, "U" if replaces else "C", "shift", shift.id)
    return shift


def end_shift(actor: Actor, shift: UUID, last_on: date) -> bool:
    """End a shift with a day; False when it is gone or not his to change."""
    with acting_as(actor) as conn:
        done = store.end_shift(conn, shift, last_on)
        if done:
            _note(conn, actor, "D", "shift", shift)
    return done


def note_leave(
    actor: Actor, person: UUID, days: tuple[date, date], substitute: UUID | None
) -> UUID | NotDone:
    """Note on which days somebody is away, both included, and who stands in for him."""
    with acting_as(actor) as conn:
        leave = store.note_leave(conn, person, days, substitute, clock.now())
        if leave is None:
            return not_done("leave")
        _note(conn, actor, "C", "leave", leave)
    return leave


def end_leave(actor: Actor, leave: UUID) -> bool:
    """Take back days of leave; False when they are gone or not his to change."""
    with acting_as(actor) as conn:
        done = store.end_leave(conn, leave)
        if done:
            _note(conn, actor, "D", "leave", leave)
    return done


def not_done(why: str) -> NotDone:
    """Return why nothing was changed."""
    return NotDone(why=why)


def _note(
    conn: PersonConnection,
    actor: Actor,
    action: Action,
    what: str,
    id: UUID,
) -> None:
    note_access(conn, actor, Permission.ROTA_MANAGE, None, action, {what: str(id)})
