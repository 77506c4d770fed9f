"""Who was told, what became of it, who comes next; and which words are taken."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from alerts.acts import Close, Escalate, Own
from alerts.alert import Alert
from alerts.edge.library import load_ladder
from alerts.ladder import Recipient
from alerts.lifecycle import raise_alert, transition
from alerts.outcomes import Outcome
from alerts.talking import LONGEST_WORDS, Kind, Said, WordsRefused, clean_words, open_questions
from alerts.telling import Delivery, Fate, NextCall, Step, next_call, told
from scoring.level import Level

START = datetime(2026, 11, 27, 14, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NURSE, GP = UUID(int=1), UUID(int=2)
NAMES = {NURSE: "Inès Moreau", GP: "Dr Paul Lefèvre"}
ALERT = raise_alert(
    alert_id=UUID(int=99),
    item="spo2",
    level=Level.RED,
    ladder=load_ladder("home-two-rungs", 1),
    now=START,
)


def after(alert: Alert, *acts: Own | Escalate | Close) -> Alert:
    for act in acts:
        done = transition(alert, act, alert.next_step_at or START)
        assert isinstance(done, Alert)
        alert = done
    return alert


def test_the_next_call_is_who_the_ladder_calls_then() -> None:
    expected = NextCall(at=START + 10 * MINUTE, role=Recipient.GP, held=False, again=False)
    assert next_call(ALERT) == expected
    at_gp = after(ALERT, Escalate())
    again = next_call(at_gp)
    assert again is not None
    assert (again.role, again.again) == (Recipient.GP, True)
    assert after(at_gp, Escalate()).ladder.rung(2).role is again.role
    held = next_call(after(ALERT, Own(by=NURSE)))
    assert held is not None
    assert held.held
    assert next_call(after(ALERT, Close(by=GP, outcome=Outcome.ADVICE_GIVEN))) is None


def call(person: UUID = GP, at: datetime = START) -> Step:
    detail = {"round": 1, "rung": 2, "role": "gp", "people": [str(person)]}
    return Step(at=at, what="called", by=None, detail=detail)


MAIL = Delivery(
    round=1, rung=2, person=GP, channel="email", state="sent", sent_at=START, received_at=None
)


@pytest.mark.parametrize(
    ("deliveries", "fate", "at"),
    [
        ([], Fate.CONSOLE, None),
        ([MAIL], Fate.SENT, START),
        ([replace(MAIL, state="waiting", sent_at=None)], Fate.WAITING, None),
        ([replace(MAIL, state="sending", sent_at=None)], Fate.WAITING, None),
        ([replace(MAIL, state="dead", sent_at=None)], Fate.FAILED, None),
        ([replace(MAIL, state="cancelled", sent_at=None)], Fate.CALLED_OFF, None),
        ([replace(MAIL, received_at=START + MINUTE)], Fate.RECEIVED, START + MINUTE),
        ([replace(MAIL, state="dead", sent_at=None), MAIL], Fate.SENT, START),
        ([replace(MAIL, rung=1)], Fate.CONSOLE, None),
    ],
)
def test_the_surest_that_is_known_of_a_call_is_said(
    deliveries: list[Delivery], fate: Fate, at: datetime | None
) -> None:
    ((person,),) = (rung.people for rung in told(ALERT, [call()], deliveries, NAMES))
    assert (person.name, person.fate, person.at) == ("Dr Paul Lefèvre", fate, at)


def test_whoever_did_something_after_the_call_has_seen_it_and_not_by_what_he_did_before() -> None:
    early = Step(at=START - MINUTE, what="seen", by=GP, detail={})
    late = Step(at=START + MINUTE, what="replied", by=GP, detail={})
    nurse = Step(at=START + MINUTE, what="seen", by=NURSE, detail={})
    for steps, fate in (
        ([early, call()], Fate.SENT),
        ([call(), nurse], Fate.SENT),
        ([call(), late], Fate.SEEN),
    ):
        ((person,),) = (rung.people for rung in told(ALERT, steps, [MAIL], NAMES))
        assert person.fate is fate


def test_a_rung_that_reached_nobody_stands_there_too() -> None:
    step = Step(at=START, what="nobody_reachable", by=None, detail={"round": 1, "rung": 1})
    (rung,) = told(ALERT, [step], [], NAMES)
    assert (rung.role, rung.people) == (Recipient.TELEMONITORING_NURSE, ())


def test_words_are_taken_without_blanks_or_control_characters() -> None:
    assert clean_words("  Oui.\r\nÀ 18 h\x00\x07. ") == "Oui.\nÀ 18 h."
    assert clean_words(" \t\n ") is WordsRefused.EMPTY
    assert clean_words("é" * LONGEST_WORDS) == "é" * LONGEST_WORDS
    assert clean_words("é" * (LONGEST_WORDS + 1)) is WordsRefused.TOO_LONG


def said(kind: Kind, by: UUID) -> Said:
    return Said(kind=kind, words="…", by=by, by_name=None, at=START)


def test_a_question_waits_until_somebody_else_replies() -> None:
    asked, replied = said(Kind.QUESTION, NURSE), said(Kind.REPLY, GP)
    assert open_questions((asked,)) == (asked,)
    assert open_questions((asked, said(Kind.REPLY, NURSE))) == (asked,)
    assert open_questions((asked, replied)) == ()
    assert open_questions((asked, replied, asked)) == (asked,)
