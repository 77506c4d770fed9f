"""A provider in a process of its own, and this site registered with it."""

import socket
from collections.abc import Iterator
from uuid import UUID

import pytest

from core.settings import settings
from identity.edge import oidc
from tests.conftest import Database
from tests.integration.web.federation.signing import register_rpps
from tests.integration.web.scene import ORIGIN, NewClient, open_account
from tests.oidc_provider import OidcProvider, professional, run_provider
from tests.people import make_centre


@pytest.fixture(scope="module")
def running() -> Iterator[OidcProvider]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with run_provider(port) as provider:
        yield provider


@pytest.fixture
def provider(
    running: OidcProvider, database: Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OidcProvider]:
    """The provider, and this site registered with it under both names."""
    monkeypatch.setenv("CHEVET_BASE_URL", ORIGIN)
    for prefix in ("PSC", "FC"):
        monkeypatch.setenv(f"CHEVET_{prefix}_ISSUER", running.issuer)
        monkeypatch.setenv(f"CHEVET_{prefix}_CLIENT_ID", "chevet")
        monkeypatch.setenv(f"CHEVET_{prefix}_CLIENT_SECRET", "from-the-environment")
    settings.cache_clear()
    oidc.directory.forget()
    yield running
    running.fault("signature", on=False)


@pytest.fixture
def nurse(provider: OidcProvider, new_client: NewClient) -> UUID:
    """A nurse with an account, known by her RPPS number and at the provider."""
    _, actor = make_centre()
    open_account(actor.person, "nurse")
    register_rpps(actor.person)
    provider.user("ines", **professional())
    return actor.person
