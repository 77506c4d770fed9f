"""Ingest on the real broker and database, running in a thread of the test."""

import threading
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from ingest.edge.subscriber import run
from tests.conftest import Database, Services
from tests.envelopes import TestGateway
from tests.homes import Home, furnish, make_credentials

HOMES_AT_ONCE = 24


@pytest.fixture(scope="session")
def credentials(services: Services) -> Iterator[tuple[str, str]]:
    """Names and passwords of gateways, a fresh one for each test."""
    prefix = f"gw-{uuid4().hex[:8]}"
    names = [f"{prefix}-{index}" for index in range(HOMES_AT_ONCE)]
    return iter(make_credentials(services.instance, names).items())


@pytest.fixture
def home(database: Database, credentials: Iterator[tuple[str, str]]) -> Home:
    """A furnished home."""
    return furnish(*next(credentials))


@pytest.fixture
def gateway(home: Home, database: Database) -> Iterator[TestGateway]:
    """The home's gateway, connected."""
    client = TestGateway(home.gateway, home.password, database.env)
    yield client
    client.close()


@pytest.fixture
def ingesting(database: Database) -> Iterator[None]:
    """The ingest process's loop, from before the test to after it."""
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(stop,), name="ingest")
    thread.start()
    yield
    stop.set()
    thread.join(15)
    assert not thread.is_alive()


@pytest.fixture
def owner(database: Database) -> Iterator[psycopg.Connection]:
    """The database as its owner sees it."""
    with psycopg.connect(database.dsn("OWNER"), autocommit=True) as conn:
        yield conn


@pytest.fixture
def database_login(database: Database) -> Iterator[psycopg.Connection]:
    """The database as the ingest process sees it."""
    with psycopg.connect(database.dsn("INGEST"), autocommit=True) as conn:
        yield conn
