"""The shipped questionnaires: what each promises beside being readable."""

import pytest

from core.vitals import VITALS
from questionnaires.filling import Completed, fill, urgency_of
from questionnaires.meaning import advice_for, meaning_of
from questionnaires.orientation import message_of
from questionnaires.questionnaire import ASKED, Urgency
from scoring.level import Level
from scoring.orientation import Ending
from tests.unit.questionnaires.library import names, shipped

CHECKED_LOINC = {*(info.loinc for info in VITALS.values()), "8302-2", "3151-8", "41653-7"}
"""Codes looked up: those of the vital signs, body height, inhaled oxygen flow rate."""
WELL = {
    "fever": "no", "cough": "no", "anosmia": "no", "aches": "no", "diarrhoea": "no",
    "fatigue": "no", "cannot_eat_or_drink": "no", "breathless": "no", "age": "40",
    "weight": "65", "height": "170", "heart": "no", "diabetes": "no", "cancer": "no",
    "respiratory": "no", "dialysis": "no", "cirrhosis": "no", "pregnant": "not_applicable",
    "sickle_cell": "no", "immunity": "no", "postcode": "95100",
}  # fmt: skip


@pytest.mark.parametrize("name", names())
def test_every_red_answer_says_call_15_and_a_low_mood_3114(name: str) -> None:
    for item in shipped(name).flat():
        for option in item.options:
            assert (option.level is Level.RED) == (option.urgency is Urgency.CALL_15), option
            if option.urgency is Urgency.CALL_3114:
                assert option.level is Level.ORANGE


@pytest.mark.parametrize("name", names())
def test_no_code_stands_that_was_not_checked(name: str) -> None:
    codes = {item.loinc for item in shipped(name).flat() if item.loinc}
    assert codes <= CHECKED_LOINC
    for item in shipped(name).flat():
        if item.vital is not None:
            assert item.loinc == VITALS[item.vital].loinc


def test_the_daily_follow_up_has_seven_items() -> None:
    assert len([item for item in shipped("ecovid-daily").flat() if item.kind in ASKED]) == 7


def test_only_what_was_published_by_the_ministry_is_not_proposed() -> None:
    assert [name for name in names() if not shipped(name).proposed] == ["covid-orientation-fr"]
    assert shipped("covid-orientation-fr").licence == "Etalab-2.0"


def test_the_official_questions_are_word_for_word_where_it_hurts() -> None:
    one = shipped("covid-orientation-fr")
    said = {item.link_id: item.words["fr"] for item in one.flat()}
    assert said["cannot_eat_or_drink"] == (
        "Êtes-vous dans l'impossibilité de vous alimenter ou de boire DEPUIS 24 HEURES OU PLUS ?"
    )
    assert said["temperature_range"] == (
        "Quelle a été votre température la plus élevée ces dernières 48h ?"
    )


def test_a_temperature_is_asked_only_after_a_fever_and_the_tree_answers() -> None:
    one = shipped("covid-orientation-fr")
    done = fill(one, {**WELL, "temperature_range": "from_39"})
    assert isinstance(done, Completed)
    assert "temperature_range" not in done.values
    assert meaning_of(one, done.values, "fr") == f"FIN8 – {message_of(Ending.FIN8)['fr']}"
    fever = fill(one, {**WELL, "fever": "yes", "temperature_range": "from_39", "cough": "yes"})
    assert isinstance(fever, Completed)
    assert (advice_for(one, fever.values, "fr") or "").startswith("Votre situation peut relever")
    assert advice_for(one, {}, "fr") is None
    assert advice_for(shipped("cat"), {}, "fr") is None
    breathless = fill(one, {**WELL, "breathless": "yes"})
    assert isinstance(breathless, Completed)
    assert advice_for(one, breathless.values, "fr") == "Appelez le 15."
    assert urgency_of(one, breathless.values) == (Urgency.CALL_15,)


def test_every_ending_has_its_message_in_both_languages() -> None:
    for ending in Ending:
        assert set(message_of(ending)) == {"fr", "en"}


def test_results_are_said_to_those_who_care() -> None:
    cat = {f"cat{place}": "3" for place in range(1, 9)}
    assert meaning_of(shipped("cat"), cat, "fr") == "CAT 24 sur 40 : impact élevé"
    assert meaning_of(shipped("cat"), {"cat1": "3"}, "fr") is None
    assert meaning_of(shipped("mmrc"), {"mmrc": "2"}, "fr") == (
        "mMRC 2 : symptômes marqués (2 ou plus)"
    )
    assert meaning_of(shipped("mmrc"), {}, "fr") is None
    assert meaning_of(shipped("home-daily"), {}, "fr") is None
