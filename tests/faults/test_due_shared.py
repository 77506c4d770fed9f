"""A region's due reviews at once: a sentinel and two workers share them, each done exactly once."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from core import clock
from core.vitals import Vital
from tests.conftest import Database
from tests.faults.alerting import env_of
from tests.faults.conftest import Report
from tests.faults.mutation import mutate, run_from
from tests.faults.processes import ProcessVictim, app_process, wait_until
from tests.mailbox import Mailbox

PATIENTS = int(os.environ.get("CHEVET_DUE_PATIENTS", "2000"))
"""A soak takes 20,000."""
PATIENCE_S = 60 + PATIENTS / 20
FEW = 300
JUDGES = ("sentinel", "worker-1", "worker-2")
SEED = """
with made as (
    select gen_random_uuid() as id, n from generate_series(1, %(count)s) n
), party as (
    insert into access.party (id, kind, name, created_at)
    select id, 'person', 'P ' || n, now() from made
), patient as (
    insert into access.patient (id, created_at) select id, now() from made returning id, key
), watched as (
    insert into alerts.prescription (id, patient_id, patient_key, profile_id, profile_version,
        ladder_id, ladder_version, adjustments, usual_values, spo2_scale, prescribed_by, starts_at,
        version)
    select gen_random_uuid(), id, key, 'covid-home', 1, 'home-two-rungs', 1, '[]', '{}', 1, id,
        now() - interval '1 day', 1 from patient
), reading as (
    insert into vitals.reading (measured_at, received_at, patient_key, source, value, vital,
        quality)
    select now() - interval '1 minute', now(), key, 1, 97, %(vital)s, 0 from patient
)
insert into core.due (kind, patient_key, from_time, until_time, received_at)
select 'reading', key, now() - interval '1 minute', now() - interval '1 minute', now()
from patient
"""

WITNESS = """
create table public.judged_by (process text not null);
create function public.note_judge() returns trigger language plpgsql security definer as $$
begin
    insert into public.judged_by values (current_setting('witness.name'));
    return null;
end;
$$;
create trigger witness after insert on alerts.assessment
    for each row execute function public.note_judge();
"""
"""Notes which process judged, by a setting that libpq gives its connections."""


@pytest.fixture
def judges(database: Database, mailbox: Mailbox, tmp_path: Path) -> Iterator[list[ProcessVictim]]:
    """A sentinel, two workers, and what wakes the workers."""
    found = [
        app_process(
            name.split("-")[0],
            {**env_of(database, mailbox), "PGOPTIONS": f"-c witness.name={name}"},
            tmp_path / name,
            ready="sentinel_started" if name == "sentinel" else "",
        )
        for name in (*JUDGES, "beat")
    ]
    for process in found:
        process.log.parent.mkdir()
    yield found
    for process in found:
        process.kill()


def seed(database: Database, patients: int) -> None:
    with psycopg.connect(database.dsn("SUPERUSER")) as conn:
        conn.execute(WITNESS.encode())
        conn.execute("set session_replication_role = replica")
        conn.execute(SEED.encode(), {"count": patients, "vital": int(Vital.SPO2)})
        conn.commit()
        conn.autocommit = True
        conn.execute("vacuum analyze")


@dataclass(frozen=True, slots=True)
class Shared:
    """How many reviews there were, of how many patients, and how many each process did."""

    reviews: int
    patients: int
    by: dict[str, int]
    seconds: float


def share(database: Database, judges: list[ProcessVictim], patients: int) -> Shared:
    """Let everybody judge a region whose patients are all due at once."""
    seed(database, patients)
    for process in reversed(judges):
        process.start()
    with psycopg.connect(database.dsn("SUPERUSER"), autocommit=True) as conn:

        def done() -> bool:
            return conn.execute("select from core.due limit 1").fetchone() is None

        began = clock.monotonic()
        wait_until(done, PATIENCE_S, "all of the region to be judged")
        seconds = clock.monotonic() - began
        counted = "select count(*), count(distinct patient_id) from alerts.assessment"
        ((reviews, judged),) = conn.execute(counted).fetchall()
        by = conn.execute("select process, count(*) from public.judged_by group by 1").fetchall()
    return Shared(int(reviews), int(judged), {str(name): int(n) for name, n in by}, seconds)


@pytest.mark.promise("R4")
@pytest.mark.timeout(PATIENCE_S + 60)
def test_a_sentinel_and_two_workers_share_a_region_and_judge_nobody_twice(
    database: Database, judges: list[ProcessVictim], report: Report
) -> None:
    found = share(database, judges, PATIENTS)
    report(f"due {PATIENTS}; {found}; {PATIENTS / found.seconds:.0f} a second")
    assert (found.reviews, found.patients) == (PATIENTS, PATIENTS)
    assert set(found.by) == set(JUDGES)


@pytest.mark.timeout(PATIENCE_S + 60)
def test_without_the_lock_of_a_patient_some_are_judged_twice(
    database: Database, judges: list[ProcessVictim], tmp_path: Path, report: Report
) -> None:
    """The deliberate fault, applied from outside."""
    lock = "if not reviewing.lock_patient(conn, patient_key):"
    tree = mutate(tmp_path, "alerts/review_service.py", lock, "if not conn:")
    for process in judges:
        run_from(process, tree)
    found = share(database, judges, FEW)
    report(f"without the lock: due {FEW}; {found}")
    assert found.reviews > found.patients == FEW
