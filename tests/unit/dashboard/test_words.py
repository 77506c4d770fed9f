"""Every text of the console has its French."""

import ast
from collections.abc import Iterator

import pytest

from core.i18n import catalogue
from dashboard import words
from tests.conftest import ROOT

SAME_IN_FRENCH = {
    "Chevet",
    "INS",
    "bpm",
    "°C",
    "mmHg",
    "kg",
    "%",
    "Orange",
    "Pages",
    "SpO₂",
    "stable",
    "Patient",
    "NEWS2",
    "Note",
}
SAYERS = {"say", "tr"}
HELD = {"BOUNDS"}


def texts_in_code() -> Iterator[str]:
    """Texts given to the reader, also through a conditional or a table beside."""
    for path in sorted((ROOT / "dashboard").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            first = node.args[0]
            if name in SAYERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def texts_in_tables() -> Iterator[str]:
    for name, table in vars(words).items():
        if name.isupper() and isinstance(table, dict) and name not in HELD:
            for value in table.values():
                yield value[1] if isinstance(value, tuple) else value


LOOSE = (
    "Take in charge", "Close with an outcome", "{name} is calling the patient",
    "Taken in charge by {name}", "Taken in charge by {name} at {time}",
    "Seen by {name} at {time}", "Next patient", "Previous patient", "Open the patient",
    "Back to the queue", "This help", "Received", "Gateway", "Device", "Reason", "Measured", "7 d",
)  # fmt: skip


@pytest.mark.parametrize("text", sorted({*texts_in_code(), *texts_in_tables(), *LOOSE}))
def test_every_text_has_its_french(text: str) -> None:
    if text not in SAME_IN_FRENCH:
        assert catalogue("fr").gettext(text) != text
