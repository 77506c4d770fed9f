"""A plan at rest: what is asked in a pause waits for nobody, and no pause is without an end."""

from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from core import clock
from core.access import Permission
from questionnaires.plans import pausing_service as pausing
from questionnaires.plans import service as plans
from questionnaires.plans.changing import Change
from questionnaires.plans.changing_service import change_plan
from questionnaires.plans.plan import PauseReason, PlanRefused
from questionnaires.plans.planning_service import plan_days
from tests.conftest import Database
from tests.integration.plans.home import MONDAY, clock_setter, opened, start, states
from tests.integration.plans.test_plans import DAY, READ, WRITE, care
from tests.people import Care

__all__ = ["care"]


def test_days_taken_away_and_given_back(care: Care) -> None:
    plan = start(care.nurse, care.patient, times={"nhs-oximetry-diary": ("09:00",)})
    ctx = opened(care.nurse, care.patient, WRITE)
    assert change_plan(ctx, plan, Change(ends_on=date(2027, 1, 4))) is None
    assert states(care.patient) == [("01-04 08:00", "open"), ("01-05 08:00", "cancelled")]
    assert change_plan(ctx, plan, Change(ends_on="open")) is None
    assert states(care.patient) == [("01-04 08:00", "open"), ("01-05 08:00", "open")]
    assert change_plan(ctx, plan, Change(ends_on=date(2027, 1, 1))) == PlanRefused("dates")


def test_what_is_asked_in_a_pause_waits_for_nobody_and_comes_back(
    care: Care, clock_file: Path
) -> None:
    start(care.nurse, care.patient, times={"nhs-oximetry-diary": ("09:00",)})
    ctx = opened(care.nurse, care.patient, WRITE)
    made = pausing.pause(ctx, PauseReason.HOSPITAL, MONDAY, MONDAY + 3 * DAY)
    assert isinstance(made, UUID)
    clock_setter(clock_file)(MONDAY + DAY)
    plan_days(clock.now())
    assert [state for _, state in states(care.patient)] == ["paused"] * 3
    ctx = opened(care.nurse, care.patient, WRITE)
    assert pausing.resume(ctx, made) is None
    assert states(care.patient) == [
        ("01-04 08:00", "paused"), ("01-05 08:00", "open"), ("01-06 08:00", "open"),
    ]  # fmt: skip
    assert pausing.resume(ctx) == PlanRefused("not_paused")


def test_a_pause_ends_by_itself(care: Care, clock_file: Path) -> None:
    start(care.nurse, care.patient, times={"nhs-oximetry-diary": ("09:00",)})
    ctx = opened(care.nurse, care.patient, WRITE)
    assert isinstance(pausing.pause(ctx, PauseReason.HOLIDAY, MONDAY, MONDAY + 2 * DAY), UUID)
    clock_setter(clock_file)(MONDAY + 4 * DAY)
    plan_days(clock.now())
    assert [state for _, state in states(care.patient)] == [*["paused"] * 2, *["open"] * 4]


def test_no_pause_is_without_an_end(care: Care, database: Database) -> None:
    ctx = opened(care.nurse, care.patient, WRITE)
    for start_at, end_at in (
        (MONDAY, MONDAY + 93 * DAY),
        (MONDAY, MONDAY),
        (MONDAY - 2 * DAY, MONDAY - DAY),
    ):
        refused = pausing.pause(ctx, PauseReason.OTHER, start_at, end_at)
        assert refused == PlanRefused("pause")
    start(care.nurse, care.patient, "heart-failure")
    longer = pausing.pause(ctx, PauseReason.OTHER, MONDAY, MONDAY + 40 * DAY)
    assert longer == PlanRefused("pause_by_law")
    with psycopg.connect(database.dsn("OWNER")) as owner:
        for ends_at in (None, "infinity", "2029-01-01"):
            with pytest.raises(psycopg.errors.IntegrityError), owner.transaction():
                owner.execute(
                    "insert into questionnaires.pause (id, patient_id, reason, starts_at, ends_at,"
                    " paused_at) values (%s, %s, 'other', now(), %s, now())",
                    [uuid4(), care.patient, ends_at],
                )


def test_the_law_keeps_the_alert_of_silence_on(care: Care, database: Database) -> None:
    ctx = opened(care.gp, care.patient, WRITE)
    choices = plans.Choices(silence_alert=False)
    assert plans.start_plan(ctx, "heart-failure", choices) == PlanRefused("by_law")
    plan = start(care.gp, care.patient, "heart-failure")
    assert change_plan(ctx, plan, Change(silence_alert=False)) == PlanRefused("by_law")
    with (
        psycopg.connect(database.dsn("OWNER")) as owner,
        pytest.raises(psycopg.errors.CheckViolation),
    ):
        owner.execute("update questionnaires.plan set silence_alert = false")


def test_without_either_lock_of_the_law_the_other_holds(care: Care, database: Database) -> None:
    """The faults: a service that forgets the law, a table that forgets it. Each lock is seen."""
    ctx = opened(care.gp, care.patient, WRITE)
    with psycopg.connect(database.dsn("OWNER"), autocommit=True) as owner:
        plan = start(care.gp, care.patient, "heart-failure")
        owner.execute("alter table questionnaires.plan drop constraint plan_check1")
        assert change_plan(ctx, plan, Change(silence_alert=False)) == PlanRefused("by_law")
        owner.execute("update questionnaires.plan set silence_alert = false")
        with pytest.raises(psycopg.errors.CheckViolation):
            owner.execute(
                "alter table questionnaires.plan add constraint plan_check1"
                " check (silence_alert or not required_by_law)"
            )
        owner.execute("update questionnaires.plan set required_by_law = false")
        assert change_plan(ctx, plan, Change(silence_alert=False)) != PlanRefused("by_law")


def test_a_patient_asks_for_a_pause_and_a_person_answers(care: Care) -> None:
    start(care.nurse, care.patient, times={"nhs-oximetry-diary": ("09:00",)})
    own = opened(care.patient_actor, care.patient, Permission.ANSWERS_WRITE)
    days = (date(2027, 1, 5), date(2027, 1, 9))
    asked = pausing.request_pause(own, PauseReason.HOLIDAY, *days, "Chez ma fille")
    assert isinstance(asked, UUID)
    assert [state for _, state in states(care.patient)] == ["open", "open"]
    ctx = opened(care.nurse, care.patient, WRITE)
    (waiting,) = pausing.pause_requests(opened(care.nurse, care.patient, READ))
    assert waiting.note == "Chez ma fille"
    made = pausing.pause_days(ctx, PauseReason.HOLIDAY, *days, request=asked)
    assert isinstance(made, UUID)
    assert [state for _, state in states(care.patient)] == ["open", "paused"]
    assert pausing.pause_days(ctx, PauseReason.HOLIDAY, *days, request=asked) == (
        PlanRefused("answered")
    )
    assert pausing.refuse_request(ctx, asked) == PlanRefused("answered")
