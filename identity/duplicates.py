"""Whether two identities may be of one person: same INS, same traits, or close names.

Only flags: a person who watches over identities judges each pair (RNIV 1, doublons).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Final, Literal
from uuid import UUID

from identity.names import fold
from identity.people import InsStatus, Sex

Cause = Literal["same_ins", "same_traits", "close_names"]

CLOSE: Final = 0.8
"""Least likeness of two folded names (Ratcliff-Obershelp), proposed: one slip in five letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Somebody already registered, born on the same day or with the same INS."""

    patient_id: UUID
    birth_name: str
    birth_first_names: str
    birth_first_name: str
    used_name: str | None
    used_first_name: str | None
    birth_date: date
    sex: Sex
    ins: str | None
    ins_status: InsStatus


@dataclass(frozen=True, slots=True)
class Suspect:
    """An identity that may be of the same person, and why."""

    alike: Alike
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The traits of an identity that are compared."""

    birth_name: str
    birth_first_name: str
    used_name: str | None
    used_first_name: str | None
    birth_date: date
    sex: Sex
    ins: str | None


def find_suspects(new: Compared, known: Iterable[Alike]) -> list[Suspect]:
    """Return who may be the same person, the surest first."""
    order: dict[Cause, int] = {"same_ins": 0, "same_traits": 1, "close_names": 2}
    found = [Suspect(one, cause) for one in known if (cause := likeness(new, one)) is not None]
    return sorted(found, key=lambda suspect: order[suspect.cause])


def likeness(new: Compared, known: Alike) -> Cause | None:
    """Return why two identities may be of one person, or None.

    Two different INS numbers are two persons, twins with close names among them.
    """
    if new.ins is not None and known.ins is not None:
        return "same_ins" if new.ins == known.ins else None
    if new.birth_date != known.birth_date:
        return None
    families = _folded(new.birth_name, new.used_name), _folded(known.birth_name, known.used_name)
    firsts = (
        _folded(new.birth_first_name, new.used_first_name),
        _folded(known.birth_first_name, known.used_first_name),
    )
    if families[0] & families[1] and firsts[0] & firsts[1] and new.sex == known.sex:
        return "same_traits"
    straight = _close(*families) and _close(*firsts)
    swapped = _close(families[0], firsts[1]) and _close(firsts[0], families[1])
    return "close_names" if straight or swapped else None


def _folded(*names: str | None) -> set[str]:
    return {folded for name in names if name and (folded := fold(name))}


def _close(some: set[str], others: set[str]) -> bool:
    return any(
        SequenceMatcher(None, one, other, autojunk=False).ratio() >= CLOSE
        for one in some
        for other in others
    )
