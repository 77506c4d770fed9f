"""A service open by day, an operator with an address, and a home with the ladder of five roles."""

from collections.abc import Iterator

import pytest

from core.settings import settings
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home
from tests.integration.alerts.on_duty.told import OPERATOR


@pytest.fixture(autouse=True)
def operator(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CHEVET_OPERATOR_MAIL", OPERATOR)
    monkeypatch.setenv("CHEVET_SERVICE_OPENING", "mon-sun 08:00-20:00")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def home(database: Database) -> Home:
    return make_home(ladder="home-five-rungs")
