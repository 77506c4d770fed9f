"""Builders of a rota for tests, and the clock set to an hour of a day in France."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from alerts.rota.public_days import Region, holiday_name
from core import clock
from core.doors import Service, serving
from identity import service as identity
from messages import service as messages
from tests.days import PARIS, day_in_france
from tests.integration.alerts.home import Home


def ordinary_day(weekday: int) -> date:
    """Return the next such weekday that is no public holiday, nor the days around it."""
    day = day_in_france() + timedelta(days=2)
    around = [timedelta(days=number) for number in (-1, 0, 1)]
    while day.weekday() != weekday or any(holiday_name(Region.METROPOLE, day + n) for n in around):
        day += timedelta(days=1)
    return day


def set_clock(clock_file: Path, day: date, at: str) -> datetime:
    """Set the test clock to an hour of a day in France; return that instant."""
    wanted = datetime.combine(day, time.fromisoformat(at), PARIS)
    offset = float(clock_file.read_text() or "0")
    clock_file.write_text(str(offset + (wanted - clock.now()).total_seconds()))
    return clock.now()


def put(query: str, params: dict[str, object]) -> None:
    with serving(Service.ADMINISTRATION) as conn:
        conn.execute(query.encode(), params)


def plan(
    home: Home,
    person: UUID,
    duty: str = "telemonitoring_nurse",
    starts: str = "08:00",
    ends: str = "20:00",
    *,
    weekdays: Iterable[int] = range(7),
    on_holidays: str = "as_usual",
) -> UUID:
    """Plan a weekly shift in the centre of a home; return it."""
    shift = uuid4()
    put(
        "insert into alerts.shift (id, organisation, person, duty, weekdays, starts, ends,"
        " on_holidays, first_on, made_by, made_at) values (%(id)s, %(centre)s, %(person)s,"
        " %(duty)s, %(weekdays)s, %(starts)s, %(ends)s, %(on_holidays)s, '2020-01-01', %(by)s,"
        " now())",
        {
            "id": shift,
            "centre": home.care.centre,
            "person": person,
            "duty": duty,
            "weekdays": list(weekdays),
            "starts": starts,
            "ends": ends,
            "on_holidays": on_holidays,
            "by": home.care.nurse.person,
        },
    )
    return shift


def leave(home: Home, person: UUID, day: date, substitute: UUID | None = None) -> None:
    put(
        "insert into alerts.leave (id, organisation, person, first_on, last_on, substitute,"
        " noted_by, noted_at) values (%(id)s, %(centre)s, %(person)s, %(day)s, %(day)s,"
        " %(substitute)s, %(person)s, now())",
        {
            "id": uuid4(),
            "centre": home.care.centre,
            "person": person,
            "day": day,
            "substitute": substitute,
        },
    )


def accept_as_gp(home: Home, hours: str) -> None:
    accept(home, home.care.gp.person, hours)


def accept(home: Home, person: UUID, hours: str) -> None:
    """Let a GP or a home nurse accept to be called."""
    put(
        "insert into alerts.gp_hours (id, patient_id, gp, hours, accepted_at, noted_by)"
        " values (%(id)s, %(patient)s, %(gp)s, %(hours)s, now(), %(gp)s)",
        {
            "id": uuid4(),
            "patient": home.care.patient,
            "gp": person,
            "hours": hours,
        },
    )


def join_staff(home: Home, name: str, role: str = "telemonitoring_nurse") -> UUID:
    """Give the centre a colleague with a mail address."""
    person = identity.register_person(name)
    identity.give_post(person, home.care.centre, role)
    messages.register_contact(person, "email", f"{name.split()[-1].lower()}@staff.example")
    return person
