"""One database and one cast for a whole module: only that makes thousands of questions quick."""

from collections.abc import Iterator

import psycopg
import pytest
from starlette.testclient import TestClient

from core.settings import settings
from tests.clones import Clones
from tests.conftest import Database, Services, cloned_database
from tests.security.cast import Cast, make_cast
from tests.security.routes import console
from tests.security.wire import Wire


@pytest.fixture(scope="module")
def module_database(
    services: Services, clones: Clones, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A database of the module's own, reached through the doors."""
    with (
        pytest.MonkeyPatch.context() as patch,
        cloned_database(services, clones, patch, tmp_path_factory.mktemp("state")) as made,
    ):
        patch.setenv("CHEVET_COOKIE_SECURE", "false")
        settings.cache_clear()
        with psycopg.connect(made.dsn("SUPERUSER"), autocommit=True) as conn:
            # Thousands of small transactions: what is lost in a crash of the test is of no matter.
            conn.execute(f"alter database {made.name} set synchronous_commit = off")
        yield made


@pytest.fixture(scope="module")
def cast(module_database: Database) -> Iterator[Cast]:
    """Everybody who may stand before a route."""
    with psycopg.connect(module_database.dsn("OWNER"), autocommit=True) as owner:
        yield make_cast(owner)


@pytest.fixture(scope="module")
def client(module_database: Database) -> Iterator[TestClient]:
    """A browser of pages and console, whose cookies are set anew for each request."""
    with Wire(console(), raise_server_exceptions=False) as browser:
        yield browser
