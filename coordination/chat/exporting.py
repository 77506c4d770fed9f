"""A stretch of a room as the text of a note: pure."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from coordination.chat.rooms import LONGEST_NOTE, Message

_MARKS: Final = re.compile(r"([\\`*_{}\[\]<>#+\-.!|>])")


def note_of(
    title: str,
    messages: Sequence[Message],
    say_when: Callable[[datetime], str],
    withdrawn: str,
) -> str | None:
    """Return the note, every word as it was said; None when it is too long for one, or empty.

    A note reads a small part of Markdown: marks that somebody typed stay the letters they are.
    """
    if not messages:
        return None
    parts = [f"**{plain(title)}**"]
    for one in messages:
        said = withdrawn if one.withdrawn_at else one.text
        head = f"{plain(one.author_name)}, {plain(say_when(one.sent))}"
        parts.append("\n".join([f"**{head}**", *map(plain, said.splitlines())]))
    text = "\n\n".join(parts)
    return text if len(text) <= LONGEST_NOTE else None


def plain(text: str) -> str:
    """Return a line whose marks of Markdown are letters."""
    return _MARKS.sub(r"\\\1", text)
