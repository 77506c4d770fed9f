"""Fault suites run on services of their own, which they may kill."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.conftest import Database, Services
from tests.faults.alerting import sentinel_of
from tests.faults.processes import ProcessVictim, ServiceVictim, app_process
from tests.faults.sessions import forget_session
from tests.homes import Home, furnish, make_credentials
from tests.mailbox import Mailbox, open_mailbox

Report = Callable[[str], None]


@pytest.fixture(scope="session")
def instance() -> str:
    """The instance that fault suites break."""
    return os.environ.get("CHEVET_FAULTS_INSTANCE", "faults")


@pytest.fixture
def home(database: Database, services: Services) -> Home:
    """A furnished home with a gateway of its own."""
    gateway = f"gw-{uuid4().hex[:8]}"
    return furnish(gateway, make_credentials(services.instance, [gateway])[gateway])


@pytest.fixture
def postgres(services: Services) -> ServiceVictim:
    """The database server."""
    return ServiceVictim("postgres", services.instance)


@pytest.fixture
def broker(services: Services) -> ServiceVictim:
    """The MQTT broker."""
    return ServiceVictim("mosquitto", services.instance)


@pytest.fixture
def ingest(database: Database, tmp_path: Path) -> Iterator[ProcessVictim]:
    """The ingest process, not started yet; dead after the test."""
    forget_session(database.env, slot=0)
    process = app_process("ingest", database.env, tmp_path, ready="ingest_subscribed")
    yield process
    process.kill()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A real SMTP server that keeps what it was given."""
    with open_mailbox() as box:
        yield box


@pytest.fixture
def sentinel(
    database: Database, clock_file: Path, mailbox: Mailbox, tmp_path: Path
) -> Iterator[ProcessVictim]:
    """The sentinel on the test clock, not started yet; dead after the test."""
    assert clock_file.exists()
    process = sentinel_of(database, mailbox, tmp_path)
    yield process
    process.kill()


@pytest.fixture
def reviewers(database: Database, tmp_path: Path) -> Iterator[tuple[ProcessVictim, ...]]:
    """The sentinel and a Celery worker, not started yet; dead after the test."""
    processes = (
        app_process("sentinel", database.env, tmp_path, ready="sentinel_started"),
        app_process("worker", database.env, tmp_path, ready="celery@"),
    )
    yield processes
    for process in processes:
        process.kill()


@pytest.fixture
def report(
    record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]
) -> Report:
    """Print the figures of a run, seed included, whether it passes or not."""

    def say(counts: str) -> None:
        record_property("counts", counts)
        with capsys.disabled():
            print(f"\n{counts}")

    return say
