"""The commands that prove a promise or measure a goal."""

from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Add the commands to the one command line."""
    for command in (promise, promises, bench):
        app.command()(command)


def promise(name: Annotated[str, typer.Argument(help="R1 to R15, S1 to S14.")]) -> None:
    """Run the tests behind one promise; the exit status says kept or broken."""
    from app.promises import keep

    raise typer.Exit(keep(name))


def promises() -> None:
    """List every promise and what stands behind it."""
    from app.promises import table

    for line in table():
        typer.echo(line)


def bench(name: Annotated[str, typer.Argument(help="Name of a benchmark.")]) -> None:
    """Measure one thing against a baseline in the same run; the exit status says the goal."""
    from app.bench import run_bench

    raise typer.Exit(run_bench(name))
