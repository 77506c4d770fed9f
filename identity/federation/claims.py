"""Reads who somebody is out of a provider's claims. Pure; nothing doubtful is guessed."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from identity import numbers

RPPS_TYPE: Final = "8"
"""First digit of `SubjectNameID` when an RPPS number follows (a reading of the ANS documents)."""

FRANCE: Final = "99100"
"""Country of birth of who was born in France (FranceConnect; the commune says where)."""


@dataclass(frozen=True, slots=True)
class UnreadableClaims:
    """The claims do not say who it is; `missing` names what could not be read."""

    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Professional:
    """A professional as Pro Santé Connect names him."""

    subject: str
    rpps: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """A person's strict traits as FranceConnect+ gives them (référentiel INS: names at birth)."""

    subject: str
    birth_name: str
    birth_first_names: str
    birth_date: date
    sex: str
    birth_place: str | None
    """Code of the commune or country of birth (code officiel géographique, INSEE)."""


def parse_rpps(subject_name_id: object) -> str | None:
    """Return the RPPS number of a `SubjectNameID` ("8" then 11 digits), or None.

    899700218896 → 99700218896. The Luhn key must be right.
    """
    if not isinstance(subject_name_id, str) or not subject_name_id.isascii():
        return None
    if subject_name_id[:1] != RPPS_TYPE:
        return None
    number = numbers.parse_rpps(subject_name_id[1:])
    return number if isinstance(number, str) else None


def parse_professional(claims: dict[str, Any]) -> Professional | UnreadableClaims:
    """Return the professional of Pro Santé Connect's claims.

    At least one activity must be declared in `SubjectRefPro.exercices`: without one he may not
    practise. Which post he acts in is ours to know, and never read here.
    """
    rpps = parse_rpps(claims.get("SubjectNameID"))
    if rpps is None:
        return UnreadableClaims("SubjectNameID")
    reference = claims.get("SubjectRefPro")
    activities = reference.get("exercices") if isinstance(reference, dict) else None
    if not isinstance(activities, list) or not activities:
        return UnreadableClaims("SubjectRefPro.exercices")
    return Professional(subject=str(claims["sub"]), rpps=rpps)


def parse_citizen(claims: dict[str, Any]) -> Citizen | UnreadableClaims:
    """Return the person of FranceConnect+'s claims."""
    for name in ("family_name", "given_name", "birthdate", "gender"):
        if not isinstance(claims.get(name), str) or not claims[name].strip():
            return UnreadableClaims(name)
    if claims["gender"] not in ("female", "male"):
        return UnreadableClaims("gender")
    try:
        born = date.fromisoformat(claims["birthdate"])
    except ValueError:
        return UnreadableClaims("birthdate")
    return Citizen(
        subject=str(claims["sub"]),
        birth_name=claims["family_name"].strip(),
        birth_first_names=claims["given_name"].strip(),
        birth_date=born,
        sex=claims["gender"],
        birth_place=_birth_place(claims),
    )


def _birth_place(claims: dict[str, Any]) -> str | None:
    """Return the commune, or the country of who was born abroad: FranceConnect leaves one empty."""
    for name in ("birthplace", "birthcountry"):
        place = claims.get(name)
        if isinstance(place, str) and place.strip() and place.strip() != FRANCE:
            return place.strip()
    return None
