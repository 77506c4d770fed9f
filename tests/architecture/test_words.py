"""Every text of the interface has its French, once, and no French stands for nothing.

A text is what is given to a translator: `_("…")` in a template, `say("…")` and `tr("…")` in
code, and the values of tables of words. Other texts of pages come from data files.
"""

import ast
import json
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from core.i18n import ROOMS, catalogue
from tests.conftest import ROOT

SAYERS = {"say", "tr", "words"}
TABLES = ("_LABELS", "_WORDS", "_SENTENCES", "SUBJECTS")
ENGLISH_ONLY = (ROOT / "app/demo", ROOT / "app/backup")
"""The demonstration and backups speak to who runs them, on a terminal."""
SAME_IN_FRENCH = {
    "Guadeloupe", "Martinique", "Mayotte", "Notifications", "Pauses", "Sources", "Tahiti",
    "Allergies", "Commune", "Département", "Observation",
    "Chevet", "FINESS", "INS", "Licence", "MSSanté", "Note", "Orange", "Pages", "Patient",
    "Profession", "Questionnaires", "RPPS", "points", "version {version}",
    "Saint-Pierre-et-Miquelon", "Programme", "Centre",
    "SpO₂", "bpm", "kg", "mmHg",
    "Document", "Documents", "Sacrum", "version {number}",
    "orange", "stable", "Version", "°C", "SMS", "Corrections", "Questionnaire", "mail",
    "Tchat", "Tchat – {room}", "Messages", "Urgent", "{count} h",
}  # fmt: skip
CHOSEN = (
    "Take in charge", "Close with an outcome", "Ask a question",
    "{name} asks, {time}", "{name} replies, {time}", "Taken in charge by {name} at {time}",
    "Seen by {name} at {time}", "Next patient", "Previous patient", "Open the patient",
    "Back to the queue", "This help", "Received", "Gateway", "Device", "Reason", "Measured", "7 d",
)  # fmt: skip
"""Texts of the console that code chooses among before it says one."""


def entries() -> list[str]:
    return [
        str(message.id)
        for path in sorted(ROOT.glob("*/locale/fr.po"))
        for message in read_po(BytesIO(path.read_bytes()), locale="fr")
        if message.id and message.string
    ]


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path, ast.parse(path.read_text())


def literals(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


def said_in_code() -> Iterator[str]:
    for path, tree in trees():
        for node in ast.walk(tree) if path.parent not in ENGLISH_ONLY else ():
            if isinstance(node, ast.Call) and node.args and _called(node.func) in SAYERS:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def said_in_tables() -> Iterator[str]:
    for path, tree in trees():
        for node in tree.body:
            if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)):
                continue
            if isinstance(node.value, ast.Dict) and (
                node.target.id.endswith(TABLES) or path == ROOT / "dashboard/words.py"
            ):
                for value in node.value.values:
                    texts = value.elts[1:] if isinstance(value, ast.Tuple) else [value]
                    for text in texts:
                        if isinstance(text, ast.Constant):
                            yield str(text.value)


def said_in_templates() -> Iterator[str]:
    for path in sorted(ROOT.glob("*/templates/*")):
        for call in Environment(autoescape=True).parse(path.read_text()).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_":
                yield from (arg.value for arg in call.args if isinstance(arg, nodes.Const))


def written_in_data() -> Iterator[str]:
    for path in sorted(ROOT.glob("*/*/*.json")):
        if path.relative_to(ROOT).parts[0] in ROOMS:
            yield from _texts(json.loads(path.read_text()))


def _texts(tree: object) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict | list):
        for part in tree.values() if isinstance(tree, dict) else tree:
            yield from _texts(part)


def test_every_text_has_its_french() -> None:
    said = {*said_in_code(), *said_in_tables(), *said_in_templates(), *CHOSEN}
    assert len(said) > 300
    letters = {text for text in said if any(letter.isalpha() for letter in text)}
    french = catalogue("fr")
    assert {text for text in letters if french.gettext(text) == text} - SAME_IN_FRENCH == set()


def test_no_text_is_translated_twice() -> None:
    assert [text for text, times in Counter(entries()).items() if times > 1] == []


def test_no_french_stands_for_nothing() -> None:
    constants = {text for _, tree in trees() for text in literals(tree)}
    assert set(entries()) - constants - {*said_in_templates(), *written_in_data()} == set()
