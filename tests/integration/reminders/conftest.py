"""A patient with a plan, a phone and a number, and providers for every channel."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from core import clock
from core.settings import settings
from messages import push_service, receipt_service
from messages import service as messages
from questionnaires.reminders import service as reminders
from tests.as_owner import rows, run
from tests.conftest import Database
from tests.integration.messages.conftest import push, push_process
from tests.integration.plans.home import clock_setter, start
from tests.mailbox import Mailbox, open_mailbox
from tests.people import Care, make_care
from tests.push_provider import PushProvider
from tests.sms_provider import SmsProvider, open_sms_provider

__all__ = ["push", "push_process"]
MONDAY = datetime(2027, 1, 4, 6, 30, tzinfo=UTC)
"""7 h 30 in Paris, before the window of 9 h opens it is 7 h."""
NINE = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
NUMBER = "+33698765432"


@pytest.fixture
def mailbox(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with open_mailbox() as box:
        monkeypatch.setenv("CHEVET_SMTP_PORT", str(box.port))
        settings.cache_clear()
        yield box


@pytest.fixture
def sms(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmsProvider]:
    with open_sms_provider() as gateway:
        monkeypatch.setenv("CHEVET_SMS_URL", gateway.url)
        settings.cache_clear()
        yield gateway


@dataclass
class Ward:
    """Jeanne, whoever follows her, and what came to her by each way."""

    care: Care
    push: PushProvider
    sms: SmsProvider
    mailbox: Mailbox
    clock_file: Path
    _before: int = 0

    def at(self, moment: datetime) -> None:
        """Make it another time for every process, and let what is due be done."""
        clock_setter(self.clock_file)(moment)

    def pass_by(self) -> None:
        """Plan, remind and send until nothing more is due now, as the sentinel does."""
        for _ in range(6):
            now = clock.now()
            reminders.plan_reminders(now)
            moved = reminders.remind_due(now)
            sent = messages.send_due(now, "reminders")
            if not moved and not sent.sent and not sent.retried:
                break

    def go(self, moment: datetime) -> None:
        """Be at a moment and do what is due."""
        self.at(moment)
        self.pass_by()

    def subscribe(self) -> UUID:
        """Let Jeanne's phone take notifications."""
        browser = self.push.browser()
        made = push_service.subscribe(
            self.care.patient_actor, browser.endpoint, browser.p256dh, browser.auth, "Téléphone"
        )
        assert made is not None
        return made

    def notified(self) -> int:
        """How many notifications came since the ward was made."""
        return len(self.push.taken()) - self._before

    def acknowledge(self) -> None:
        """Post the receipt of the last notification, as the service worker does."""
        said = self.push.taken()[-1].said
        assert receipt_service.note_receipt(UUID(said["id"]), said["receipt"], opened=False)

    def task_at(self, occasion: datetime) -> UUID:
        """Return Jeanne's task of an occasion."""
        found = rows(
            "select id from questionnaires.task where patient_id = %s and occasion = %s",
            self.care.patient,
            occasion,
        )
        ((task,),) = found
        assert isinstance(task, UUID)
        return task

    def outcomes(self) -> list[tuple[object, ...]]:
        """Return how far each reminder is, in order."""
        return rows(
            "select number::int, step, outcome from questionnaires.reminder"
            " where patient_id = %s order by next_at, number",
            self.care.patient,
        )


@pytest.fixture
def ward(
    database: Database, clock_file: Path, push: PushProvider, sms: SmsProvider, mailbox: Mailbox
) -> Ward:
    care = make_care()
    made = Ward(care, push, sms, mailbox, clock_file, len(push.taken()))
    made.at(MONDAY)
    start(care.nurse, care.patient)
    run("update identity.patient set phone = '06 98 76 54 32' where patient_id = %s", care.patient)
    messages.register_contact(care.patient, "email", "jeanne@maison.example")
    return made


def after(seconds: float) -> datetime:
    """Return a moment so long after nine."""
    return NINE + timedelta(seconds=seconds)
