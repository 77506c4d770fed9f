"""Workers share a run; one that dies in the middle of a share loses nothing and doubles nothing."""

import os
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from alerts import rescoring_service
from alerts.rescoring_service import begin
from alerts.share_service import work_share
from app.worker import make_celery
from core.doors import close_doors
from tests.as_owner import rows, run
from tests.conftest import Database
from tests.faults.processes import CRASHED, ProcessVictim, app_process, wait_until
from tests.integration.rescoring.period import WELL, Patient, asked, every_eight, patient, shipped
from tests.people import make_centre

PATIENCE_S = 240
"""A worker reads the model once, which a busy machine takes a minute for."""
SHARES = 4
TIMES = 2
LINES = (
    "select count(*), count(distinct (patient_id, asked_at)), count(distinct patient_id)"
    " from alerts.risk where run_id = %s"
)


def small_shares(times: int = TIMES) -> UUID:
    """Begin a run about two patients a share, as of a region of fifty."""
    shipped()
    centre, _ = make_centre()
    people: list[Patient] = [patient(centre) for _ in range(2 * SHARES)]
    for one in people:
        every_eight(one, WELL)
    made = begin(asked(times=times))
    assert isinstance(made, UUID)
    run("delete from alerts.risk_share")
    for number in range(SHARES):
        run(
            "insert into alerts.risk_share (run_id, number, patients) values (%s, %s, %s)",
            made,
            number + 1,
            [one.id for one in people[2 * number : 2 * number + 2]],
        )
    return made


def found(made: UUID) -> tuple[object, ...]:
    return rows(LINES, made)[0]


WHOLE = (2 * SHARES * TIMES, 2 * SHARES * TIMES, 2 * SHARES)


@pytest.fixture
def worker(database: Database, tmp_path: Path) -> Iterator[ProcessVictim]:
    """A Celery worker, not started yet; dead after the test."""
    process = app_process("worker", database.env, tmp_path, ready="celery@")
    process.patience_s = PATIENCE_S
    yield process
    process.kill()


def states(made: UUID) -> list[object]:
    return [
        state for (state,) in rows("select state from alerts.risk_share where run_id = %s", made)
    ]


def in_share(database: Database) -> bool:
    """Tell whether somebody waits at the end of a share, its lines written and not committed."""
    with psycopg.connect(database.dsn("SUPERUSER")) as conn:
        found = conn.execute(
            "select from pg_stat_activity where datname = current_database()"
            " and state = 'idle in transaction' and query like '%audit.event%'"
        )
        return found.fetchone() is not None


def tell() -> None:
    """Wake the workers as the beat does."""
    celery = make_celery()
    with celery.connection_for_write() as connection:
        celery.send_task("alerts.rescore_due", connection=connection)


@pytest.mark.timeout(600)
def test_a_worker_killed_in_a_share_loses_nothing_and_doubles_nothing(
    database: Database, worker: ProcessVictim
) -> None:
    made = small_shares()
    # The first pool process waits inside of its first share, its lines written and not committed.
    worker.env = {**worker.env, "CHEVET_FAILPOINTS": "rescoring.before_commit=sleep:300"}
    worker.start()
    tell()
    wait_until(lambda: in_share(database), PATIENCE_S, f"a share to be worked at\n{worker.tail()}")
    worker.kill()
    assert found(made) == (0, 0, 0)
    assert set(states(made)) == {"waiting"}
    # What it was told is gone with it, or comes twice: the next round tells of all that is left.
    run("update alerts.risk_share set put_out_at = put_out_at - %s", rescoring_service.TOLD_AGAIN)
    worker.env = {k: v for k, v in worker.env.items() if k != "CHEVET_FAILPOINTS"}
    worker.start()
    tell()
    wait_until(
        lambda: set(states(made)) == {"done"}, PATIENCE_S, f"the run to be done\n{worker.tail()}"
    )
    assert found(made) == WHOLE
    wait_until(
        lambda: rows("select state from alerts.risk_run") == [("done",)],
        PATIENCE_S,
        "the run to say so",
    )


def dies(made: UUID, failpoint: str) -> int | None:
    """Let another process do what is left, and die at a point; return how it ended.

    A child of this one: reading the model anew would take longer than the test.
    """

    def work() -> None:
        os.environ["CHEVET_FAILPOINTS"] = failpoint
        while work_share(made) is not None:
            pass

    close_doors()
    child = get_context("fork").Process(target=work)
    child.start()
    child.join()
    return child.exitcode


def test_a_crash_after_some_patients_keeps_none_of_the_share(database: Database) -> None:
    made = small_shares()
    assert work_share(made, 4) == 4
    assert dies(made, "rescoring.in_share=exit@2") == CRASHED
    assert found(made) == (4, 4, 2)
    assert dies(made, "rescoring.after_commit=exit@2") == CRASHED
    assert found(made) == (12, 12, 6)
    assert dies(made, "") == 0
    assert found(made) == WHOLE
    assert rows("select state from alerts.risk_run") == [("done",)]
