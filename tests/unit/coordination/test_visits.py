"""Who comes in a week, and what may be said of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from coordination.visits.visit import (
    Line,
    NewLine,
    Outcome,
    Report,
    Unfit,
    Written,
    first_day,
    parse_line,
    refuse_report,
    week,
)

MONDAY = date(2027, 1, 4)
DAY = timedelta(days=1)
LEA = UUID(int=2)
LINE = Line(
    id=UUID(int=3), patient_id=UUID(int=4), party=LEA, party_name="Léa", what="Toilette",
    weekdays=[1, 3], at_time=time(9), starts_on=MONDAY, ended_on=None, mine=True,
)  # fmt: skip
FORM = Written(party=str(LEA), what=" Aide  au lever ", weekdays=("3", "1", "1"), at_time="08:30")


def test_a_week_has_its_visits_in_the_order_of_their_times() -> None:
    early = replace(LINE, id=UUID(int=5), at_time=time(8))
    someday = replace(LINE, id=UUID(int=6), at_time=None)
    report = Report(
        id=UUID(int=7), line_id=LINE.id, day=MONDAY, outcome=Outcome.DONE, words="",
        by_person=LEA, by_name="Léa", at=datetime(2027, 1, 4, tzinfo=UTC),
    )  # fmt: skip
    days = week([LINE, someday, early], [report], MONDAY)
    assert [one.line.id for one in days[0].visits] == [early.id, LINE.id, someday.id]
    assert [one.report for one in days[0].visits] == [None, report, None]
    assert [len(one.visits) for one in days] == [3, 0, 3, 0, 0, 0, 0]
    assert not replace(LINE, ended_on=MONDAY).comes_on(MONDAY)
    assert not LINE.comes_on(MONDAY - 7 * DAY)
    assert first_day(date(2027, 1, 10), 0) == MONDAY
    assert first_day(MONDAY, 1) == MONDAY + 7 * DAY
    assert first_day(MONDAY, 10**9) == MONDAY + 52 * 7 * DAY


def test_a_line_is_read_from_its_form() -> None:
    assert parse_line(FORM, {LEA}, MONDAY) == NewLine(
        party=LEA, what="Aide au lever", weekdays=[1, 3], at_time=time(8, 30), starts_on=MONDAY
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"what": " "}, "what"),
        ({"what": "x" * 201}, "what"),
        ({"party": "x"}, "party"),
        ({"party": str(UUID(int=9))}, "party"),
        ({"weekdays": ()}, "weekdays"),
        ({"weekdays": ("8",)}, "weekdays"),
        ({"at_time": "25:00"}, "time"),
        ({"at_time": "08:00+02:00"}, "time"),
        ({"starts_on": "2027-01-03"}, "time"),
        ({"starts_on": "demain"}, "time"),
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, str], code: str) -> None:
    assert parse_line(replace(FORM, **changes), {LEA}, MONDAY) == Unfit(code)  # type: ignore[arg-type]


def test_what_came_of_a_visit_is_said_within_a_week() -> None:
    assert refuse_report(Outcome.DONE, "", MONDAY - 7 * DAY, MONDAY) is None
    assert refuse_report(Outcome.DONE, "", MONDAY - 8 * DAY, MONDAY) == Unfit("day")
    assert refuse_report(Outcome.DONE, "", MONDAY + DAY, MONDAY) == Unfit("day")
    assert refuse_report(Outcome.PROBLEM, "", MONDAY, MONDAY) == Unfit("problem")
    assert refuse_report(Outcome.NOT_DONE, "x" * 501, MONDAY, MONDAY) == Unfit("words")
