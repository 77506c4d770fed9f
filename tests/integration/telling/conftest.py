"""A watched patient whose nurse is reached by mail, text message and notification."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from alerts import service as alerts
from alerts.telling import ToldPerson
from alerts.views import AlertPage
from core import clock
from core.access import Permission
from core.doors import Actor
from core.settings import settings
from core.vitals import Vital
from messages import push_service
from messages import service as messages
from tests.as_owner import rows, run
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home, measure, opened
from tests.integration.messages.conftest import push, push_process
from tests.mailbox import Mailbox, open_mailbox
from tests.push_provider import PushProvider
from tests.sms_provider import SmsProvider, open_sms_provider

__all__ = ["push", "push_process"]
NUMBER = "+33698765432"


@pytest.fixture
def mailbox(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with open_mailbox() as box:
        monkeypatch.setenv("CHEVET_SMTP_PORT", str(box.port))
        settings.cache_clear()
        yield box


@pytest.fixture
def gateways(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[SmsProvider, SmsProvider]]:
    with open_sms_provider() as first, open_sms_provider() as second:
        monkeypatch.setenv("CHEVET_SMS_URL", first.url)
        monkeypatch.setenv("CHEVET_SMS_URL_SECOND", second.url)
        settings.cache_clear()
        yield first, second
        settings.cache_clear()


@dataclass
class Desk:
    """A home, its nurse, and what came to her by each way."""

    home: Home
    mailbox: Mailbox
    gateways: tuple[SmsProvider, SmsProvider]
    push: PushProvider
    _before: int = 0

    @property
    def nurse(self) -> Actor:
        return self.home.care.nurse

    def choose(self, **chosen: object) -> None:
        """Set what the nurse chose, by column."""
        names = ", ".join(chosen)
        run(
            f"insert into messages.preference (party, changed_at, {names}) values (%s, now(),"
            f" {', '.join(['%s'] * len(chosen))})",
            self.nurse.person,
            *chosen.values(),
        )

    def subscribe(self) -> UUID:
        """Let a browser of the nurse take notifications."""
        browser = self.push.browser()
        made = push_service.subscribe(
            self.nurse, browser.endpoint, browser.p256dh, browser.auth, "Téléphone"
        )
        assert made is not None
        return made

    def alarm(self, percent: int = 85, *, at: datetime | None = None) -> datetime:
        """Measure an SpO2 that raises one alert; return when."""
        now = at or clock.now()
        measure(self.home, [(Vital.SPO2, percent, timedelta(0))], now=now)
        assert alerts.review(now).alerts == 1
        return now

    def send(self) -> messages.Sending:
        """Send what is due, as the sentinel does."""
        return messages.send_due(clock.now())

    def notified(self) -> list[dict[str, object]]:
        """What notifications said since the desk was made."""
        return [one.said for one in self.push.taken()[self._before :]]

    def came(self) -> tuple[int, int, int]:
        """How many mails, text messages and notifications came."""
        texts = sum(len(gateway.taken) for gateway in self.gateways)
        return len(self.mailbox.taken), texts, len(self.notified())

    def page(self) -> AlertPage:
        """The page of the patient's one alert, as the nurse sees it."""
        ctx = opened(self.nurse, self.home.care.patient, Permission.ALERTS_READ)
        (line,) = alerts.open_alerts(ctx)
        page = alerts.alert_page(ctx, line.alert_id)
        assert isinstance(page, AlertPage)
        return page

    def first_told(self) -> ToldPerson:
        """Who was called first, and what is known of it."""
        (person,) = self.page().told[0].people
        return person


def outbox() -> list[tuple[object, ...]]:
    """Return channel and state of each message, by channel."""
    return rows("select channel, state from messages.outbox order by channel, id")


@pytest.fixture
def desk(
    database: Database,
    push: PushProvider,
    gateways: tuple[SmsProvider, SmsProvider],
    mailbox: Mailbox,
) -> Desk:
    home = make_home()
    messages.register_contact(home.care.nurse.person, "sms", NUMBER)
    return Desk(home, mailbox, gateways, push, len(push.taken()))
