"""Promise R7: every deadline that passes without an answer is found at grace + 60 s, once.

Each test that stands for a promise has beside it a deliberate fault, applied from outside, under
which its check fails.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from alerts import silence_service
from alerts.service import alert_page, queue_page
from alerts.silence_service import find_silent
from alerts.views import AlertLine, AlertPage
from alerts.wording import evidence_sentence
from core.access import Permission
from core.doors import acting_as
from questionnaires.plans import planning_service, schedule
from questionnaires.plans import service as plans
from scoring.level import Level
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home, rows, seen_by_nurse
from tests.integration.plans.home import MONDAY, SetClock, clock_setter, opened, start
from tests.people import Care

ONCE = {"nhs-oximetry-diary": ("09:00",)}
"""Once a day at 9 h; due at 11 h, missed at 15 h: 14 h in UTC in winter."""
ALARM = datetime(2027, 1, 4, 14, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def home(database: Database, clock_file: Path) -> Home:
    made = make_home()
    clock_setter(clock_file)(MONDAY)
    return made


@pytest.fixture
def set_clock(clock_file: Path) -> SetClock:
    return clock_setter(clock_file)


def silences(home: Home) -> list[AlertLine]:
    return [line for line in seen_by_nurse(home) if line.item == "no_answer"]


def look(set_clock: SetClock, at: datetime) -> silence_service.Found:
    set_clock(at)
    return find_silent(at)


def answer(care: Care, now: datetime, task: UUID | None = None) -> None:
    own = opened(care.patient_actor, care.patient, Permission.ANSWERS_WRITE)
    with acting_as(own, action="C") as conn:
        id = uuid4()
        conn.execute(
            "insert into questionnaires.answer (id, patient_id, instrument, version, answers,"
            " answered_at, received_at, entered_by, client_key)"
            " values (%s, %s, coalesce((select l.questionnaire from questionnaires.task t join"
            " questionnaires.plan_line l on l.id = t.line_id where t.id = %s), 'x'), 1, '{}', %s,"
            " %s, %s, %s)",
            [id, care.patient, task, now, now, care.patient, str(id)],
        )
        if task is not None:
            plans.complete_task(conn, task, id, now)


@pytest.mark.promise("R7")
def test_a_patient_with_no_data_ever_is_found_at_grace_and_a_minute(
    home: Home, set_clock: SetClock
) -> None:
    start(home.care.nurse, home.care.patient, times=ONCE)
    assert look(set_clock, ALARM - timedelta(seconds=1)).missed == 0
    found = look(set_clock, ALARM + MINUTE)
    assert (found.missed, found.called, found.failed) == (1, 1, 0)
    (alert,) = silences(home)
    assert (alert.level, alert.late) == (Level.ORANGE, False)
    assert alert.first_breach_at == ALARM - timedelta(hours=4)
    said = evidence_sentence(alert.reason.evidence, "fr")
    assert said == "Sans réponse : questionnaire attendu, non reçu"
    mailed = rows("select 1 from messages.outbox where recipient = %s", [home.care.nurse.person])
    assert len(mailed) == 1
    assert look(set_clock, ALARM + 2 * MINUTE).missed == 0
    assert len(silences(home)) == 1


@pytest.mark.promise("R7")
def test_the_patient_stands_in_the_queue_as_high_as_for_a_bad_answer(
    home: Home, set_clock: SetClock
) -> None:
    start(home.care.nurse, home.care.patient, times=ONCE)
    look(set_clock, ALARM + MINUTE)
    (row,) = queue_page(home.care.nurse, 10, 0)
    assert row.rank >= 300
    assert [line.item for line in row.alerts] == ["no_answer"]


def deadlines_missed_after_an_outage(
    home: Home, set_clock: SetClock
) -> list[tuple[str, str, bool]]:
    """Nobody plans or looks for five days, then somebody looks."""
    start(home.care.nurse, home.care.patient, times=ONCE)
    look(set_clock, ALARM + 5 * DAY + MINUTE)
    return [
        (str(day), str(state), bool(late))
        for day, state, late in rows(
            "select to_char(occasion, 'MM-DD'), state, evaluated_late from questionnaires.task"
            " where alarm_at <= %s order by occasion",
            [ALARM + 5 * DAY],
        )
    ]


@pytest.mark.promise("R7")
def test_a_detector_and_a_planner_that_were_stopped_find_every_deadline_and_say_late(
    home: Home, set_clock: SetClock
) -> None:
    found = deadlines_missed_after_an_outage(home, set_clock)
    assert found == [(f"01-{day:02}", "missed", day < 9) for day in range(4, 10)]
    (alert,) = silences(home)
    assert alert.late
    page = alert_page(
        opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ), alert.alert_id
    )
    assert isinstance(page, AlertPage)
    assert page.evidence[0].count == 6


def latest_only(query: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Return a fault: the search for what is missed is another."""

    def apply(monkeypatch: pytest.MonkeyPatch) -> None:
        queries = dict(planning_service.planning_store._SQL)
        queries["miss_deadlines"] = queries["miss_deadlines"].replace("returning", query, 1)
        monkeypatch.setattr(planning_service.planning_store, "_SQL", queries)

    return apply


LATEST = (
    "and t.alarm_at = (select max(k.alarm_at) from questionnaires.task k"
    " where k.patient_id = t.patient_id and k.alarm_at <= %(now)s) returning"
)
WITH_DATA = (
    "and exists (select from questionnaires.answer a where a.patient_id = t.patient_id) returning"
)


@pytest.mark.promise("R7")
def test_a_detector_that_looks_at_the_latest_deadline_only_is_caught(
    home: Home, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    latest_only(LATEST)(monkeypatch)
    found = deadlines_missed_after_an_outage(home, set_clock)
    assert [state for _, state, _ in found].count("missed") == 1


@pytest.mark.promise("R7")
def test_a_detector_that_needs_recent_data_is_caught(
    home: Home, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    latest_only(WITH_DATA)(monkeypatch)
    start(home.care.nurse, home.care.patient, times=ONCE)
    assert look(set_clock, ALARM + MINUTE).missed == 0
    assert silences(home) == []


@pytest.mark.promise("R7")
def test_a_detector_that_relies_on_the_planner_is_caught(
    home: Home, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = planning_service.Planned(tasks=0, ended=0, failed=0)
    monkeypatch.setattr(silence_service, "plan_days", lambda _now: idle)
    found = deadlines_missed_after_an_outage(home, set_clock)
    assert len(found) == 2


@pytest.mark.promise("R7")
@pytest.mark.parametrize(
    ("zone", "day", "clock_time", "alarm"),
    [
        # A night on which 2 h 30 does not exist: asked at 3 h in summer time, 1 h UTC.
        ("Europe/Paris", date(2027, 3, 28), "02:30", datetime(2027, 3, 28, 7, tzinfo=UTC)),
        # A night on which 2 h 30 comes twice: asked the first time, 0 h 30 UTC.
        ("Europe/Paris", date(2027, 10, 31), "02:30", datetime(2027, 10, 31, 6, 30, tzinfo=UTC)),
        ("Indian/Reunion", date(2027, 3, 28), "02:30", datetime(2027, 3, 28, 4, 30, tzinfo=UTC)),
        ("America/Guadeloupe", date(2027, 10, 31), "02:30",
         datetime(2027, 10, 31, 12, 30, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_on_nights_when_clocks_change_and_overseas_the_alarm_is_on_time(
    home: Home,
    set_clock: SetClock,
    zone: str,
    day: date,
    clock_time: str,
    alarm: datetime,
) -> None:
    eve = datetime.combine(day, datetime.min.time(), UTC) - DAY
    set_clock(eve)
    times = {"nhs-oximetry-diary": (clock_time,)}
    start(home.care.nurse, home.care.patient, times=times, zone=zone, starts_on=day, ends_on=day)
    assert look(set_clock, alarm - timedelta(seconds=1)).missed == 0
    assert look(set_clock, alarm + MINUTE).missed == 1
    assert rows("select evaluated_late from questionnaires.task") == [(False,)]
    assert look(set_clock, alarm + DAY).missed == 0


@pytest.mark.promise("R7")
def test_found_later_than_a_minute_after_its_alarm_is_evaluated_late(
    home: Home, set_clock: SetClock
) -> None:
    start(home.care.nurse, home.care.patient, times=ONCE)
    look(set_clock, ALARM + MINUTE + timedelta(seconds=1))
    assert rows("select evaluated_late from questionnaires.task where state = 'missed'") == [
        (True,)
    ]


@pytest.mark.promise("R7")
def test_two_detectors_at_once_tell_each_deadline_once(home: Home, set_clock: SetClock) -> None:
    others = [make_home() for _ in range(3)]
    homes = [home, *others]
    for one in homes:
        start(one.care.nurse, one.care.patient, times=ONCE)
    set_clock(ALARM + 2 * DAY + MINUTE)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: find_silent(ALARM + 2 * DAY + MINUTE).missed, range(4)))
    found.append(find_silent(ALARM + 2 * DAY + MINUTE).missed)
    assert sum(found) == 3 * len(homes)
    assert [len(silences(one)) for one in homes] == [1] * len(homes)
    raised = rows("select count(*) from alerts.alert_event where what = 'raised'")
    mails = rows("select count(*), count(distinct key) from messages.outbox")
    assert raised == [(len(homes),)]
    assert mails == [(len(homes), len(homes))]


@pytest.mark.promise("R7")
def test_a_planner_that_knows_one_offset_of_the_year_is_caught(
    home: Home, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault: every day is planned by the winter time of Paris, also in summer."""

    def by_winter(day: date, clock_time: time, _zone: ZoneInfo) -> datetime:
        return datetime.combine(day, clock_time, UTC) - timedelta(hours=1)

    monkeypatch.setattr(schedule, "instant_of", by_winter)
    day, alarm = date(2027, 3, 28), datetime(2027, 3, 28, 13, tzinfo=UTC)
    set_clock(datetime(2027, 3, 27, tzinfo=UTC))
    start(home.care.nurse, home.care.patient, times=ONCE, starts_on=day, ends_on=day)
    assert look(set_clock, alarm + MINUTE).missed == 0, "an hour late, on the first summer day"
    assert look(set_clock, alarm + MINUTE + timedelta(hours=1)).missed == 1


@pytest.mark.promise("R7")
def test_a_detector_that_takes_what_it_has_told_again_is_caught(
    home: Home, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = dict(planning_service.planning_store._SQL)
    for name in ("silent_patients", "miss_deadlines"):
        assert "t.state = 'open'" in queries[name]
        queries[name] = queries[name].replace("t.state = 'open'", "t.state in ('open', 'missed')")
    monkeypatch.setattr(planning_service.planning_store, "_SQL", queries)
    start(home.care.nurse, home.care.patient, times=ONCE)
    assert look(set_clock, ALARM + MINUTE).missed == 1
    assert look(set_clock, ALARM + 2 * MINUTE).missed == 1, "twice"


@pytest.mark.promise("R7")
def test_a_detector_that_hides_that_it_was_late_is_caught(
    home: Home, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = dict(planning_service.planning_store._SQL)
    queries["miss_deadlines"] = queries["miss_deadlines"].replace(
        "make_interval(secs => %(late_seconds)s)",
        "make_interval(days => 400, secs => %(late_seconds)s)",
    )
    monkeypatch.setattr(planning_service.planning_store, "_SQL", queries)
    found = deadlines_missed_after_an_outage(home, set_clock)
    assert not any(late for _, _, late in found)
