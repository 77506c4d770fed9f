"""The operator's commands for the keys of other systems."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from identity.administration.refused import Refused

app = typer.Typer(no_args_is_help=True, help="Keys by which other systems ask.")
Organisation = Annotated[str, typer.Argument(help="Identifier or FINESS number.")]


@app.command("make")
def make(
    organisation: Organisation,
    name: Annotated[str, typer.Option(help="Which system it is for, in words.")],
    scope: Annotated[list[str], typer.Option(help="What it may ask: scoring.")],
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day without it; else a year from now."),
    ] = None,
) -> None:
    """Make a key for another system and print it, once."""
    from core.i18n import zone
    from core.settings import settings
    from identity import key_service

    ends = until.replace(tzinfo=zone(settings().time_zone)) if until else None
    made = key_service.make_key(organisation, name, scope, ends)
    if isinstance(made, Refused):
        _fail(made)
        return
    typer.echo(f"{made.key} until {made.expires_at:%Y-%m-%d}", err=True)
    typer.echo("This is the key. It is shown once and kept nowhere:", err=True)
    typer.echo(made.token)


@app.command("list")
def list_(organisation: Organisation) -> None:
    """Print the keys of an organisation: identifier, state, last day, what for, name."""
    from core import clock
    from identity import key_service

    found = key_service.keys_of(organisation)
    if isinstance(found, Refused):
        _fail(found)
        return
    for one in found:
        state = one.state(clock.now())
        ends = f"{one.ended_at or one.expires_at:%Y-%m-%d}"
        typer.echo(f"{one.key}  {state:7}  {ends}  {','.join(one.scopes)}  {one.name}")


@app.command("end")
def end(key: Annotated[UUID, typer.Argument(help="Its identifier, as `list` prints it.")]) -> None:
    """End a key: the next request with it is refused."""
    from identity import key_service

    ended = key_service.end_key(key)
    if isinstance(ended, Refused):
        _fail(ended)
        return
    typer.echo("Ended.")


def _fail(refused: Refused) -> None:
    typer.echo(refused.reason, err=True)
    raise typer.Exit(1)
