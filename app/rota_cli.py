"""The operator's commands for who is on duty: shifts, leave, swaps, the hours of GPs."""

from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from alerts.rota.rota import Duty, OnHolidays
from identity.administration.refused import Refused

Organisation = Annotated[str, typer.Argument(help="Identifier or FINESS number.")]
Login = Annotated[str, typer.Argument(help="Sign-in name: the mail address.")]
Patient = Annotated[UUID, typer.Argument(help="Id of the record.")]
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="As 2026-12-24.")]
Hours = Annotated[str, typer.Option(help="As « mon-fri 08:00-19:00 »; never on public holidays.")]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

app = typer.Typer(no_args_is_help=True, help="Who is on duty, and when nobody is.")


@app.command("show")
def show(
    organisation: Organisation,
    days: Annotated[int, typer.Option(min=1, max=31, help="How many days from now.")] = 7,
) -> None:
    """Print who is on duty, and GAP where nobody is."""
    from alerts.planning_service import show as planned

    found = planned(organisation, days)
    if isinstance(found, Refused):
        _done(found)
        return

    def say(at: datetime) -> str:
        return at.astimezone(found.zone).strftime("%a %Y-%m-%d %H:%M")

    for duty in found.duties:
        typer.echo(duty.duty)
        for turn in duty.turns:
            who = found.names.get(turn.person, "") if turn.person else "away: nobody"
            typer.echo(f"  {say(turn.start)} - {say(turn.end)}  {who}  shift {turn.shift.id}")
        for gap in duty.gaps:
            typer.echo(f"  GAP {say(gap.start)} - {say(gap.end)}: nobody is on duty")


@app.command("place")
def place(
    organisation: Organisation,
    zone: Annotated[str, typer.Option(help="Time zone of its shifts.")] = "Europe/Paris",
    holidays: Annotated[str, typer.Option(help="metropole, alsace-moselle …")] = "metropole",
) -> None:
    """Say in which time zone and with which public holidays an organisation plans."""
    from alerts import planning_service

    _done(planning_service.place(organisation, zone, holidays))


@app.command("shift")
def shift(
    organisation: Organisation,
    login: Login,
    duty: Annotated[Duty, typer.Argument(help="The rung it stands on.")],
    starts: Annotated[str, typer.Argument(help="As 08:00, of its own clock.")],
    ends: Annotated[str, typer.Argument(help="As 20:00; not later than the start: next day.")],
    days: Annotated[str, typer.Option(help="As « mon,tue,sat »; all when not given.")] = "",
    on_holidays: Annotated[OnHolidays, typer.Option(help="On public holidays.")] = (
        OnHolidays.AS_USUAL
    ),
    first_on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    last_on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
) -> None:
    """Plan a weekly shift and print its identifier."""
    from alerts import planning_service
    from alerts.rota.rota import Shift
    from core import clock
    from core.ids import new_id
    from core.settings import settings

    now = clock.now()
    wanted = [day.strip() for day in (days or ",".join(DAYS)).split(",")]
    if not set(wanted) <= set(DAYS):
        _done(Refused(f"Days are written: {', '.join(DAYS)}."))
    planned = Shift(
        id=new_id(now),
        person=UUID(int=0),
        duty=duty,
        weekdays=frozenset(DAYS.index(day) for day in wanted),
        starts=_clock(starts),
        ends=_clock(ends),
        on_holidays=on_holidays,
        first_on=_day(first_on) or now.astimezone(ZoneInfo(settings().time_zone)).date(),
        last_on=_day(last_on),
    )
    _done(planning_service.add_shift(organisation, login, planned))
    typer.echo(planned.id)


@app.command("remove")
def remove(shift: Annotated[UUID, typer.Argument(help="Identifier, as shown.")]) -> None:
    """Plan a shift no more."""
    from alerts import planning_service

    _done(planning_service.remove_shift(shift))


@app.command("leave")
def leave(
    organisation: Organisation,
    login: Login,
    first_on: Day,
    last_on: Day,
    substitute: Annotated[str | None, typer.Option(help="Sign-in name of who stands in.")] = None,
) -> None:
    """Note days on which somebody is away; without a substitute they are gaps."""
    from alerts import planning_service

    done = planning_service.add_leave(
        organisation, login, first_on.date(), last_on.date(), substitute
    )
    _done(done)


@app.command("swap")
def swap(
    shift: Annotated[UUID, typer.Argument(help="Identifier, as shown.")], day: Day, login: Login
) -> None:
    """Give one day of a shift to a colleague who has agreed to take it."""
    from alerts import planning_service

    _done(planning_service.swap(shift, day.date(), login))


@app.command("gp")
def gp(patient: Patient, login: Login, hours: Hours = "mon-fri 08:00-19:00") -> None:
    """Note that a GP accepts to be called for alerts of a patient, in which hours."""
    from alerts import planning_service

    _done(planning_service.accept_gp(patient, login, hours))


@app.command("without-gp")
def without_gp(
    patient: Patient,
    substitute: Annotated[str | None, typer.Option(help="Sign-in name of who is called.")] = None,
    hours: Hours = "mon-fri 08:00-19:00",
) -> None:
    """Note that a record is « sans médecin traitant », and who is called in his place."""
    from alerts import planning_service

    _done(planning_service.note_without_gp(patient, substitute, hours))


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no time of day: write it as 08:00.") from None


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _done(made: Refused | None) -> None:
    if made is not None:
        typer.echo(made.reason, err=True)
        raise typer.Exit(1)
