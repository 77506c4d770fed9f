"""The commands of a training territory."""

import typer

app = typer.Typer(no_args_is_help=True, help="A training territory, apart from real people.")


@app.command("load")
def training_load() -> None:
    """Load a training territory: invented people, apart from real ones, and their accounts."""
    from app.training import load

    raise typer.Exit(load(typer.echo))


@app.command("reset")
def training_reset() -> None:
    """Remove all that was done in the training territory, and load it anew."""
    from app.training import reset

    raise typer.Exit(reset(typer.echo))


@app.command("status")
def training_status() -> None:
    """Count the training territory and the real one, each apart."""
    from app.training import status

    raise typer.Exit(status(typer.echo))
