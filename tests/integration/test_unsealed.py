"""Accesses that nobody seals are an alarm: their age is told, and the operator with it."""

from datetime import timedelta

import psycopg
import pytest

from app.keeping import UNSEALED_SECONDS, _seal
from core import clock
from core.audit.sealing import unsealed_age_seconds
from core.settings import settings
from tests.conftest import Database

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.mark.promise("S10")
def test_an_access_that_stays_unsealed_is_told_to_the_operator_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "operator@example.org")
    settings.cache_clear()
    with psycopg.connect(database.dsn("OWNER")) as forgotten:
        # A transaction left open: nothing after it may be sealed, for it may still write.
        forgotten.execute("select pg_current_xact_id()")
        with psycopg.connect(database.dsn("OWNER")) as conn:
            conn.execute(
                "insert into audit.event (at, service, purpose, action, permission, outcome) "
                "values (%s, 'review', 'a run', 'E', 'service:run', 'success')",
                [clock.now() - timedelta(seconds=UNSEALED_SECONDS + 1)],
            )
        _seal()
        _seal()
        assert unsealed_age_seconds() > UNSEALED_SECONDS
        assert told(database) == ["operator_notice"]
    _seal()
    assert unsealed_age_seconds() == 0


def told(database: Database) -> list[str]:
    with psycopg.connect(database.dsn("OWNER")) as conn:
        rows = conn.execute("select template from messages.outbox").fetchall()
    return [template for (template,) in rows]
