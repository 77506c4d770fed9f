"""`chevet audit …`: verify, export, continue the chain, remove what is too old."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The audit trail: verify it, give it out, keep it.")

INTACT, TAMPERED, NOT_DONE = 0, 1, 2


class Format(StrEnum):
    """How an export is written."""

    FHIR = "fhir"
    SYSLOG = "syslog"


@app.command()
def verify(
    anchors: Annotated[
        list[Path] | None,
        typer.Option(help="File of anchored heads; more than once for more places.", exists=True),
    ] = None,
    quiet: Annotated[bool, typer.Option(help="Say the outcome alone.")] = False,
) -> None:
    """Recompute every link and compare with the anchors: 0 intact, 1 tampered with, 2 not done."""
    import psycopg

    from core.settings import settings

    kept = [place for place in settings().anchor_places() if place.is_file()]
    places: list[Path | None] = [*(anchors or kept)]
    if not places:
        typer.echo("No anchors: a trail whose end was cut off would look intact.", err=True)
        places = [None]
    try:
        for place in places:
            _verify_against(place, quiet)
    except (OSError, psycopg.Error) as error:
        # Not 1: a database that does not answer is no sign of tampering.
        typer.echo(f"not verified: {error}", err=True)
        raise typer.Exit(NOT_DONE) from None


def _verify_against(place: Path | None, quiet: bool) -> None:
    from core.audit.anchors import read_anchors
    from core.audit.verifying import verify_chain

    verdict = verify_chain(
        read_anchors(place) if place else None, (lambda done, of: None) if quiet else _show
    )
    if verdict.problem:
        typer.echo(f"TAMPERED WITH: {verdict.problem}", err=True)
        raise typer.Exit(TAMPERED)
    typer.echo(
        f"intact: {verdict.events} events under {verdict.seals} seals in {verdict.chains} "
        f"chains; {verdict.removed} removed by retention, {verdict.unsealed} not sealed yet; "
        f"{verdict.anchors} anchored heads of {place or 'nowhere'} found"
    )


def _show(done: int, of: int) -> None:
    if done % 1000 == 0:
        typer.echo(f"… {done} of {of} seals", err=True)


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@app.command()
def export(
    since: Annotated[str, typer.Option(help="From this instant or day (ISO 8601; UTC if bare).")],
    until: Annotated[str, typer.Option(help="Up to this instant, itself left out.")],
    format: Annotated[
        Format, typer.Option(help="fhir: a JSON line an event; syslog: RFC 5424.")
    ] = Format.FHIR,
    to: Annotated[
        str,
        typer.Option(help="A file, tcp://host:port or tls://host:port; - is standard output."),
    ] = "-",
) -> None:
    """Give out the events of a span; the export is itself in the trail."""
    from app.audit_export import export_to
    from core.errors import ConfigurationError

    try:
        count = export_to(_instant(since), _instant(until), format.value, to)
    except (ConfigurationError, OSError, ValueError) as error:
        typer.echo(f"not exported: {error}", err=True)
        raise typer.Exit(NOT_DONE) from None
    typer.echo(f"{count} events", err=True)


@app.command("continue")
def continue_(
    reason: Annotated[str, typer.Option(help="Why the chain is ended, as it will be read.")],
    signed_by: Annotated[str, typer.Option(help="Name of the person who answers for it.")],
) -> None:
    """End the chain of seals and begin another, after a restore; needs the owner's connection."""
    from core.audit.continuing import continue_chain
    from core.settings import settings

    try:
        begun = continue_chain(
            settings().owner_dsn, settings().anchor_places(), reason=reason, signed_by=signed_by
        )
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(NOT_DONE) from None
    typer.echo(
        f"chain {begun.number} begins; {begun.sealed} events were sealed at the end of the one "
        f"before, {begun.moved} written since the restore are the first of the new one"
    )


@app.command()
def retain() -> None:
    """Remove sealed ranges older than the setting says; the sentinel does so by itself."""
    from core.audit.continuing import remove_expired
    from core.settings import settings

    seals, events = 0, 0
    while (removed := remove_expired(settings().audit_retention_months)).seals:
        seals, events = seals + removed.seals, events + removed.events
    typer.echo(f"removed {events} events under {seals} seals; the seals stay")
