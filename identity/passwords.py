"""Which passwords are strong enough. By length and guessability, never by kinds of signs. Pure.

CNIL, délibération 2022-100 of 21 July 2022: 80 bits for a password alone, 50 bits where attempts
are slowed down; ASVS 5.0 6.2.5: no rules of composition. Both bounds are kept here, although every
session also needs a second factor (docs/decisions/0045).
"""

import math
import string
from dataclasses import dataclass
from typing import Final, Literal

from zxcvbn import zxcvbn

CNIL_BITS: Final = 80
"""By the CNIL's own reckoning: length × log2(size of the alphabets the password draws on)."""
GUESS_BITS: Final = 50
"""By estimation of the guesses a cracker needs, common words, names and dates counted as such."""
LONGEST: Final = 256
_ESTIMATED: Final = 72
"""zxcvbn looks at no more signs: its time grows with the square of the length."""
_ALPHABETS: Final = (
    string.ascii_lowercase,
    string.ascii_uppercase,
    string.digits,
    string.punctuation + " ",
)
_OTHER_SIGNS: Final = 32
"""Letters with accents and the like, taken together as one more small alphabet."""

Weakness = Literal["empty", "too_long", "common", "too_short", "guessable"]


@dataclass(frozen=True, slots=True)
class Strong:
    """The password may be used."""


@dataclass(frozen=True, slots=True)
class Weak:
    """The password may not be used, and why."""

    why: Weakness


def judge_password(password: str, about: tuple[str, ...] = ()) -> Strong | Weak:
    """Say whether a password may be used; `about` is what an acquaintance would try first."""
    if not password.strip():
        return Weak("empty")
    if len(password) > LONGEST:
        return Weak("too_long")
    found = zxcvbn(password[:_ESTIMATED], user_inputs=[part for part in about if part])
    if _is_common(found, password):
        return Weak("common")
    if bits_by_length(password) < CNIL_BITS:
        return Weak("too_short")
    if math.log2(float(found["guesses"])) < GUESS_BITS:
        return Weak("guessable")
    return Strong()


def _is_common(found: dict[str, object], password: str) -> bool:
    """Whether the whole password stands in one list of common words, names or passwords."""
    sequence = found["sequence"]
    if not isinstance(sequence, list) or len(sequence) != 1:
        return False
    match = sequence[0]
    return match["pattern"] == "dictionary" and len(match["token"]) == len(password)


def bits_by_length(password: str) -> float:
    """Return the bits of a password drawn at random from the alphabets it uses, per CNIL 2022-100.

    A sign repeated without end adds nothing: a run of the same sign counts as two.
    """
    size = sum(len(alphabet) for alphabet in _ALPHABETS if set(alphabet) & set(password))
    if set(password) - set("".join(_ALPHABETS)):
        size += _OTHER_SIGNS
    return _length(password) * math.log2(size) if size > 1 else 0.0


def _length(password: str) -> int:
    kept = [
        c for i, c in enumerate(password) if i < 2 or not password[i - 2] == password[i - 1] == c
    ]
    return len(kept)
