"""What may be asked of a DAC, and where a request can go."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from coordination.support.request import (
    Act,
    Asked,
    Code,
    Moved,
    Outcome,
    State,
    Unfit,
    Wish,
    Written,
    acts_of_dac,
    may_withdraw,
    move,
    parse_wish,
)
from coordination.support.words import (
    CODE_LABELS,
    OUTCOME_LABELS,
    PROBLEM_SENTENCES,
    SAID_SENTENCES,
    STATE_LABELS,
)

NOW = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
DAC = UUID(int=1)
FORM = Written(
    performer=str(DAC), code="complex", note=" Seul,\r\nsans aide ", urgency="7", told="yes"
)
ONE = Asked(
    id=UUID(int=2), patient_id=UUID(int=3), requester_name="Dr", code=Code.COMPLEX, note="Seul",
    told=True, untold_reason="", authored_on=NOW, receive_by=NOW + timedelta(days=2),
    answer_by=NOW + timedelta(days=7), state=State.SUBMITTED, answer="", outcome=None, version=1,
    birth_name="Martin", first_name="Jeanne", birth_date=date(1951, 4, 2), phone=None,
    organisation_name=None, opens=False,
)  # fmt: skip


def test_a_form_says_what_is_asked_until_when_and_whether_the_person_knows() -> None:
    assert parse_wish(FORM, NOW) == Wish(
        performer=DAC,
        code=Code.COMPLEX,
        note="Seul,\nsans aide",
        told=True,
        untold_reason="",
        receive_by=NOW + timedelta(days=2),
        answer_by=NOW + timedelta(days=7),
    )
    urgent = parse_wish(replace(FORM, urgency="1"), NOW)
    assert isinstance(urgent, Wish)
    assert urgent.receive_by == urgent.answer_by == NOW + timedelta(days=1)
    untold = parse_wish(replace(FORM, told="no", untold_reason=" Confus "), NOW)
    assert isinstance(untold, Wish)
    assert (untold.told, untold.untold_reason) == (False, "Confus")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("performer", "x", "performer"),
        ("code", "house", "code"),
        ("note", " a ", "note"),
        ("note", "a" * 2001, "note"),
        ("urgency", "3", "urgency"),
        ("told", "", "told"),
        ("told", "no", "untold"),
    ],
)
def test_what_is_to_be_mended_is_said(field: str, value: str, code: str) -> None:
    assert parse_wish(replace(FORM, **{field: value}), NOW) == Unfit(code)
    assert code in PROBLEM_SENTENCES


def test_it_is_received_answered_and_closed_and_withdrawn_until_then() -> None:
    assert acts_of_dac(State.SUBMITTED) == [Act.RECEIVE]
    assert move(ONE, Act.ANSWER, "Oui", "") == Unfit("act")
    assert move(ONE, Act.RECEIVE, "", "") == Moved(state=State.RECEIVED, answer="", outcome=None)
    received = replace(ONE, state=State.RECEIVED)
    assert move(received, Act.ANSWER, " ", "") == Unfit("answer")
    said = Moved(state=State.ANSWERED, answer="Oui", outcome=None)
    assert move(received, Act.ANSWER, " Oui ", "") == said
    answered = replace(ONE, state=State.ANSWERED, answer="Oui")
    assert move(answered, Act.CLOSE, "", "perhaps") == Unfit("outcome")
    closed = Moved(state=State.COMPLETED, answer="", outcome=Outcome.ORIENTED)
    assert move(answered, Act.CLOSE, "", "oriented") == closed
    over = replace(answered, state=State.COMPLETED, outcome=Outcome.ORIENTED)
    again = Moved(state=State.ANSWERED, answer="", outcome=None)
    assert move(over, Act.REOPEN, "", "") == again
    assert move(replace(over, answer=""), Act.REOPEN, "", "") == replace(
        again, state=State.RECEIVED
    )
    assert acts_of_dac(State.REVOKED) == []
    assert [state for state in State if may_withdraw(state)] == [
        State.SUBMITTED,
        State.RECEIVED,
        State.ANSWERED,
    ]
    assert [replace(ONE, state=state).status for state in State] == [
        *["active"] * 3,
        "completed",
        "revoked",
    ]
    assert [replace(ONE, state=state).is_open for state in State] == [*[True] * 3, False, False]


def test_it_is_late_when_nobody_has_received_or_answered_it_by_then() -> None:
    assert not ONE.is_late(NOW)
    assert ONE.is_late(ONE.receive_by)
    received = replace(ONE, state=State.RECEIVED)
    assert (received.is_late(ONE.receive_by), received.is_late(ONE.answer_by)) == (False, True)
    assert not replace(ONE, state=State.ANSWERED).is_late(ONE.answer_by)
    assert ONE.name == "MARTIN Jeanne"


def test_everything_has_its_words() -> None:
    assert set(CODE_LABELS) == set(Code)
    assert set(STATE_LABELS) == set(State)
    assert set(OUTCOME_LABELS) == set(Outcome)
    assert set(Act) <= set(SAID_SENTENCES)
