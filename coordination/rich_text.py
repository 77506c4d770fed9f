"""Texts of notes as they are shown: a small part of Markdown, and nothing else of HTML.

Pure. Paragraphs, lines, lists, quotations, bold, italics and links to web addresses; whatever else
somebody types, tags included, stands there as he typed it. No images: a page asks no other site.
"""

import re
from html import unescape
from typing import Final

from markdown_it import MarkdownIt
from markupsafe import Markup

_WEB: Final = re.compile(r"https?://[^\s/?#]+", re.IGNORECASE)
_INLINE: Final = re.compile(r"</?(?:strong|em|a)\b[^>]*>")
_TAG: Final = re.compile(r"<[^>]*>")
LONGEST_EXCERPT: Final = 280
"""Characters of a note in a list (proposed)."""


def _markdown() -> MarkdownIt:
    made = MarkdownIt("zero", {"html": False, "breaks": True})
    made.enable(["newline", "escape", "emphasis", "link", "list", "blockquote"])
    made.validateLink = lambda url: bool(_WEB.match(url))  # type: ignore[method-assign]
    return made


_MADE: Final = _markdown()


def rich(text: str) -> Markup:
    """Return the HTML of a text; all that is not of the small part of Markdown is escaped."""
    shown = _MADE.render(text)
    return Markup(shown.replace("<a href=", '<a rel="noopener noreferrer nofollow" href='))


def excerpt(text: str) -> str:
    """Return the beginning of a text without its marks, at most `LONGEST_EXCERPT` characters."""
    plain = " ".join(unescape(_TAG.sub(" ", _INLINE.sub("", _MADE.render(text)))).split())
    if len(plain) <= LONGEST_EXCERPT:
        return plain
    return plain[: LONGEST_EXCERPT - 1].rsplit(" ", 1)[0] + "…"
