"""Asking about the model waits for no lock, and what follows it in a review may wait as ever."""

from datetime import timedelta

import pytest

from alerts.store.risks import ask_model
from core import clock
from core.doors import Service, serving
from tests.conftest import Database
from tests.integration.alerts.home import make_home


@pytest.mark.promise("R5")
def test_the_commit_of_a_review_is_not_bounded_by_what_asks_the_model(database: Database) -> None:
    """COMMIT waits for the turn of its notifications, by whatever bound is set then."""
    home, now, none = make_home(), clock.now(), timedelta()
    with serving(Service.REVIEW) as conn:
        before = conn.execute(BOUNDS).fetchone()
        with conn.transaction():
            ask_model(
                conn, home.care.patient, home.key, [(now, now)],
                now=now, latest=now, oldest=now, lateness=none, most=1,
            )  # fmt: skip
        assert conn.execute(BOUNDS).fetchone() == before


BOUNDS = "select current_setting('lock_timeout'), current_setting('statement_timeout')"
