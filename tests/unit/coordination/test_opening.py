"""Forms of how a record stands."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.opening.opening import (
    TEXT_SENTENCES,
    VERSIONS,
    Kind,
    Outcome,
    Proposal,
    Said,
    check_change,
    parse_past_day,
    parse_proposal,
    parse_said,
    text_of,
)
from coordination.opening.words import CHANGE_LABELS, KIND_LABELS, SENTENCES, SPEAKER_LABELS

TODAY = date(2026, 11, 29)
SAID = {"kind": "agreement", "said_by": "patient", "said_on": "2026-11-29", "means": "paper"}
PROPOSED = {"mission": "dac", "reason": "Déménage", "told_on": "2026-11-20", "stays": "yes"}


def test_every_refusal_has_its_sentence_and_every_word_its_label() -> None:
    assert set(SENTENCES) == {one for one in Outcome if one is not Outcome.DONE}
    assert set(KIND_LABELS) == set(Kind) == set(TEXT_SENTENCES) == set(VERSIONS)
    assert len(SPEAKER_LABELS) == 3
    assert set(CHANGE_LABELS) == {"shared", "unshared", "archived", "reopened"}


def test_a_change_needs_a_reason_then_a_tick() -> None:
    assert check_change(" ", "yes") is Outcome.REASON
    assert check_change("Demande", "") is Outcome.CONFIRM
    assert check_change("Demande", "yes") is None


def test_a_statement_keeps_the_text_of_now() -> None:
    said = parse_said(SAID, TODAY)
    assert isinstance(said, Said)
    assert said.text == text_of(Kind.AGREEMENT)


@pytest.mark.parametrize(
    ("field", "value", "refused"),
    [
        ("kind", "", Outcome.MEANS),
        ("said_by", "neighbour", Outcome.MEANS),
        ("means", "telepathy", Outcome.MEANS),
        ("said_on", "2026-11-30", Outcome.DAY),
        ("said_on", "hier", Outcome.DAY),
    ],
)
def test_a_statement_that_lacks_something(field: str, value: str, refused: Outcome) -> None:
    assert parse_said({**SAID, field: value}, TODAY) is refused


def test_a_proposal_needs_a_mission_a_reason_and_a_patient_who_was_told() -> None:
    to = uuid4()
    found = parse_proposal(PROPOSED, to, TODAY)
    assert isinstance(found, Proposal)
    assert (found.to, found.stays) == (to, True)
    assert parse_proposal({**PROPOSED, "mission": "gp"}, to, TODAY) is Outcome.MISSION
    assert parse_proposal({**PROPOSED, "reason": " "}, to, TODAY) is Outcome.REASON
    assert parse_proposal({**PROPOSED, "told_on": ""}, to, TODAY) is Outcome.TOLD


@settings(max_examples=50)
@given(st.dates())
def test_no_day_to_come_is_taken(day: date) -> None:
    found = parse_past_day(day.isoformat(), TODAY)
    assert found is None or (found == day and TODAY.year - 20 <= day.year and day <= TODAY)
