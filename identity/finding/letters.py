"""Letters as the directory compares them, and the words of what somebody typed. Pure."""

import re
import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {
        "Ø": "o", "ø": "o", "Ł": "L", "ł": "l", "Đ": "d", "đ": "d", "Œ": "oe", "œ": "oe",
        "Æ": "ae", "æ": "ae", "ß": "ss", "ẞ": "ss",
    }
)  # fmt: skip
MOST_WORDS: Final = 6
"""Words of a search that count; the database asks for so many."""
FEWEST_LETTERS: Final = 2
"""Of all words together (proposed): one letter finds half of the directory."""


def plain(text: str) -> str:
    """Return small letters a-z, digits and single spaces.

    The twin of `identity.plain` in the database, which fills the column a search compares.
    """
    apart = unicodedata.normalize("NFKD", text).translate(_LETTERS)
    bare = re.sub("[\u0300-\u036f]", "", apart)
    small = "".join(chr(ord(one) + 32) if "A" <= one <= "Z" else one for one in bare)
    return re.sub(r"[^a-z0-9]+", " ", small).strip(" ")


def words_of(*texts: str) -> list[str]:
    """Return the words that are looked for, single letters left out where there are longer ones.

    « d'Aubépine » is looked for as « aubepine ».
    """
    words = [word for text in texts for word in plain(text).split()]
    longer = [word for word in words if len(word) >= FEWEST_LETTERS]
    return list(dict.fromkeys(longer))[:MOST_WORDS]
