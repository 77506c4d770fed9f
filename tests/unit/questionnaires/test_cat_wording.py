"""The CAT is shipped as a scorer: the wording of its form is not ours to give (GSK)."""

import json
from pathlib import Path

import pytest

from questionnaires import __file__ as room
from tests.unit.questionnaires.library import names, shipped, text_of

ROOMS = Path(room).parent.parent
FRAGMENTS = (
    "never cough", "cough all the time", "no phlegm", "full of phlegm", "feel tight",
    "feels very tight", "leaving my home", "sleep soundly", "lots of energy", "no energy at all",
    "one flight of stairs", "ne tousse jamais", "tousse tout le temps", "de glaires",
    "poitrine oppressée", "poitrine très serrée", "quitter la maison", "dors profondément",
    "plein d'énergie", "monte une côte", "d'énergie du tout",
)  # fmt: skip
"""Pieces of a few words of its statements in English and French, enough to know them by."""


def wording_in(text: str) -> list[str]:
    """Return the pieces of the wording that stand in a text, however it is written."""
    plain = " ".join(text.lower().replace("’", "'").split())
    return [piece for piece in FRAGMENTS if piece in plain]


def test_the_cat_has_numbers_and_lines_of_a_paper_form_alone() -> None:
    how, *items = [item for item in shipped("cat").flat() if item.link_id != "total"]
    assert how.words == {
        "fr": "Reportez la case cochée à chaque ligne du formulaire papier.",
        "en": "Copy the box ticked on each line of the paper form.",
    }
    lines = [item for item in items if item.options]
    assert len(lines) == 8
    for number, item in enumerate(lines, 1):
        assert item.words == {
            "fr": f"Ligne {number} du formulaire papier",
            "en": f"Item {number} of the paper form",
        }
        assert [option.code for option in item.options] == ["0", "1", "2", "3", "4", "5"]
        for option in item.options:
            assert set(option.words.values()) == {option.code}
    said = {text for item in items if not item.options for text in item.words.values()}
    assert all(len(text) < 40 for text in said), said


@pytest.mark.parametrize("name", names())
def test_no_shipped_questionnaire_has_the_wording(name: str) -> None:
    decoded = json.dumps(json.loads(text_of(name)), ensure_ascii=False)
    assert wording_in(decoded) == []


def test_no_page_and_no_translation_has_the_wording() -> None:
    shown = [
        file
        for pattern in ("*/templates/**/*.html", "*/locale/*.po", "*/static/**/*.js")
        for file in ROOMS.glob(pattern)
    ]
    assert len(shown) > 50
    found = {str(file): wording_in(file.read_text(encoding="utf-8")) for file in shown}
    assert {file: pieces for file, pieces in found.items() if pieces} == {}


def test_the_test_sees_the_wording() -> None:
    worded = text_of("cat").decode().replace("Item 1 of the paper form", "I NEVER  cough …")
    assert wording_in(json.dumps(json.loads(worded))) == ["never cough"]
