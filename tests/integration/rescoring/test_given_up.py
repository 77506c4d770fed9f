"""A run is let go on while somebody works at it; a share that cannot be done is given up."""

from collections.abc import Iterator

import psycopg
import pytest

from alerts.rescoring_service import turn
from alerts.share_service import GIVEN_UP, MOST_ATTEMPTS, work_share
from core.settings import settings
from tests.as_owner import rows, run
from tests.conftest import Database
from tests.faults.processes import CRASHED
from tests.integration.rescoring.test_killed import dies, small_shares


def test_letting_a_run_go_on_waits_for_no_share(database: Database) -> None:
    made = small_shares()
    assert turn(made, "cancel")
    with (
        psycopg.connect(settings().owner_dsn) as working,
        psycopg.connect(settings().owner_dsn) as clicking,
    ):
        working.execute(
            "select from alerts.risk_share where run_id = %s and number = 1 for update", [made]
        )
        clicking.execute("set lock_timeout = '500ms'")
        found = clicking.execute("select alerts.turn_run(%s, 'resume')", [made]).fetchone()
    assert found == (True,)
    assert rows("select state from alerts.risk_run") == [("running",)]


@pytest.fixture
def broken_off(database: Database) -> Iterator[None]:
    """The database breaks off whoever writes a line, as where a statement takes too long."""
    run(
        "create function alerts.break_off() returns trigger language plpgsql as"
        " $$ begin raise query_canceled; end $$"
    )
    run("create trigger break_off before insert on alerts.risk execute function alerts.break_off()")
    yield
    run("drop function alerts.break_off cascade")


@pytest.mark.usefixtures("broken_off")
def test_a_share_that_is_always_broken_off_is_given_up_and_may_be_tried_again() -> None:
    made = small_shares()
    share = "select state, attempts, failed from alerts.risk_share where number = 1"
    for attempt in range(1, MOST_ATTEMPTS + 1):
        with pytest.raises(psycopg.OperationalError):
            work_share(made, 1)
        assert rows(share) == [("waiting", attempt, None)]
    assert work_share(made, 1) == 0
    assert rows(share) == [("failed", MOST_ATTEMPTS, GIVEN_UP)]
    assert work_share(made, 1) is None
    assert turn(made, "resume")
    assert rows(share) == [("waiting", 0, None)]


def test_a_share_that_kills_whoever_works_at_it_is_given_up(database: Database) -> None:
    made = small_shares()
    for _ in range(MOST_ATTEMPTS):
        assert dies(made, "rescoring.in_share=exit@1") == CRASHED
    assert work_share(made) == 0
    found = rows("select number, state, attempts from alerts.risk_share order by number")
    assert found == [(1, "failed", 3), (2, "waiting", 0), (3, "waiting", 0), (4, "waiting", 0)]
    assert work_share(made) == 4
