"""A programme is never presented as continuous monitoring: no text says it, in either language."""

from pathlib import Path

import pytest

from tests.never_continuous import promises_in

ROOT = Path(__file__).parents[2]
ROOMS = ("alerts", "app", "coordination", "dashboard", "identity", "messages", "questionnaires")
SHOWN = ("locale/*.po", "templates/**/*.html", "templates/**/*.txt", "**/*.md", "static/**/*.js")


def shown() -> dict[str, str]:
    """Return every text that is shown to somebody, by its file."""
    found = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for room in ROOMS
        for pattern in SHOWN
        for path in (ROOT / room).glob(pattern)
    }
    assert len(found) > 100
    return found


def test_no_text_promises_somebody_at_every_hour() -> None:
    said = {name: promises_in(text) for name, text in shown().items()}
    assert {name: words for name, words in said.items() if words} == {}


@pytest.mark.parametrize(
    "text",
    [
        "Vous êtes surveillé en continu par notre équipe.",
        "Une surveillance continue, 24 h/24 et 7 j/7.",
        "Une infirmière répond jour et nuit.",
        "Continuous monitoring by our nurses, around and round the clock.",
    ],
)
def test_such_a_promise_would_be_found(text: str) -> None:
    assert promises_in(text)
