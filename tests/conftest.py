"""What every test shares: the services of an instance, and a fresh migrated database each."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings as chances

from tests.clones import Clones
from tests.passwords import hash_lightly

ROOT = Path(__file__).parent.parent
SEALING_KEY = "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="
OUT_OF_THE_WAY = {
    # What a test asks in a second, a person asks in an hour; tests of the bounds set their own.
    "CHEVET_REQUESTS_PER_MINUTE": "1000000",
    "CHEVET_ATTEMPTS_PER_MINUTE": "1000000",
    "CHEVET_ALLOWED_HOSTS": "testserver",
    # Without terms of use in force nobody has to accept any; their own tests put some in force.
    "CHEVET_TERMS_FOLDER": "/nowhere",
}
# How fast is measured elsewhere: on a busy machine 200 ms for an example is a toss of a coin.
chances.register_profile("unhurried", deadline=None)
chances.load_profile("unhurried")
LOGINS = ("OWNER", "APP", "WORKER", "INGEST", "GATE", "SUPERUSER")


@dataclass(frozen=True)
class Services:
    """Addresses of one instance of the services, as its env file gives them."""

    instance: str
    env: dict[str, str]


@dataclass(frozen=True)
class Database:
    """One test's own database; `dsn("APP")` is the connection of that login role."""

    name: str
    env: dict[str, str]

    def dsn(self, login: str) -> str:
        return self.env[f"CHEVET_{login}_DSN"]


def read_env(instance: str) -> dict[str, str]:
    """Bring an instance up (fast when it is) and return its settings."""
    subprocess.run(
        [ROOT / "scripts/services", "up", "--instance", instance],
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    lines = (ROOT / ".state" / instance / "env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


@pytest.fixture(scope="session")
def instance() -> str:
    """Name of the instance of services these tests use; fault suites override it.

    Tests that run side by side have one instance each: a trail is sealed, a queue is emptied and
    a broker is restarted for a whole instance.
    """
    name = os.environ.get("CHEVET_TEST_INSTANCE", "test")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    return name if worker == "gw0" else f"{name}-{worker}"


@pytest.fixture(scope="session")
def services(instance: str) -> Services:
    """The running services."""
    return Services(instance, read_env(instance))


@pytest.fixture(scope="session")
def template(services: Services) -> str:
    """A migrated database to clone, made once per content of the migrations."""
    from core.migrate import migrate, sql_fingerprint
    from questionnaires.library_service import install_library, library_fingerprint

    name = f"template_{sql_fingerprint()[:16]}_{library_fingerprint()[:8]}"
    import psycopg

    with psycopg.connect(services.env["CHEVET_SUPERUSER_DSN"], autocommit=True) as conn:
        conn.execute("select pg_advisory_lock(4711)")
        exists = conn.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
        if not exists:
            half = f"{name}_half"
            conn.execute(f"drop database if exists {half} with (force)")
            conn.execute(f"create database {half} owner chevet_owner template template1")
            dsn = services.env["CHEVET_OWNER_DSN"].rsplit("/", 1)[0] + f"/{half}"
            migrate(dsn, install_library)
            _stop_background_workers(services.env["CHEVET_SUPERUSER_DSN"], half)
            conn.execute(f"alter database {half} rename to {name}")
    return name


def _stop_background_workers(superuser_dsn: str, database: str) -> None:
    import psycopg

    with psycopg.connect(superuser_dsn.rsplit("/", 1)[0] + f"/{database}", autocommit=True) as conn:
        conn.execute("select _timescaledb_functions.stop_background_workers()")


@pytest.fixture(scope="session")
def clones(services: Services, template: str) -> Iterator[Clones]:
    """Clones of the template, the next one made while a test runs."""
    in_memory = "CHEVET_IN_MEMORY" in services.env
    with Clones(services.env["CHEVET_SUPERUSER_DSN"], template, in_memory=in_memory) as made:
        yield made


@pytest.fixture
def database(
    services: Services, clones: Clones, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Database]:
    """A database of the test's own, reached through the doors; gone afterwards."""
    with cloned_database(services, clones, monkeypatch, tmp_path) as made:
        yield made


@pytest.fixture
def quiet(database: Database, clones: Clones) -> None:
    """No transaction beside the test's own: a trail is sealed up to the oldest of the server."""
    clones.settle()


@contextmanager
def cloned_database(
    services: Services, clones: Clones, monkeypatch: pytest.MonkeyPatch, state: Path
) -> Iterator[Database]:
    """Take a clone of the template, lead the doors to it, and drop it afterwards."""
    import psycopg

    from core.doors import close_doors
    from core.settings import settings

    name = clones.take()
    env = {
        **services.env,
        **OUT_OF_THE_WAY,
        "CHEVET_PROFILE": "test",
        "CHEVET_STATE_DIR": str(state),
        "CHEVET_SEALING_KEY": SEALING_KEY,
    }
    for login in LOGINS:
        key = f"CHEVET_{login}_DSN"
        env[key] = env[key].rsplit("/", 1)[0] + f"/{name}"
    for key, value in env.items():
        monkeypatch.setenv(key, value)
    hash_lightly(monkeypatch)
    close_doors()
    settings.cache_clear()
    with psycopg.connect(env["CHEVET_OWNER_DSN"]) as conn:
        conn.execute(f"revoke all on database {name} from public")
        conn.execute(
            f"grant connect on database {name} "
            "to chevet_app, chevet_worker, chevet_ingest, chevet_gate"
        )
    yield Database(name, env)
    close_doors()
    settings.cache_clear()
    clones.drop(name)


@pytest.fixture
def clock_file(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test clock: write an offset in seconds into it and every process moves."""
    path = tmp_path / "clock"
    path.write_text("0")
    monkeypatch.setenv("CHEVET_CLOCK_FILE", str(path))
    return path


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run choose the tests behind one promise, or list them all."""
    parser.addoption("--promise", default=None, help="run only the tests behind this promise")
    parser.addoption("--list-promises", action="store_true", help="print which test proves what")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of the chosen promise; print the list when asked."""
    wanted = config.getoption("--promise")
    listing = config.getoption("--list-promises")
    kept, dropped = [], []
    for item in items:
        names = {str(name) for mark in item.iter_markers("promise") for name in mark.args}
        if listing:
            for name in sorted(names):
                print(f"PROMISE {name} {item.nodeid}")
        (kept if wanted is None or wanted in names else dropped).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept
