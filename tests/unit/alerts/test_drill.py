"""The report of an exercise: each link with its bound, and what the whole is worth."""

import json
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from alerts.drill import (
    DrillRow,
    Met,
    Part,
    Report,
    Verdict,
    is_over,
    make_report,
    planned_for,
)
from alerts.edge.library import load_ladder
from alerts.ladder import ladder_json
from alerts.records import from_json, to_json

START = datetime(2026, 11, 27, 9, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
NURSE, GP = uuid4(), uuid4()
NAMES = {NURSE: "Inès Moreau", GP: "Paul Lefèvre"}
RED_WAIT = 10 * MINUTE
PARIS = ZoneInfo("Europe/Paris")


def call(
    person: UUID, rung: int, after: timedelta, *, sent: timedelta | None = SECOND
) -> dict[str, Any]:
    at = START + after
    return {
        "rung": rung, "role": "telemonitoring_nurse" if rung == 1 else "gp", "at": at.isoformat(),
        "person": str(person), "name": NAMES[person], "channel": "email",
        "state": "waiting" if sent is None else "sent",
        "sent_at": None if sent is None else (at + sent).isoformat(), "received_at": None,
    }  # fmt: skip


def step(what: str, by: UUID | None, after: timedelta) -> dict[str, Any]:
    return {
        "what": what, "at": (START + after).isoformat(), "by": str(by) if by else None,
        "name": NAMES[by] if by else None, "detail": {},
    }  # fmt: skip


def drill(
    *,
    person: UUID | None = None,
    raised: timedelta | None = SECOND,
    closed: timedelta | None = None,
    calls: tuple[dict[str, Any], ...] = (),
    steps: tuple[dict[str, Any], ...] = (),
) -> DrillRow:
    alert = None
    if raised is not None:
        alert = {
            "id": str(uuid4()), "level": "red", "raised_at": (START + raised).isoformat(),
            "closed_at": (START + closed).isoformat() if closed else None,
            "ladder": json.loads(ladder_json(load_ladder("home-two-rungs", 1))),
        }  # fmt: skip
    return DrillRow(
        id=uuid4(), organisation=uuid4(), patient_id=uuid4(), patient_name="EXERCICE Un",
        person=person, person_name=NAMES[person] if person else None, started_at=START,
        started_by_name=None, planned=False,
        judged_at=START + raised if raised is not None else None, alert=alert,
        steps=list(steps), sent=list(calls), report=None, ended_at=None,
    )  # fmt: skip


def met(report: Report, part: Part) -> Met | None:
    line = report.line(part)
    return line.met if line else None


CALLED = (call(NURSE, 1, SECOND),)


def test_a_chain_that_held_has_passed_and_its_report_survives_json() -> None:
    steps = (step("owned", NURSE, 3 * MINUTE), step("closed", NURSE, 5 * MINUTE))
    report = make_report(drill(closed=5 * MINUTE, calls=CALLED, steps=steps), START + 6 * MINUTE)
    assert report.verdict is Verdict.PASSED
    assert is_over(report, START)
    answered = report.line(Part.ANSWERED)
    assert answered is not None
    assert (answered.name, answered.before) == ("Inès Moreau", START + SECOND + 2 * RED_WAIT)
    assert from_json(Report, json.loads(json.dumps(to_json(report)))) == report


@pytest.mark.parametrize(
    ("answer", "first_step", "verdict"),
    [
        (RED_WAIT, Met.MET, Verdict.PASSED),
        (RED_WAIT + SECOND, Met.MET, Verdict.PASSED),
        (RED_WAIT + 2 * SECOND, Met.MISSED, Verdict.LATE),
        (2 * RED_WAIT + SECOND, Met.MISSED, Verdict.LATE),
        (2 * RED_WAIT + 2 * SECOND, Met.MISSED, Verdict.FAILED),
    ],
)
def test_a_site_answers_in_the_first_step_or_late_or_not_in_the_ladder(
    answer: timedelta, first_step: Met, verdict: Verdict
) -> None:
    calls = (*CALLED, call(GP, 2, SECOND + RED_WAIT))
    steps = (step("owned", GP, answer), step("closed", GP, answer + MINUTE))
    row = drill(closed=answer + MINUTE, calls=calls, steps=steps)
    report = make_report(row, START + HOUR)
    assert met(report, Part.FIRST_STEP) is first_step
    assert report.verdict is verdict


def test_nobody_answers_is_under_way_then_failed_though_nothing_happens_any_more() -> None:
    row = drill(calls=CALLED)
    assert make_report(row, START + RED_WAIT).verdict is Verdict.UNDER_WAY
    late = make_report(row, START + 2 * RED_WAIT + MINUTE)
    assert (late.verdict, met(late, Part.ANSWERED)) == (Verdict.FAILED, Met.MISSED)
    assert not is_over(late, START)
    assert is_over(make_report(row, START + 24 * HOUR), START)


def test_an_exercise_for_a_person_asks_that_he_was_told_and_answers_himself() -> None:
    another = (step("owned", GP, MINUTE), step("closed", GP, 2 * MINUTE))
    row = drill(person=NURSE, closed=2 * MINUTE, calls=CALLED, steps=another)
    report = make_report(row, START + HOUR)
    assert (met(report, Part.CALLED), met(report, Part.ANSWERED)) == (Met.MET, Met.MISSED)
    assert report.verdict is Verdict.FAILED
    himself = (step("seen", NURSE, MINUTE), step("closed", GP, 2 * MINUTE))
    row = drill(person=NURSE, closed=2 * MINUTE, calls=CALLED, steps=himself)
    assert make_report(row, START + HOUR).verdict is Verdict.PASSED
    never = make_report(drill(person=GP, calls=CALLED), START + HOUR)
    assert met(never, Part.CALLED) is Met.MISSED


def test_a_reading_nobody_judges_fails_after_30_seconds() -> None:
    row = drill(raised=None)
    assert make_report(row, START + 29 * SECOND).verdict is Verdict.UNDER_WAY
    report = make_report(row, START + 30 * SECOND)
    assert report.verdict is Verdict.FAILED
    assert {met(report, part) for part in (Part.JUDGED, Part.RAISED, Part.SENT)} == {Met.MISSED}


def test_a_message_sent_too_late_or_never_fails() -> None:
    steps = (step("owned", NURSE, MINUTE), step("closed", NURSE, 2 * MINUTE))
    for sent in (30 * SECOND, None):
        calls = (call(NURSE, 1, SECOND, sent=sent),)
        row = drill(closed=2 * MINUTE, calls=calls, steps=steps)
        report = make_report(row, START + HOUR)
        assert (met(report, Part.SENT), report.verdict) == (Met.MISSED, Verdict.FAILED)


def test_what_the_service_did_answers_nothing() -> None:
    report = make_report(drill(calls=CALLED, steps=(step("woken", None, MINUTE),)), START + HOUR)
    assert met(report, Part.ANSWERED) is Met.MISSED


def test_a_month_has_one_exercise_from_its_hour_on() -> None:
    made = START - 20 * 24 * HOUR
    at_ten = datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert planned_for(27, time(10), PARIS, at_ten - SECOND, made) is None
    due = planned_for(27, time(10), PARIS, at_ten, made)
    assert due is not None
    assert (due[0].isoformat(), due[1]) == ("2026-11-27", at_ten)
    assert planned_for(27, time(10), PARIS, at_ten + HOUR, at_ten + MINUTE) is None
    assert planned_for(28, time(10), PARIS, at_ten, made) is None


def test_an_exercise_of_a_month_that_is_over_is_still_due() -> None:
    """On the evening of 28 February six hours to start reach into March; a service was away."""
    made = datetime(2026, 1, 1, tzinfo=UTC)
    evening = datetime(2026, 2, 28, 20, tzinfo=UTC)
    for later in (4 * HOUR, 9 * HOUR):
        assert planned_for(28, time(21), PARIS, evening + later, made) == (evening.date(), evening)
    assert planned_for(28, time(21), PARIS, evening + 4 * HOUR, evening + HOUR) is None


def test_the_hour_is_that_of_the_rota_in_summer_and_winter() -> None:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    for month, utc in ((7, 8), (12, 9)):
        now = datetime(2026, month, 15, 12, tzinfo=UTC)
        due = planned_for(15, time(10), PARIS, now, made)
        assert due is not None
        assert due[1].astimezone(UTC).hour == utc
