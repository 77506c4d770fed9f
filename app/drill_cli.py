"""The operator's commands for exercises: start one, read its report."""

from typing import Annotated, TypeVar
from uuid import UUID

import typer

from identity.administration.refused import Refused

Found = TypeVar("Found")

app = typer.Typer(no_args_is_help=True, help="Exercises that prove the whole chain of an alert.")


@app.command("start")
def start(
    organisation: Annotated[str, typer.Argument(help="Identifier or FINESS number.")],
    patient: Annotated[UUID, typer.Argument(help="Id of a fictitious record kept for exercises.")],
    person: Annotated[
        str | None, typer.Option("--for", help="Sign-in name of who must be told and answer.")
    ] = None,
) -> None:
    """Store one red reading of a fictitious record and print the identifier of the exercise."""
    from alerts.drill_service import begin

    typer.echo(_or_exit(begin(organisation, patient, person)))


@app.command("report")
def report(drill: Annotated[UUID, typer.Argument(help="Identifier, as printed.")]) -> None:
    """Print what an exercise has shown so far; the exit status is 1 when it failed."""
    from alerts.drill import Verdict
    from alerts.drill_service import read_any

    found = _or_exit(read_any(drill))
    made = found.report
    typer.echo(f"{found.started_at:%Y-%m-%d %H:%M:%S} UTC  {made.verdict}")
    for line in made.lines:
        at = f"{line.at:%H:%M:%S}" if line.at else "-"
        before = f"before {line.before:%H:%M:%S}" if line.before else ""
        typer.echo(f"  {line.part:<10} {at:<8} {line.met:<7} {before} {line.name or ''}".rstrip())
    for call in made.calls:
        state = call.state or "console"
        typer.echo(f"  {call.role}: {call.name}, {call.channel or 'console'}, {state}")
    if made.verdict is Verdict.FAILED:
        raise typer.Exit(1)


def _or_exit(made: Found | Refused) -> Found:
    if isinstance(made, Refused):
        typer.echo(made.reason, err=True)
        raise typer.Exit(1)
    return made
