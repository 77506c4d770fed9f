"""Telling the circle can hold up no alert: whatever is wrong with it, alerts are raised."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from alerts import service as alerts
from coordination.inclusion import notice_service
from coordination.notices import Occasion
from core import clock
from core.settings import settings
from tests.as_owner import rows, run
from tests.integration.alerts.home import Home
from tests.integration.telling.circle import (
    MAILS,
    MINUTE,
    alarm,
    choose,
    close,
    home,
    join,
    tell,
)

__all__ = ["home"]
PATIENCE_SECONDS = 10.0
TABLES = ("coordination.circle_notice", "coordination.circle_bookmark", "coordination.notice")


@contextmanager
def missing(table: str) -> Iterator[None]:
    """A table is not there."""
    name = table.split(".")[1]
    run(f"alter table {table} rename to was_{name}")
    yield
    run(f"alter table coordination.was_{name} rename to {name}")


@contextmanager
def locked(table: str) -> Iterator[None]:
    """Somebody else holds a table, and does not let go."""
    with psycopg.connect(settings().owner_dsn) as conn:
        conn.execute(f"lock table {table} in access exclusive mode".encode())
        gives_up = threading.Timer(PATIENCE_SECONDS, conn.rollback)
        gives_up.start()
        yield
        gives_up.cancel()
        held = conn.info.transaction_status is TransactionStatus.INTRANS
    assert held, "something waited for the table"


@contextmanager
def refusing(table: str) -> Iterator[None]:
    """Every row that is written is refused."""
    run(
        "create function public.refuse() returns trigger language plpgsql as"
        " $$ begin raise exception 'refused'; end; $$"
    )
    run(f"create trigger refuses before insert or update on {table} execute function refuse()")
    yield
    run(f"drop trigger refuses on {table}")


@pytest.fixture
def told_of_all(home: Home) -> Home:
    join(home, "Luc Martin", "carer", "luc@example.org")
    choose(home, "Luc Martin", Occasion.RED, Occasion.STAY, Occasion.CLOSURE)
    return home


def live(home: Home) -> None:
    """An alert is raised, goes up its ladder and is closed; a stay begins."""
    alarm(home)
    assert alerts.escalate_due(clock.now() + 11 * MINUTE).alerts == 1
    close(home)
    run(
        "insert into questionnaires.pause (id, patient_id, reason, starts_at, ends_at, paused_at)"
        " values (%s, %s, 'hospital', now(), now() + interval '3 days', now())",
        uuid4(),
        home.care.patient,
    )


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("fault", [missing, locked, refusing])
def test_an_alert_lives_on_whatever_is_wrong_with_the_notices(
    told_of_all: Home, fault: object, table: str
) -> None:
    with fault(table):  # type: ignore[operator]
        live(told_of_all)
    called = rows("select count(*) from messages.outbox where template = 'message_waiting'")
    assert called[0][0] >= 2
    assert tell(clock.now()) == 3, "and what was missed is told once it is mended"
    assert len(rows(MAILS)) == 3


def test_a_pass_that_fails_leaves_the_bookmark_where_it_was(told_of_all: Home) -> None:
    before = rows("select through from coordination.circle_bookmark")
    alarm(told_of_all)
    with refusing("coordination.notice"), pytest.raises(psycopg.errors.RaiseException):
        notice_service.note_occasions(clock.now())
    assert rows("select through from coordination.circle_bookmark") == before


def test_a_trigger_in_place_of_the_pass_is_noticed(told_of_all: Home) -> None:
    """The deliberate fault: notices are written by a trigger on the life of alerts."""
    run(
        "create function public.at_once() returns trigger language plpgsql security definer as"
        " $$ begin perform coordination.note_occasions(now()); return null; end; $$"
    )
    run(
        "create trigger at_once after insert on alerts.alert_event for each row"
        " execute function at_once()"
    )
    with missing("coordination.circle_bookmark"):
        alerts_before = rows("select count(*) from alerts.alert")
        with pytest.raises(AssertionError):
            live(told_of_all)
        assert rows("select count(*) from alerts.alert") == alerts_before
