"""Stays marked by hand: what rests goes on by itself, whoever comes home is watched again."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from alerts.silence_service import find_silent
from coordination.inclusion import ending_service, ending_store, notice_service
from coordination.stays import service
from coordination.stays.stay import Act, Said, Stay, Unfit
from core import clock
from core.access import Permission
from core.doors import Actor, acting_as
from identity import service as identity
from questionnaires.plans.planning_service import plan_days
from questionnaires.plans.service import end_plan
from tests.as_owner import mutate, rows, run
from tests.integration.alerts.home import Home, make_home, seen_by_nurse
from tests.integration.alerts.test_drill_shared import merge
from tests.integration.plans.home import MONDAY, SetClock, clock_setter, opened, start, states

PARIS = ZoneInfo("Europe/Paris")
ONCE = {"nhs-oximetry-diary": ("09:00",)}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALARM = datetime(2027, 1, 4, 14, 0, tzinfo=UTC)
"""Of the questions asked at 9 h on that Monday, in UTC."""


@pytest.fixture
def home(clock_file: Path) -> Home:
    """A patient who is asked every morning from MONDAY on."""
    made = make_home()
    clock_setter(clock_file)(MONDAY)
    start(made.care.nurse, made.care.patient, times=ONCE)
    return made


@pytest.fixture
def set_clock(clock_file: Path) -> SetClock:
    return clock_setter(clock_file)


def begin(home: Home, act: Act = Act.ADMITTED, said: Said = Said()) -> Stay:  # noqa: B008
    ctx = opened(home.care.gp, home.care.patient, Permission.STAYS_WRITE)
    assert service.open_stay(ctx, act, said, PARIS) == service.Done()
    return read(home)[0]


def read(home: Home) -> list[Stay]:
    ctx = opened(home.care.nurse, home.care.patient, Permission.STAYS_READ)
    return service.stays(ctx).stays


def mark(home: Home, stay: Stay, act: Act, said: Said = Said(), by: Actor | None = None) -> object:  # noqa: B008
    ctx = opened(by or home.care.nurse, home.care.patient, Permission.STAYS_WRITE)
    return service.change_stay(ctx, stay.id, act, said, PARIS, stay.version)


def missed(home: Home, set_clock: SetClock, at: datetime) -> int:
    """Do what the machines do until then, in steps of a day; return how many were missed."""
    found, now = 0, clock.now()
    while now < at:
        now = min(now + DAY, at)
        set_clock(now)
        plan_days(now)
        found += find_silent(now).missed
        service.ask_of_stays()
    return found


def silences(home: Home) -> int:
    return len([line for line in seen_by_nurse(home) if line.item == "no_answer"])


def after_discharge(home: Home, set_clock: SetClock) -> tuple[int, int, int]:
    """Hospitalised on Monday, home on Thursday at 6 h: what is missed until then, on the first day
    at home, and after it."""
    stay = begin(home)
    inside = missed(home, set_clock, MONDAY + 3 * DAY)
    assert mark(home, stay, Act.DISCHARGED) == service.Done()
    day_one = missed(home, set_clock, MONDAY + 4 * DAY)
    return inside, day_one, missed(home, set_clock, MONDAY + 4 * DAY + 10 * HOUR)


@pytest.mark.promise("R7")
def test_whoever_is_home_again_is_watched_from_the_next_day_on(
    home: Home, set_clock: SetClock
) -> None:
    assert after_discharge(home, set_clock) == (0, 0, 1)
    assert silences(home) == 1


@pytest.mark.promise("R7")
def test_a_rest_that_the_discharge_does_not_end_is_found(home: Home, set_clock: SetClock) -> None:
    """The deliberate fault: the rest goes on after the discharge."""
    mutate("coordination.rest_in_hospital", "s.over_at > v_now and", "s.over_at < v_now and")
    assert after_discharge(home, set_clock) != (0, 0, 1)


@pytest.mark.promise("R7")
@pytest.mark.parametrize("planned", [True, False])
def test_a_discharge_nobody_marks_hides_nobody(
    home: Home, set_clock: SetClock, planned: bool
) -> None:
    """He went home; nobody said so. The questions go on by themselves, and somebody is asked."""
    start(home.care.nurse, home.care.patient, "heart-failure")
    begin(home, said=Said(planned=date(2027, 1, 6) if planned else None))
    last = MONDAY + (3 if planned else 30) * DAY
    assert missed(home, set_clock, last) == 0
    assert missed(home, set_clock, last + 2 * DAY) >= 1
    assert silences(home) == 1
    asked = rows("select kind from coordination.notice where kind = 'stay_asks'")
    assert asked == [("stay_asks",)]
    notice_service.tell(clock.now())
    told = rows("select address, params from messages.outbox where key like 'notice:%%'")
    assert (
        f"{home.care.gp.person}@gp.example",
        {"path": f"/patients/{home.care.patient}/stays"},
    ) in told
    # Once somebody says that he is there, it rests and asks anew.
    (stay,) = read(home)
    assert stay.asks(clock.now())
    assert mark(home, stay, Act.STILL) == service.Done()
    assert missed(home, set_clock, clock.now() + 29 * DAY) == 0


def test_a_visit_to_the_emergency_department_rests_two_days(
    home: Home, set_clock: SetClock
) -> None:
    begin(home, Act.EMERGENCY)
    assert missed(home, set_clock, MONDAY + 2 * DAY) == 0
    assert missed(home, set_clock, MONDAY + 2 * DAY + 10 * HOUR) == 1


def test_a_stay_that_never_was_is_taken_back_with_what_was_told(
    home: Home, set_clock: SetClock
) -> None:
    care = home.care
    choose(home)
    stay = begin(home)
    notice_service.note_occasions(clock.now())
    # Nobody was told yet, and nobody is.
    assert mark(home, stay, Act.CANCELLED) == service.Done()
    set_clock(MONDAY + HOUR)
    notice_service.note_occasions(clock.now())
    notice_service.tell(clock.now())
    assert rows("select count(*) from messages.outbox") == [(0,)]
    assert [state for _, state in states(care.patient)] == ["open", "open"]
    # Told already: the error is told too.
    begin(home)
    notice_service.note_occasions(clock.now())
    notice_service.tell(clock.now())
    run("update messages.outbox set state = 'sent'")
    assert mark(home, read(home)[0], Act.CANCELLED) == service.Done()
    notice_service.note_occasions(clock.now())
    notice_service.tell(clock.now())
    kinds = rows("select kind from coordination.notice where told_at is not null order by id")
    assert ("circle_stay_cancelled",) in kinds
    assert rows("select count(*) from messages.outbox") == [(2,)]
    # Waiting to be sent: it is not.
    set_clock(MONDAY + 2 * HOUR)
    begin(home)
    notice_service.note_occasions(clock.now())
    notice_service.tell(clock.now())
    assert mark(home, read(home)[0], Act.CANCELLED) == service.Done()
    assert rows("select count(*) from messages.outbox where state = 'waiting'") == [(1,)]
    assert missed(home, set_clock, ALARM + 2 * HOUR) == 1


def choose(home: Home) -> None:
    """Doctors of this circle are told of stays."""
    gp = home.care.gp.person
    run(
        "insert into coordination.circle_notice (membership_id, patient_id, occasion, since,"
        " chosen_by) select id, patient_id, 'stay', %s, %s from access.membership"
        " where party = %s",
        MONDAY - DAY, gp, gp,
    )  # fmt: skip
    run("update coordination.circle_bookmark set through = %s", MONDAY - DAY)


def test_whoever_is_told_of_stays_is_told_no_more_than_that(home: Home) -> None:
    choose(home)
    stay = begin(home)
    mark(home, stay, Act.DISCHARGED)
    notice_service.note_occasions(clock.now())
    notice_service.tell(clock.now())
    kinds = rows("select kind from coordination.notice order by kind")
    assert kinds == [("circle_stay",), ("circle_stay_over",)]
    said = rows("select distinct template, params from messages.outbox")
    assert said == [("record_notice", {"path": f"/patients/{home.care.patient}/stays"})]
    # There is no place where a unit could be written.
    fields = rows(
        "select column_name from information_schema.columns where table_schema = 'coordination'"
        " and table_name in ('stay', 'stay_event') and data_type = 'text' order by 1"
    )
    assert fields == [("state",), ("what",)]


def test_stays_of_one_patient_never_overlap(home: Home, set_clock: SetClock) -> None:
    first = begin(home, said=Said(at=MONDAY - 5 * DAY))
    ctx = opened(home.care.gp, home.care.patient, Permission.STAYS_WRITE)
    assert service.open_stay(ctx, Act.ADMITTED, Said(), PARIS) == Unfit("overlaps")
    assert mark(home, first, Act.DISCHARGED, Said(at=MONDAY - 3 * DAY)) == service.Done()
    second = begin(home)
    (_, first) = read(home)
    late = Said(at=MONDAY - 5 * DAY, ended_at=MONDAY + timedelta(minutes=1))
    assert mark(home, first, Act.CORRECTED, late) == Unfit("overlaps")
    assert mark(home, first, Act.ADMITTED) == Unfit("overlaps")
    # What is said of the older one wakes nobody who is in hospital now.
    assert mark(home, first, Act.CORRECTED, Said(at=MONDAY - 6 * DAY)) == service.Done()
    assert mark(home, read(home)[1], Act.CANCELLED) == service.Done()
    assert missed(home, set_clock, MONDAY + 2 * DAY) == 0
    # The dates of the open one are corrected: in hospital for 29 days already, one is left.
    assert mark(home, second, Act.CORRECTED, Said(at=MONDAY - 28 * DAY)) == service.Done()
    assert missed(home, set_clock, MONDAY + 3 * DAY + 10 * HOUR) >= 1


def test_open_stays_of_merged_records_end_one_after_the_other(home: Home) -> None:
    other = make_home(gp=False, nurse=False)
    first, second = begin(home, said=Said(at=MONDAY - DAY)), begin(other)
    merge(home, other)
    seen = opened(other.care.nurse, other.care.patient, Permission.STAYS_READ)
    read_as_one = service.stays(seen)
    assert ({one.id for one in read_as_one.stays}, read_as_one.asked) == (
        {first.id, second.id}, True,
    )  # fmt: skip
    assert mark(home, first, Act.STILL) == service.Done()
    (first,) = (one for one in read(home) if one.id == first.id)
    assert mark(home, first, Act.DISCHARGED) == service.Done()
    assert mark(home, second, Act.DISCHARGED) == service.Done()
    # What makes one longer is still refused.
    (first,) = (one for one in read(home) if one.id == first.id)
    assert mark(home, first, Act.ADMITTED) == Unfit("overlaps")


def test_of_two_who_mark_at_once_the_second_is_told(home: Home) -> None:
    stay = begin(home)
    assert mark(home, stay, Act.DISCHARGED) == service.Done()
    assert mark(home, stay, Act.STILL, by=home.care.gp) == Unfit("changed")
    gone = Stay(id=uuid4(), patient_id=stay.patient_id, state=stay.state, started_at=MONDAY)
    assert mark(home, gone, Act.STILL) == service.Gone()


def test_a_late_first_call_is_asked_for_once(home: Home, set_clock: SetClock) -> None:
    stay = begin(home)
    mark(home, stay, Act.DISCHARGED)
    (one,) = service.waiting(home.care.nurse)
    assert one.call_due_at is not None
    set_clock(one.call_due_at - HOUR)
    assert service.ask_of_stays() == 0
    set_clock(one.call_due_at + HOUR)
    # Nothing is spent on nobody: it is asked once there is somebody to ask.
    others = "update access.membership set ends_at = %s where role <> 'patient'"
    run(others, clock.now() - HOUR)
    assert service.ask_of_stays() == 0
    run(others, None)
    assert (service.ask_of_stays(), service.ask_of_stays()) == (1, 0)
    assert rows("select kind from coordination.notice where kind like 'stay%%'") == [
        ("stay_call_late",)
    ]
    assert mark(home, read(home)[0], Act.CALLED) == service.Done()
    assert service.waiting(home.care.nurse) == []
    stranger = identity.register_person("Dr Anne Inconnue")
    assert service.waiting(Actor(person=stranger, post=None, session=None)) == []


def note_death(home: Home) -> None:
    ctx = opened(home.care.nurse, home.care.patient, Permission.MONITORING_WRITE)
    day = date(2027, 1, 4)
    with acting_as(ctx) as conn:
        end_plan(conn, ctx.patient, "death", clock.now(), by=ctx.actor.person)
        assert ending_store.note_death(
            conn, id=uuid4(), patient=ctx.patient, died_on=day, plans=0, notice=uuid4()
        )


def test_a_death_ends_what_a_stay_asks_and_an_error_begins_it_again(
    home: Home, set_clock: SetClock
) -> None:
    stay = begin(home)
    note_death(home)
    assert mark(home, stay, Act.DISCHARGED) == Unfit("dead")
    assert service.waiting(home.care.nurse) == []
    set_clock(MONDAY + 31 * DAY)
    assert (service.ask_of_stays(), find_silent(clock.now()).missed) == (0, 0)
    ctx = opened(home.care.nurse, home.care.patient, Permission.MONITORING_WRITE)
    ending_service.undo_death(ctx, "Erreur de dossier")
    assert service.ask_of_stays() == 1
    assert isinstance(read(home)[0].id, UUID)
