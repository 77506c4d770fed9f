"""Words and numbers of the code: all said in French, each clinical number beside its source."""

import ast
from typing import get_args

import pytest
from babel.messages.pofile import read_po

from alerts.alert import State
from alerts.answering import Hold
from alerts.ladder import parse_ladder
from alerts.outcomes import OUTCOME_LABELS, Outcome
from alerts.page_words import EVENT_WORDS
from alerts.prescribed import COMBINED
from alerts.prescription import WRONG_SENTENCES
from alerts.profile import parse_profile
from alerts.refusals import REFUSAL_SENTENCES, RefusalCode
from alerts.views import EventKind
from alerts.wording import ITEM_WORDS
from core.i18n import say_number
from core.vitals import Vital
from scoring.home_state import MISSING_LABELS, MissingWhy
from scoring.item import BOUND_LABELS, AnswerItem, Bound, round_as_shown
from scoring.level import LEVEL_LABELS, Level
from scoring.news2 import Band
from tests.conftest import ROOT
from tests.unit.alerts.test_data import LADDERS, PROFILES


def msgids() -> set[str]:
    said = {*OUTCOME_LABELS.values(), *REFUSAL_SENTENCES.values(), *LEVEL_LABELS.values()}
    said |= {*BOUND_LABELS.values(), *MISSING_LABELS.values(), *State, *Hold, *Band, "to verify"}
    said |= {*WRONG_SENTENCES.values(), *(ITEM_WORDS[code] for code in COMBINED)}
    for file in PROFILES:
        profile = parse_profile(file.read_text())
        said |= {profile.title, profile.status, *(item.title for item in profile.items)}
        for item in profile.items:
            if isinstance(item, AnswerItem):
                said |= {choice.title for choice in item.choices}
    for file in LADDERS:
        ladder = parse_ladder(file.read_text())
        said |= {ladder.title, ladder.status}
    return said


def test_everything_the_rooms_can_say_is_said_in_french() -> None:
    french: dict[str, str] = {}
    for room in ("scoring", "alerts"):
        with (ROOT / room / "locale/fr.po").open("rb") as file:
            french |= {str(message.id): str(message.string) for message in read_po(file)}
    assert {text for text in msgids() if not french.get(str(text))} == set()
    assert {text for text in french if text.count("{") != french[text].count("{")} == set()


def test_every_code_has_its_words() -> None:
    assert set(OUTCOME_LABELS) == set(Outcome)
    assert set(REFUSAL_SENTENCES) == set(RefusalCode)
    assert set(LEVEL_LABELS) == set(Level)
    assert set(BOUND_LABELS) == set(Bound)
    assert set(MISSING_LABELS) == set(MissingWhy)


CLINICAL = [
    *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "scoring").glob("[a-z]*.py"))),
    *(
        f"alerts/{name}.py"
        for name in (
            "ladder",
            "lasting",
            "lifecycle",
            "notices",
            "prescribed",
            "profile",
            "repeat",
            "rules",
        )
    ),
]


COUNTS = {
    # Decimals, places of a row, or a printed tree that is proven whole elsewhere.
    *("scoring/lines.py", "scoring/news2_many.py", "scoring/orientation.py", "scoring/rox.py"),
    *("scoring/pro_ctcae.py", "scoring/stretches.py", "scoring/trends.py", "scoring/weight.py"),
}


@pytest.mark.parametrize("path", CLINICAL)
def test_every_clinical_number_in_the_code_stands_beside_its_source(path: str) -> None:
    """A module constant that holds a number is followed by a docstring that says « Source: »."""
    body = ast.parse((ROOT / path).read_text()).body
    without = [
        ast.unparse(node.target)
        for node, following in zip(body, [*body[1:], ast.Pass()], strict=True)
        if isinstance(node, ast.AnnAssign) and node.value is not None
        if numbers(node.value) - {0, 1}
        if "Source: " not in ast.unparse(following)
    ]
    assert without == []


@pytest.mark.parametrize("path", [path for path in CLINICAL if path not in COUNTS])
def test_no_clinical_number_hides_in_a_function(path: str) -> None:
    hidden = [
        f"{function.name}: {number}"
        for function in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(function, ast.FunctionDef)
        for statement in function.body
        for number in numbers(statement) - {0, 1}
    ]
    assert hidden == []


def numbers(part: ast.AST) -> set[float]:
    return {
        node.value
        for node in ast.walk(part)
        if isinstance(node, ast.Constant)
        if isinstance(node.value, int | float) and not isinstance(node.value, bool)
    }


@pytest.mark.parametrize("value", [92.4, 92.5, 93.5, 94.5, 99.5, 100.0])
def test_a_person_reads_the_number_that_was_judged(value: float) -> None:
    assert float(say_number(value, "en", 0)) == round_as_shown(Vital.SPO2, value)


@pytest.mark.parametrize("value", [35.05, 35.04, 38.95, 38.05, 39.05])
def test_a_person_reads_the_temperature_that_was_judged(value: float) -> None:
    assert float(say_number(value, "en", 1)) == round_as_shown(Vital.TEMPERATURE, value)


def test_everything_that_happens_to_an_alert_has_its_words() -> None:
    assert {*EVENT_WORDS, "called"} == set(get_args(EventKind))
