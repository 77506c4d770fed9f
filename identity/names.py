"""Names as they are compared: folded, so that « lhot » finds « L'Hôtellier »."""

import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {
        "Ø": "o", "ø": "o", "Ł": "l", "ł": "l", "Đ": "d", "đ": "d", "Œ": "oe", "œ": "oe",
        "Æ": "ae", "æ": "ae", "ß": "ss", "ẞ": "ss", "Þ": "th", "þ": "th",
    }
)  # fmt: skip
"""Letters that Unicode does not take apart into a base letter and a mark."""
_KEPT: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


def fold(text: str) -> str:
    """Return the letters a-z and digits of a name: no marks, case, hyphens or spaces.

    The twin of `identity.fold` in the database, which fills the column a search compares.
    """
    apart = unicodedata.normalize("NFKD", text).translate(_LETTERS)
    return "".join(letter for letter in apart.lower() if letter in _KEPT)
