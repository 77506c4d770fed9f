"""A run is let go on while somebody works at it; a share that cannot be done is given up."""

import psycopg

from alerts.rescoring_service import turn
from core.settings import settings
from tests.as_owner import rows
from tests.conftest import Database
from tests.integration.rescoring.test_killed import small_shares


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
