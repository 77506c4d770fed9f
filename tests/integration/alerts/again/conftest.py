"""A home whose patient can be asked by text message, and the provider of these."""

from collections.abc import Iterator

import pytest

from core.settings import settings
from tests.conftest import Database
from tests.integration.alerts.again.asked import reachable_home
from tests.integration.alerts.home import (
    Home,
)
from tests.mailbox import open_mailbox
from tests.sms_provider import SmsProvider, open_sms_provider


@pytest.fixture
def sms(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmsProvider]:
    with open_sms_provider() as gateway, open_mailbox() as box:
        monkeypatch.setenv("CHEVET_SMS_URL", gateway.url)
        monkeypatch.setenv("CHEVET_SMTP_PORT", str(box.port))
        settings.cache_clear()
        yield gateway


@pytest.fixture
def home(sms: SmsProvider) -> Home:
    return reachable_home()
