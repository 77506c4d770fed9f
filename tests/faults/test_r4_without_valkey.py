"""R4: Celery helps while Valkey is there, and nobody misses it when it is gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Database, Services
from tests.faults.alerting import RED, compare, env_of, make_ward, sentinel_of, settle
from tests.faults.conftest import Report
from tests.faults.processes import ProcessVictim, ServiceVictim, app_process, wait_until
from tests.mailbox import Mailbox

PATIENTS = 50


@pytest.fixture
def valkey(services: Services) -> Iterator[ServiceVictim]:
    victim = ServiceVictim("valkey", services.instance)
    yield victim
    victim.start()


@pytest.fixture
def celery(database: Database, mailbox: Mailbox, tmp_path: Path) -> Iterator[list[ProcessVictim]]:
    env = env_of(database, mailbox)
    both = [app_process(name, env, tmp_path, ready="") for name in ("worker", "beat")]
    yield both
    for process in both:
        process.kill()


@pytest.fixture
def sentinel(database: Database, mailbox: Mailbox, tmp_path: Path) -> Iterator[ProcessVictim]:
    process = sentinel_of(database, mailbox, tmp_path)
    yield process
    process.kill()


@pytest.mark.promise("R4")
def test_workers_alone_judge_and_send_while_valkey_is_there(
    database: Database, celery: list[ProcessVictim], mailbox: Mailbox, report: Report
) -> None:
    ward = make_ward(database, 3)
    for process in celery:
        process.start()
    ward.feed(per_s=100)
    wait_until(lambda: len(mailbox.ids) >= ward.expected, 40, f"mails; {celery[0].tail()}")
    found = compare(ward, mailbox)
    report(f"workers alone: {found}")
    assert found.kept


@pytest.mark.promise("R4")
@pytest.mark.timeout(150)
def test_without_valkey_for_the_whole_run_every_alert_is_sent(
    database: Database,
    valkey: ServiceVictim,
    celery: list[ProcessVictim],
    sentinel: ProcessVictim,
    mailbox: Mailbox,
    report: Report,
) -> None:
    valkey.kill()
    for process in celery:
        process.spawn()
    ward = make_ward(database, PATIENTS)
    sentinel.start()
    ward.feed(per_s=20)
    settle(database, 60)
    found = compare(ward, mailbox)
    waits = [taken.at - min(ward.committed.values()) for taken in mailbox.taken if taken.recipient]
    report(f"Valkey gone: {found}; last mail {max(waits):.1f} s after the first COMMIT")
    assert found.kept
    assert found.expected == PATIENTS * len(RED)
