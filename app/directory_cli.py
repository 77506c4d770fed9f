"""`chevet directory import` and `chevet directory communes`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The national directory of professionals and organisations.")

MOST_SAID = 20


@app.callback()
def directory() -> None:
    """The national directory of professionals and organisations."""


@app.command("import")
def import_(
    source: Annotated[
        Path, typer.Argument(help="A file or folder of FHIR JSON, or a CSV file.", exists=True)
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
) -> None:
    """Import an extract of the directory; says what was refused and why. 1 = something was."""
    from identity.directory_csv import read_csv
    from identity.directory_fhir import read_fhir
    from identity.directory_service import import_directory

    files = sorted(source.glob("*.*")) if source.is_dir() else [source]
    kept = [file for file in files if file.suffix.lower() in (".json", ".csv", ".txt")]
    formats = {"fhir" if file.suffix.lower() == ".json" else "csv" for file in kept}
    if len(formats) != 1:
        typer.echo("Give files of one format: .json, or .csv or .txt.", err=True)
        raise typer.Exit(2)
    (format,) = formats
    read = read_fhir if format == "fhir" else read_csv
    try:
        extract = read((file.name, file.read_text(encoding="utf-8")) for file in kept)
    except (OSError, UnicodeDecodeError) as error:
        typer.echo(f"The files cannot be read: {error}", err=True)
        raise typer.Exit(2) from None
    report = import_directory(extract, format=format, source=source.name, dry_run=dry_run)
    refused = len(report.refused)
    typer.echo(f"{'Dry run. ' if dry_run else ''}created {report.created}, updated", nl=False)
    typer.echo(f" {report.updated}, unchanged {report.unchanged}, ended {report.ended},", nl=False)
    typer.echo(f" closed {report.closed}, refused {refused}")
    for one in report.refused[:MOST_SAID]:
        typer.echo(f"  {one['ref']}: {one['reason']}")
    if refused > MOST_SAID:
        typer.echo(f"  and {refused - MOST_SAID} more, on the page /admin/directory")
    raise typer.Exit(1 if refused else 0)


@app.command("communes")
def communes(
    source: Annotated[
        Path, typer.Argument(help="A CSV of communes with their centres.", exists=True)
    ],
) -> None:
    """Import communes, for distances; says which lines were refused. 1 = one was."""
    from identity.finding.communes import read_communes
    from identity.finding.service import import_communes

    try:
        read = read_communes(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        typer.echo(f"The file cannot be read: {error}", err=True)
        raise typer.Exit(2) from None
    changed = import_communes(read.centres)
    typer.echo(f"communes {len(read.centres)}, new or changed {changed}", nl=False)
    typer.echo(f", refused {len(read.refused)}")
    for line, reason in read.refused[:MOST_SAID]:
        typer.echo(f"  {source.name}:{line}: {reason}")
    raise typer.Exit(1 if read.refused else 0)
