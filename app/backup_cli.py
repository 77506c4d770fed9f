"""`chevet backup`, `chevet restore`, `chevet backup-key`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()

FAILED = 1


@app.command()
def backup_key(
    to: Annotated[Path, typer.Argument(help="Where the private key goes; FILE.pub beside it.")],
) -> None:
    """Make the pair of keys of backups: the private one leaves the server, the public one stays."""
    from app.backup.envelope import fingerprint, load_public, make_keys
    from core.errors import BackupError

    try:
        public = make_keys(to)
    except BackupError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(FAILED) from None
    typer.echo(f"{public}: public key {fingerprint(load_public(public))}, for the server")
    typer.echo(f"{to}: private key; keep it away from the server, in two places: without it no")
    typer.echo("backup can ever be opened again")


@app.command()
def backup(
    to: Annotated[Path, typer.Option(help="A new file, or a folder that gets one.")],
    recipient: Annotated[
        Path | None, typer.Option(help="Public key; CHEVET_BACKUP_RECIPIENT when not given.")
    ] = None,
) -> None:
    """Back up the database and its files, encrypted; needs the owner's connection and pg_dump."""
    from app.backup.making import make_backup
    from core.errors import BackupError
    from core.settings import settings

    key = recipient or settings().backup_recipient
    try:
        if key is None:
            raise BackupError("set CHEVET_BACKUP_RECIPIENT, or give --recipient: a public key")
        made = make_backup(settings().owner_dsn, to, key, typer.echo)
    except (BackupError, OSError) as error:
        typer.echo(f"no backup was made: {error}", err=True)
        raise typer.Exit(FAILED) from None
    size = made.path.stat().st_size
    typer.echo(f"{made.path}: {size} bytes, {len(made.manifest.counts)} tables")
    typer.echo(f"sha256 {made.digest}")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="The backup.", exists=True, dir_okay=False)],
    into: Annotated[str, typer.Option(help="Superuser's connection to an empty database.")],
    key: Annotated[Path, typer.Option(help="Private key that opens the backup.", exists=True)],
    files: Annotated[Path, typer.Option(help="Folder for the anchored heads and other files.")],
    signed_by: Annotated[str, typer.Option(help="Name of the person who answers for it.")],
) -> None:
    """Restore a backup into an empty database and verify rows, rights and the audit chain."""
    import psycopg

    from app.backup.restoring import restore_backup
    from core.errors import BackupError

    try:
        done = restore_backup(file, into, key, files, signed_by=signed_by, say=typer.echo)
    except (BackupError, OSError, psycopg.Error) as error:
        typer.echo(f"not restored: {error}", err=True)
        raise typer.Exit(FAILED) from None
    for problem in done.problems:
        typer.echo(f"PROBLEM: {problem}", err=True)
    typer.echo(
        f"{done.rows} rows in {len(done.manifest.counts)} tables; audit trail: "
        f"{done.verdict.events} events under {done.verdict.seals} seals"
    )
    if done.problems:
        raise typer.Exit(FAILED)
    typer.echo("restored and verified; run `chevet migrate`, then start the processes")
