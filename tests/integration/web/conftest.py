"""The web application on a database of the test's own, and browsers without a screen."""

from collections.abc import Iterator
from functools import lru_cache

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from core.settings import settings
from tests.conftest import Database
from tests.integration.web.scene import ORIGIN, NewClient, Scene, give_password, make_scene
from tests.mailbox import Mailbox, open_mailbox


@lru_cache
def the_web() -> FastAPI:
    """The application, once: working out its routes takes longer than most tests do."""
    from app.web import create_web

    return create_web()


@pytest.fixture
def new_client(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[NewClient]:
    """Make browsers of the application, each with its own cookies."""
    monkeypatch.setenv("CHEVET_COOKIE_SECURE", "false")
    settings.cache_clear()
    web = the_web()
    web.middleware_stack = None  # what counts and remembers stands there, and starts anew
    clients: list[TestClient] = []

    def make() -> TestClient:
        client = TestClient(web, headers={"origin": ORIGIN}, raise_server_exceptions=False)
        clients.append(client)
        return client

    yield make
    web.dependency_overrides.clear()  # a deliberate fault ends with the test that made it
    for client in clients:
        client.close()


@pytest.fixture
def scene(new_client: NewClient) -> Scene:
    """A patient with a red alert, and everybody's accounts."""
    return make_scene()


@pytest.fixture
def half(scene: Scene, new_client: NewClient) -> TestClient:
    """The GP's browser after the password."""
    client = new_client()
    give_password(client, "gp")
    return client


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch, new_client: NewClient) -> Iterator[Mailbox]:
    """A provider that takes over what is sent."""
    with open_mailbox() as box:
        monkeypatch.setenv("CHEVET_SMTP_PORT", str(box.port))
        monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "operator@example.org")
        settings.cache_clear()
        yield box
