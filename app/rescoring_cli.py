"""The commands of the model that ask a version again about a past period."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from app.model_cli import Reason, span_of, stop
from app.model_cli import app as app

Run = Annotated[UUID, typer.Argument(help="Id of a run, as `chevet model runs` prints it.")]
MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M"]
Moment = Annotated[datetime, typer.Option(formats=MOMENTS, help="In the time zone of the site.")]


@app.command("keep")
def model_keep(
    file: Annotated[Path, typer.Argument(help="A model file.")],
    reason: Reason,
) -> None:
    """Keep a model without putting it into use, so that it can be asked about a past period."""
    from alerts.model_service import keep
    from scoring.refusal import Refused

    done = keep(file, reason)
    if isinstance(done, Refused):
        stop(done.reason)
    typer.echo(f"{done} is kept.")


@app.command("rescore")
def model_rescore(
    version: Annotated[str, typer.Argument(help="A version that was kept or put into use.")],
    since: Annotated[datetime, typer.Option("--from", formats=MOMENTS, help="First instant.")],
    until: Moment,
    reason: Reason,
    every: Annotated[str, typer.Option(help="Hours between two questions, as 8h.")] = "8h",
    centre: Annotated[str, typer.Option(help="Identifier or FINESS number; all if none.")] = "",
    programme: Annotated[str, typer.Option(help="A profile, as covid-home; all if none.")] = "",
    here: Annotated[bool, typer.Option("--here", help="Do it in this process.")] = False,
) -> None:
    """Ask a version about everybody who was followed in a past period; workers do the shares."""
    from alerts.rescoring import Asked, NotAsked
    from alerts.rescoring_service import begin, centre_of
    from core.i18n import zone
    from core.settings import settings

    place = zone(settings().time_zone)
    organisation = centre_of(centre) if centre else None
    if centre and organisation is None:
        stop(f"--centre: there is no organisation {centre}")
    asked = Asked(
        version=version,
        asked_from=since.replace(tzinfo=place),
        asked_until=until.replace(tzinfo=place),
        every=span_of(every),
        organisation=organisation,
        programme=programme or None,
        reason=reason,
    )
    done = begin(asked)
    if isinstance(done, NotAsked):
        stop(f"{done.field}: {done.reason}")
    typer.echo(str(done))
    if here:
        _work(done)


@app.command("runs")
def model_runs() -> None:
    """Print the runs over past periods and how far they are, the newest first."""
    from alerts.rescoring_service import runs

    for run in runs():
        whom = run.organisation_name or "all"
        period = f"{run.asked_from:%Y-%m-%dT%H:%MZ} - {run.asked_until:%Y-%m-%dT%H:%MZ}"
        hours = int(run.every / timedelta(hours=1))
        typer.echo(
            f"{run.id}  {run.state:9}  {run.done}/{run.shares} shares, {run.failed} failed"
            f"{f' ({run.fault})' if run.fault else ''}, {run.lines} lines  "
            f"{run.version}  {period} every {hours}h  {whom}  {run.programme or ''}  {run.reason}"
        )


@app.command("cancel")
def model_cancel(run: Run) -> None:
    """Stop a run: no share of it is begun any more; the lines there are stay."""
    from alerts.rescoring_service import turn

    if not turn(run, "cancel"):
        stop(f"{run} does not run")
    typer.echo(f"{run} is cancelled.")


@app.command("resume")
def model_resume(
    run: Run,
    here: Annotated[bool, typer.Option("--here", help="Do it in this process.")] = False,
) -> None:
    """Let a cancelled run go on, and try again what failed; with --here also what merely waits."""
    from alerts.rescoring_service import turn

    if not turn(run, "resume") and not here:
        stop(f"{run} has nothing to resume")
    if here:
        _work(run)
    else:
        typer.echo(f"{run} goes on.")


@app.command("beside")
def model_beside(
    run: Run,
    other: Annotated[UUID | None, typer.Argument(help="Another; the live lines if none.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="A table instead of JSON.")] = False,
) -> None:
    """Print a run and another, or the live lines, side by side, and what came true."""
    from alerts.beside import as_json, as_table
    from alerts.rescoring_service import compare
    from core.spreadsheet import to_csv

    found = compare(run, other)
    if found is None:
        stop("there is no such run")
    typer.echo(to_csv(as_table(found)) if csv else json.dumps(as_json(found), indent=1), nl=not csv)


def _work(run: UUID) -> None:
    """Do every share that waits, here, without a broker."""
    from alerts.share_service import work_share

    shares = lines = 0
    while (done := work_share(run)) is not None:
        shares, lines = shares + 1, lines + done
    typer.echo(f"{shares} shares done here, {lines} lines.")
