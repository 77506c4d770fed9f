"""The one command line. Each command imports only what it needs."""

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from app import (
    accounts_cli,
    audit_cli,
    backup_cli,
    directory_cli,
    proof_cli,
    rescoring_cli,
    rota_cli,
    training_cli,
)
from app.drill_cli import app as drill_app

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Chevet: remote patient telemonitoring and care coordination.",
)


app.add_typer(audit_cli.app, name="audit")
app.add_typer(directory_cli.app, name="directory")
app.add_typer(drill_app, name="drill")
app.add_typer(rescoring_cli.app, name="model")
app.add_typer(rota_cli.app, name="rota")
app.add_typer(training_cli.app, name="training")
accounts_cli.add_to(app)
app.add_typer(backup_cli.app)
proof_cli.add_to(app)


Port = Annotated[int, typer.Option(help="Loopback or public port to listen on.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]


def main() -> None:
    """Run the command line."""
    app()


def stop_on_signal() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


@app.command()
def web(port: Port = 8080, host: Host = "127.0.0.1") -> None:
    """Serve the pages of patients, GPs and professionals, and the HTTP API."""
    from app.serving import serve_http
    from app.startup import refuse_unsafe_start

    refuse_unsafe_start("web")
    from app.web import create_web

    serve_http(create_web(), host=host, port=port)


@app.command()
def console(port: Port = 8081, host: Host = "127.0.0.1") -> None:
    """Serve the monitoring nurse's console."""
    from app.serving import serve_http
    from app.startup import refuse_unsafe_start

    refuse_unsafe_start("console")
    from app.console import create_console

    serve_http(create_console(), host=host, port=port)


@app.command()
def ingest() -> None:
    """Store what gateways send."""
    from app.counters import show_counters
    from app.startup import refuse_unsafe_start
    from ingest.edge.subscriber import run

    refuse_unsafe_start("ingest")
    show_counters()
    run(stop_on_signal())


@app.command()
def sentinel() -> None:
    """Review, alert, escalate, send and seal; needs PostgreSQL and nothing else."""
    from app.counters import show_counters
    from app.sentinel import run
    from app.startup import refuse_unsafe_start

    refuse_unsafe_start("sentinel")
    show_counters()
    run(stop_on_signal())


@app.command()
def auditor() -> None:
    """Watch over the watch: read every open alert again, tell the operator, ping outside."""
    from app.auditor import run
    from app.counters import show_counters
    from app.startup import refuse_unsafe_start

    refuse_unsafe_start("auditor")
    show_counters()
    run(stop_on_signal())


@app.command()
def worker() -> None:
    """Run Celery tasks: the same work as the sentinel, on as many machines as wanted."""
    from app.startup import refuse_unsafe_start
    from app.worker import run_worker

    refuse_unsafe_start("worker")
    run_worker()


@app.command()
def beat() -> None:
    """Wake Celery tasks at their intervals."""
    from app.startup import refuse_unsafe_start
    from app.worker import run_beat

    refuse_unsafe_start("beat")
    run_beat()


@app.command()
def migrate() -> None:
    """Bring the database to this version."""
    from app.startup import refuse_unsafe_start
    from core.migrate import migrate as run_migrations
    from core.settings import settings
    from questionnaires.library_service import install_library

    refuse_unsafe_start("migrate")
    run_migrations(settings().owner_dsn, install_library)
    typer.echo("The database is up to date.")


@app.command()
def db_snapshot() -> None:
    """Write the schema of a migrated database, and the hashes of the migrations, for review."""
    from app.snapshot import write_snapshot

    write_snapshot()


@app.command()
def docs() -> None:
    """Write the generated pages of docs/reference."""
    from app.reference import write

    write()


@app.command()
def decode(
    characteristic: Annotated[
        str, typer.Argument(help="A 16-bit UUID such as 2A5F, a name, or a maker's frame.")
    ],
    frames: Annotated[list[str], typer.Argument(help="Frames, or one frame byte by byte, in hex.")],
) -> None:
    """Print what is in each Bluetooth frame, or why it is refused, as JSON lines."""
    import json
    import os
    from zoneinfo import ZoneInfo

    from core import clock
    from devices.decode import explain, find, known_names
    from devices.observing import Reception

    kind = find(characteristic)
    if kind is None:
        typer.echo(f"Unknown: {characteristic}. Known: {', '.join(known_names())}", err=True)
        raise typer.Exit(2)
    zone = ZoneInfo(os.environ.get("CHEVET_TIME_ZONE", "Europe/Paris"))
    byte_by_byte = all(len(frame) == 2 for frame in frames)
    for frame in ["".join(frames)] if byte_by_byte else frames:
        heard = Reception(device="-", received_at=clock.now(), zone=zone)
        typer.echo(json.dumps(explain(kind, frame, heard), ensure_ascii=False))


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="Recorded vitals, CSV or CSV.gz.", exists=True)],
    speed: Annotated[
        float, typer.Option(help="Recorded seconds played in one second; 0 = as fast as it goes.")
    ] = 0.0,
    patients: Annotated[int, typer.Option(help="At most so many patients; 0 = all.")] = 0,
) -> None:
    """Play recorded vitals of many patients through a gateway, MQTT and all that follows."""
    from app.replay import replay_file

    for line in replay_file(file, speed=speed, most=patients):
        typer.echo(line)


@app.command()
def compare(
    file: Annotated[Path, typer.Argument(help="PhysioNet 2019 rows, CSV or CSV.gz.", exists=True)],
) -> None:
    """Compare the shipped prescription with fixed thresholds alone, on recorded patients."""
    from app.comparison_file import compare_file

    for line in compare_file(file):
        typer.echo(line)


@app.command()
def demo() -> None:
    """Show the whole thread: a patient at home deteriorates and people are called."""
    from app.demo.play import play

    raise typer.Exit(play())


@app.command()
def demo_check() -> None:
    """Play the demonstration without a terminal, assert each step, print the delays."""
    from app.demo.check import check

    raise typer.Exit(check())


@app.command()
def code(
    secret: Annotated[str, typer.Argument(help="The secret that the demonstration printed.")],
) -> None:
    """Tell the six digits a code application would show now, as a second factor is asked for."""
    from app.demo.territory import code_now

    try:
        typer.echo(code_now(secret))
    except ValueError as error:
        typer.echo("This is not the secret of a code application.", err=True)
        raise typer.Exit(2) from error


@app.command()
def push_keys() -> None:
    """Make the key of notifications; the browsers of before need another if it changes."""
    from messages.edge.push import new_private_key

    typer.echo(f"CHEVET_VAPID_PRIVATE_KEY={new_private_key()}")
    typer.echo("CHEVET_VAPID_SUBJECT=mailto:whoever-answers-for-it@your.domain")


@app.command()
def doctor() -> None:
    """Say what runs, in which version and under which licence."""
    from app.doctor import examine

    raise typer.Exit(examine(typer.echo))


@app.command()
def explain(
    person: Annotated[str, typer.Option(help="Sign-in name of the person.")],
    patient: Annotated[str, typer.Option(help="Id of the record.")],
    permission: Annotated[str, typer.Option(help="A right, such as notes:read.")],
) -> None:
    """Say why a person may, or may not, do something with a record; the question is audited."""
    from app.explain import explain as answer

    raise typer.Exit(answer(person, patient, permission, typer.echo))


if __name__ == "__main__":
    main()
