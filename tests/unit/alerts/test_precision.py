"""What alerts were worth: counted once each, shares that say what they are shares of."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.outcomes import Outcome
from alerts.precision import WORTH, AlertFact, Followed, Group, Worth, loads, weigh, wilson
from scoring.level import Level

T = datetime(2026, 11, 2, 8, tzinfo=UTC)
PATIENTS = [UUID(int=number) for number in range(1, 5)]
NURSES = {UUID(int=91): "Inès Moreau", UUID(int=92): "Karim Benali"}


def fact(
    *,
    patient: int = 0,
    rule: str = "spo2",
    level: Level = Level.ORANGE,
    answered: int | None = None,
    closed: int | None = None,
    outcome: Outcome | None = None,
    by: int = 91,
    programme: str | None = "covid-home",
) -> AlertFact:
    return AlertFact(
        patient=PATIENTS[patient],
        rule=rule,
        programme=programme,
        level=level,
        raised_at=T,
        answered_at=None if answered is None else T + timedelta(minutes=answered),
        closed_at=None if closed is None else T + timedelta(minutes=closed),
        outcome=outcome,
        closed_by=None if closed is None else UUID(int=by),
        closer=None if closed is None else NURSES[UUID(int=by)],
    )


def followed(patient: int, days: float, programme: str = "covid-home") -> Followed:
    return Followed(
        patient=PATIENTS[patient], name=f"PATIENT {patient}", programme=programme, days=days
    )


FOUND = [
    fact(level=Level.RED, answered=4, closed=30, outcome=Outcome.HOSPITALISED),
    fact(answered=10, closed=60, outcome=Outcome.PATIENT_CALLED_REASSURED),
    fact(patient=1, rule="pulse", answered=20, closed=40, outcome=Outcome.ADVICE_GIVEN, by=92),
    fact(patient=1, closed=90, answered=90, outcome=Outcome.FOLLOW_UP_ENDED, by=92),
    fact(patient=2, rule="silence", programme=None),
]
DAYS = [followed(0, 10), followed(1, 4.5), followed(2, 0.5), followed(3, 5)]


def test_the_whole_counts_each_alert_once_and_says_what_is_still_open() -> None:
    (whole,) = weigh(FOUND, DAYS, Group.SITE)
    assert (whole.alerts, whole.red, whole.open) == (5, 1, 1)
    assert (whole.useful, whole.useless, whole.not_said, whole.undocumented) == (2, 1, 1, 0)
    assert whole.patient_days == 20
    assert whole.per_patient_day == 0.25
    assert whole.ppv == pytest.approx(2 / 3)
    assert whole.to_answer == timedelta(minutes=15)
    assert whole.slowest_answer == timedelta(minutes=90)
    assert whole.to_close == timedelta(minutes=50)


def test_a_closure_that_says_nothing_is_counted_as_undocumented() -> None:
    """The database forbids one; should there be any, the figure must not hide it."""
    (whole,) = weigh([*FOUND, fact(answered=5, closed=5)], DAYS, Group.SITE)
    assert (whole.undocumented, whole.open) == (1, 1)
    assert whole.ppv == pytest.approx(2 / 3), "and it is neither useful nor useless"


def test_a_patient_without_an_alert_has_a_line_and_a_rule_watches_everybody() -> None:
    by_patient = weigh(FOUND, DAYS, Group.PATIENT)
    assert [(line.name, line.alerts) for line in by_patient] == [
        ("PATIENT 0", 2), ("PATIENT 1", 2), ("PATIENT 2", 1), ("PATIENT 3", 0),
    ]  # fmt: skip
    assert by_patient[3].per_patient_day == 0
    assert by_patient[2].per_patient_day is None  # half a day says nothing of a rate
    by_rule = {line.key: line for line in weigh(FOUND, DAYS, Group.RULE)}
    assert {line.patient_days for line in by_rule.values()} == {20}
    assert by_rule["silence"].ppv is None
    assert by_rule["silence"].ppv_interval is None


def test_an_alert_of_nobody_s_programme_is_a_line_of_its_own_without_days() -> None:
    lines = {line.key: line for line in weigh(FOUND, DAYS, Group.PROGRAMME)}
    assert lines["covid-home"].alerts == 4
    assert (lines[""].alerts, lines[""].per_patient_day) == (1, None)


def test_who_closed_how_much() -> None:
    assert [(load.name, load.closed, load.red) for load in loads(FOUND)] == [
        ("Inès Moreau", 2, 1),
        ("Karim Benali", 2, 0),
    ]


def test_every_outcome_there_is_is_sorted() -> None:
    assert set(WORTH) == set(Outcome)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_the_interval_is_wilson_s(hits: int, of: int, low: float, high: float) -> None:
    """The last line: Newcombe, Statistics in Medicine 1998;17:857, table I, 81 of 263."""
    found = wilson(hits, of)
    assert found is not None
    assert found == pytest.approx((low, high), abs=0.0001)


FACTS = st.lists(
    st.builds(
        fact,
        patient=st.integers(0, 3),
        rule=st.sampled_from(["spo2", "pulse", "silence"]),
        level=st.sampled_from([Level.ORANGE, Level.RED]),
        closed=st.just(30),
        answered=st.integers(0, 30),
        outcome=st.sampled_from(list(Outcome)),
        by=st.sampled_from([91, 92]),
    ),
    max_size=30,
)


@given(FACTS, st.sampled_from(list(Group)))
def test_no_grouping_loses_or_doubles_an_alert(facts: list[AlertFact], group: Group) -> None:
    lines = weigh(facts, DAYS, group)
    assert sum(line.alerts for line in lines) == len(facts)
    assert sum(load.closed for load in loads(facts)) == len(facts)
    for line in lines:
        assert line.useful + line.useless + line.not_said + line.undocumented == line.alerts
        assert sum(count for _, count in line.outcomes) == line.alerts
        if line.ppv is not None:
            assert line.ppv_interval is not None
            assert line.ppv_interval[0] <= line.ppv <= line.ppv_interval[1]
    useful = sum(WORTH[one.outcome] is Worth.USEFUL for one in facts if one.outcome)
    assert sum(line.useful for line in lines) == useful
