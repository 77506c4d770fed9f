"""20,000 patients asked three times a day: planning a day, and finding who is silent.

Times are those the issue of a busy region allows; plans and counts are asserted beside, so that a
fast machine hides no scan.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from core import clock
from core.doors import Service, serving
from core.sqlfile import load_queries
from questionnaires.plans.missing_service import missed_due, silent_patients
from questionnaires.plans.planning_service import plan_days
from questionnaires.plans.schedule import schedule_json
from questionnaires.plans.service import programmes
from tests.clones import Clones
from tests.conftest import Services, cloned_database

PATIENTS = 20_000
MORNING = datetime(2027, 1, 4, 4, 0, tzinfo=UTC)
"""Before the first of the three times of the day, in every zone of the seed."""
DAY = timedelta(days=1)
PLAN_SECONDS = 10.0
FIND_SECONDS = 1.0

SEED = """
with made as (
    select gen_random_uuid() as id, gen_random_uuid() as plan, n
    from generate_series(1, %(count)s) n
), party as (
    insert into access.party select id, 'person', 'P ' || n, %(now)s from made
), patient as (
    insert into access.patient (id, created_at) select id, %(now)s from made
), plan as (
    insert into questionnaires.plan (id, patient_id, programme, programme_version, title, zone,
        starts_on, ends_on, high_risk, required_by_law, created_at, created_by)
    select plan, id, 'covid-14', 1, '{}', (array['Europe/Paris', 'Indian/Reunion'])[1 + n %% 2],
        date '2026-12-20' + n %% 14, date '2027-02-20' + n %% 14, n %% 5 = 0, false, %(now)s, id
    from made
)
insert into questionnaires.plan_line (id, plan_id, patient_id, questionnaire, edition, schedule,
    begins_at, planned_through)
select gen_random_uuid(), plan, id, 'nhs-oximetry-diary', %(edition)s, %(schedule)s, %(now)s,
    %(now)s
from made
"""


@pytest.fixture(scope="module")
def owner(
    services: Services, clones: Clones, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """The owner's connection to a region whose plans all begin this morning."""
    (line,) = programmes()["covid-14"].lines
    with (
        pytest.MonkeyPatch.context() as patch,
        cloned_database(services, clones, patch, tmp_path_factory.mktemp("state")) as made,
        psycopg.connect(made.dsn("SUPERUSER"), autocommit=True) as conn,
    ):
        conn.execute("set synchronous_commit = off")
        conn.execute("set session_replication_role = replica")
        conn.execute(
            SEED.encode(),
            {
                "count": PATIENTS,
                "now": MORNING,
                "edition": "x",
                "schedule": schedule_json(line.schedule),
            },
        )
        conn.execute("vacuum analyze")
        yield conn


def seconds(began: float) -> float:
    return clock.monotonic() - began


@pytest.mark.timeout(300)
def test_a_day_of_a_region_is_planned_and_its_silence_found_in_time(
    owner: psycopg.Connection[tuple[object, ...]],
) -> None:
    began = clock.monotonic()
    first = plan_days(MORNING)
    both = seconds(began)
    assert first.tasks == PATIENTS * 6, "three times today and three times tomorrow"
    began = clock.monotonic()
    again = plan_days(MORNING)
    idle = seconds(began)
    assert again.tasks == 0
    began = clock.monotonic()
    day = plan_days(MORNING + DAY)
    planned = seconds(began)
    assert day.tasks == PATIENTS * 3
    owner.execute("analyze questionnaires.task")
    print(f"two days {both:.1f} s, a day {planned:.1f} s, nothing to do {idle:.3f} s")
    assert planned <= PLAN_SECONDS
    assert idle <= 0.5
    assert_rhythms_are_few(owner)
    assert_silence_is_found(owner)


def assert_rhythms_are_few(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """Schedules are worked out once for all who share one, not once a patient."""
    ((count,),) = owner.execute(
        "select count(*) from (select distinct l.schedule, p.zone, p.starts_on, p.ends_on"
        " from questionnaires.plan_line l join questionnaires.plan p on p.id = l.plan_id) x"
    ).fetchall()
    assert count == 14
    ((lacking,),) = owner.execute(
        "select count(*) from questionnaires.plan_line l where (select count(*)"
        " from questionnaires.task t where t.line_id = l.id) <> 9"
    ).fetchall()
    assert lacking == 0


def assert_silence_is_found(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """All but a few have answered; who has not is found by the index of alarms alone."""
    noon = MORNING + timedelta(hours=10, minutes=30)
    owner.execute(
        "update questionnaires.task set state = 'done', done_at = %s, answer_id = gen_random_uuid()"
        " where alarm_at <= %s and hashtext(patient_id::text) %% 100 <> 0",
        [MORNING, noon],
    )
    owner.execute("vacuum analyze questionnaires.task")
    began = clock.monotonic()
    with serving(Service.SILENCE) as conn:
        silent = silent_patients(conn, noon, limit=PATIENTS)
    found = seconds(began)
    assert 50 <= len(silent) <= 600
    began = clock.monotonic()
    with serving(Service.SILENCE) as conn:
        missed = sum(len(missed_due(conn, patient, noon)) for patient in silent)
    marked = seconds(began)
    print(f"{len(silent)} silent found in {found:.3f} s, {missed} deadlines in {marked:.2f} s")
    assert found <= FIND_SECONDS
    assert missed == len(silent)
    with serving(Service.SILENCE) as conn:
        plan = conn.execute(
            b"explain (analyze, buffers) "
            + load_queries("questionnaires.plans")["silent_patients"].encode(),
            {"now": noon, "but": [], "limit": 200},
        ).fetchall()
    told = "\n".join(str(line) for (line,) in plan)
    assert "task_to_alarm" in told, told
    assert "Seq Scan on task" not in told, told
