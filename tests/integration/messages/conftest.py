"""Providers of the channels, each in a process of its own, and people to reach through them."""

from collections.abc import Iterator

import pytest

from core.settings import settings
from messages.edge.push import new_private_key
from tests.conftest import Database
from tests.push_provider import PushProvider, open_push_provider


@pytest.fixture(scope="session")
def push_process() -> Iterator[PushProvider]:
    with open_push_provider() as running:
        yield running


@pytest.fixture
def push(
    database: Database, push_process: PushProvider, monkeypatch: pytest.MonkeyPatch
) -> PushProvider:
    """A service of notifications this installation may speak to."""
    monkeypatch.setenv("CHEVET_VAPID_PRIVATE_KEY", new_private_key())
    monkeypatch.setenv("CHEVET_VAPID_SUBJECT", "mailto:telesuivi@demo.invalid")
    monkeypatch.setenv("CHEVET_PUSH_HOSTS", "127.0.0.1")
    settings.cache_clear()
    push_process.behave("201")
    return push_process
