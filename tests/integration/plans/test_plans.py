"""Plans as people change them and as the planner carries them out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from core import clock
from core.access import Denied, Permission
from core.care import open_record
from core.doors import Service, acting_as, serving
from questionnaires.plans import service as plans
from questionnaires.plans.changing import Change
from questionnaires.plans.changing_service import change_plan
from questionnaires.plans.plan import PlanRefused
from questionnaires.plans.planning_service import plan_days
from tests.conftest import Database
from tests.integration.plans.home import MONDAY, clock_setter, opened, start, states
from tests.people import Care, make_care

READ, WRITE = Permission.ANSWERS_READ, Permission.MONITORING_WRITE
DAY = timedelta(days=1)


@pytest.fixture
def care(database: Database, clock_file: Path) -> Care:
    made = make_care()
    clock_setter(clock_file)(MONDAY)
    return made


def test_a_plan_asks_today_and_tomorrow_at_once_and_each_day_after(
    care: Care, clock_file: Path
) -> None:
    start(care.nurse, care.patient)
    first = [f"01-{day} {hour}" for day in ("04", "05") for hour in ("08:00", "12:00", "16:00")]
    assert states(care.patient) == [(at, "open") for at in first]
    assert plan_days(clock.now()).tasks == 0
    clock_setter(clock_file)(MONDAY + DAY)
    assert plan_days(clock.now()).tasks == 3
    assert plan_days(clock.now()).tasks == 0
    ctx = opened(care.patient_actor, care.patient, READ)
    today = plans.tasks_today(ctx, clock.now())
    assert [f"{task.occasion:%d %H}" for task in today] == ["05 08", "05 12", "05 16"]
    assert today[0].opens_at == today[0].occasion - timedelta(hours=2)
    assert today[0].remind_at[0] == today[0].occasion


def test_a_planner_that_slept_for_days_loses_no_occasion(care: Care, clock_file: Path) -> None:
    start(care.nurse, care.patient)
    clock_setter(clock_file)(MONDAY + 5 * DAY)
    assert plan_days(clock.now()).tasks == 5 * 3
    assert len(states(care.patient)) == 7 * 3


def test_planners_at_once_make_each_task_once(care: Care) -> None:

    start(care.nurse, care.patient)
    later = MONDAY + 3 * DAY
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: plan_days(later).tasks, range(4)))
    assert sum(done) == 9
    assert len(states(care.patient)) == 15


def test_a_plan_ends_with_its_last_day(care: Care, clock_file: Path) -> None:
    plan = start(care.nurse, care.patient, ends_on=date(2027, 1, 5))
    assert len(states(care.patient)) == 6
    clock_setter(clock_file)(MONDAY + 3 * DAY)
    assert plan_days(clock.now()).ended == 0, "deadlines nobody has judged keep it running"
    with serving(Service.SILENCE) as conn:
        conn.execute("update questionnaires.task set state = 'missed', missed_at = now()")
    assert plan_days(clock.now()).ended == 1
    assert plans.stop_plan(opened(care.nurse, care.patient, WRITE), plan, "other") == PlanRefused(
        "ended"
    )


def test_a_change_of_times_takes_the_place_of_what_was_to_come(care: Care) -> None:
    plan = start(care.nurse, care.patient)
    ctx = opened(care.gp, care.patient, WRITE)
    times = {"nhs-oximetry-diary": ("10:00", "20:00")}
    assert change_plan(ctx, plan, Change(times=times)) is None
    open_ones = [at for at, state in states(care.patient) if state == "open"]
    assert open_ones == ["01-04 09:00", "01-04 19:00", "01-05 09:00", "01-05 19:00"]
    assert len(states(care.patient)) == 10
    assert change_plan(ctx, plan, Change(times={"nhs-oximetry-diary": ("26:00",)})) == (
        PlanRefused("times")
    )


def test_a_patient_who_moves_is_asked_by_his_own_clock(care: Care) -> None:
    plan = start(care.nurse, care.patient, times={"nhs-oximetry-diary": ("09:00",)})
    ctx = opened(care.nurse, care.patient, WRITE)
    assert change_plan(ctx, plan, Change(zone="America/Guadeloupe")) is None
    assert [at for at, state in states(care.patient) if state == "open"] == [
        "01-04 13:00", "01-05 13:00",
    ]  # fmt: skip
    assert change_plan(ctx, plan, Change(zone="Mars/Olympus")) == PlanRefused("zone")


def test_an_end_cancels_what_is_open(care: Care) -> None:
    plan = start(care.nurse, care.patient, times={"nhs-oximetry-diary": ("09:00",)})
    ctx = opened(care.nurse, care.patient, WRITE)
    assert plans.stop_plan(ctx, plan, "recovered") is None
    assert [state for _, state in states(care.patient)] == ["cancelled", "cancelled"]
    assert plan_days(clock.now() + 3 * DAY).tasks == 0
    start(care.nurse, care.patient)


def test_an_answer_settles_its_task_once(care: Care) -> None:
    start(care.nurse, care.patient, times={"nhs-oximetry-diary": ("07:00",)})
    own = opened(care.patient_actor, care.patient, Permission.ANSWERS_WRITE)
    first, second = plans.tasks_today(own, clock.now())[0], uuid4()
    with acting_as(own, action="C") as conn:
        for answer in (second, uuid4()):
            conn.execute(
                "insert into questionnaires.answer (id, patient_id, instrument, version, answers,"
                " answered_at, received_at, entered_by, client_key)"
                " values (%s, %s, 'nhs-oximetry-diary', 1, '{}', %s, %s, %s, %s)",
                [answer, care.patient, MONDAY, MONDAY, care.patient, str(answer)],
            )
            state = plans.complete_task(conn, first.id, answer, MONDAY)
            assert state == ("done" if answer == second else None)
    (kept,) = plans.tasks_today(own, clock.now())
    assert (kept.state, kept.answer_id, kept.done_at) == ("done", second, MONDAY)


def test_a_patient_changes_nothing_of_his_plan(care: Care, database: Database) -> None:
    start(care.nurse, care.patient)
    verdict = open_record(care.patient_actor, care.patient, WRITE)
    assert isinstance(verdict, Denied)
    own = opened(care.patient_actor, care.patient, Permission.ANSWERS_WRITE)
    with acting_as(own, action="U") as conn:
        for table in ("plan set ends_on = null", "task set state = 'cancelled'"):
            done = conn.execute(f"update questionnaires.{table}".encode())
            assert done.rowcount == 0


def test_a_schedule_that_cannot_be_read_holds_back_no_other(
    care: Care, database: Database, clock_file: Path
) -> None:
    start(care.nurse, care.patient)
    start(care.nurse, care.patient, "heart-failure")
    with psycopg.connect(database.dsn("OWNER")) as owner:
        owner.execute(
            "update questionnaires.plan_line set schedule = '{\"phases\": 1}'"
            " where questionnaire = 'nhs-oximetry-diary'"
        )
    clock_setter(clock_file)(MONDAY + DAY)
    done = plan_days(clock.now())
    assert (done.tasks, done.failed) == (1, 1)


def test_what_cannot_be_started_says_why(care: Care) -> None:
    ctx = opened(care.nurse, care.patient, WRITE)

    def why(programme: str, **choices: object) -> str:
        made = plans.start_plan(ctx, programme, plans.Choices(**choices))  # type: ignore[arg-type]
        assert isinstance(made, PlanRefused)
        return made.why

    assert why("no-such") == "programme"
    assert why("covid-14", zone="Nowhere") == "zone"
    assert why("covid-14", starts_on=date(2027, 1, 3)) == "dates"
    assert why("covid-14", ends_on=date(2027, 1, 3)) == "dates"
    assert why("covid-14", times={"nhs-oximetry-diary": ("9h",)}) == "times"
    start(care.nurse, care.patient)
    assert why("covid-14") == "running"


def test_the_hour_an_early_answer_was_for_is_not_asked_again(care: Care) -> None:
    plan = start(care.nurse, care.patient, times={"nhs-oximetry-diary": ("07:00",)})
    own = opened(care.patient_actor, care.patient, Permission.ANSWERS_WRITE)
    (task,) = plans.tasks_today(own, clock.now())
    with acting_as(own, action="C") as conn:
        answer = uuid4()
        conn.execute(
            "insert into questionnaires.answer (id, patient_id, instrument, version, answers,"
            " answered_at, received_at, entered_by, client_key)"
            " values (%s, %s, 'nhs-oximetry-diary', 1, '{}', %s, %s, %s, 'k')",
            [answer, care.patient, MONDAY, MONDAY, care.patient],
        )
        assert plans.complete_task(conn, task.id, answer, MONDAY) == "done"
    ctx = opened(care.nurse, care.patient, WRITE)
    assert change_plan(ctx, plan, Change(reminders=False)) is None
    assert states(care.patient) == [
        ("01-04 06:00", "done"), ("01-05 06:00", "cancelled"), ("01-05 06:00", "open"),
    ]  # fmt: skip


def test_programmes_are_whole_and_cite_their_sources() -> None:
    known = plans.programmes()
    assert set(known) == {
        "covid-14", "covid-30", "heart-failure", "respiratory-oxygen", "diabetes",
        "post-discharge",
    }  # fmt: skip
    assert {one.id for one in known.values() if one.required_by_law} == {
        "heart-failure", "diabetes",
    }  # fmt: skip
    assert all(one.status == "proposed" and one.sources for one in known.values())
