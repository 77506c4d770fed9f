"""Reads an extract of the national directory in FHIR JSON (ANS, « Annuaire Santé »).

Both shapes in use are read: the older one, where names and professions stand in the professional
role, and the one of the present guide (fr-core), where they stand in the practitioner.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from identity.directory import (
    SECTOR_KINDS,
    Extract,
    OrganisationEntry,
    PostEntry,
    ProfessionalEntry,
    Refusal,
    mssante_of,
    place_of,
    wrong_numbers,
)
from identity.phone_numbers import parse_phone

PROFESSION: Final = ("g15", "1.2.250.1.71.1.2.7")
SPECIALTY: Final = ("r38", "1.2.250.1.213.2.28")
FUNCTION: Final = ("r21", "1.2.250.1.213.1.6.1.17")
MODE: Final = ("r23", "1.2.250.1.213.1.6.1.18")
SECTOR: Final = ("r02", "1.2.250.1.71.4.2.4")
"""Ends of the names of code systems, by nomenclature and by OID (samples of the ANS)."""
KINDS: Final = ("Practitioner", "Organization", "PractitionerRole")
TRAILING_COMMA: Final = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])')
"""Published samples of the directory have commas before a closing bracket."""
MISSHAPEN: Final = (AttributeError, TypeError, KeyError, ValueError)
Resource = Mapping[str, Any]


@dataclass(slots=True)
class _Told:
    """What professional roles tell of practitioners, by id."""

    names: dict[str, Resource] = field(default_factory=dict)
    professions: dict[str, str] = field(default_factory=dict)
    specialties: dict[str, str] = field(default_factory=dict)


def read_fhir(files: Iterable[tuple[str, str]]) -> Extract:
    """Read files of resources, bundles or lists of them; each file is a name and its text."""
    extract, found = Extract(), []
    for name, text in files:
        try:
            found += [(name, one) for one in _resources(json.loads(_clean(text)))]
        except ValueError as error:
            line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
            extract.refusals.append(Refusal(f"{name}:{line}", "The file is not JSON."))
    told = _told([one for _, one in found])
    for name, one in found:
        kind, ref = str(one.get("resourceType")), f"{name} {_ref(one)}"
        try:
            if "\\u0000" in json.dumps(one):
                raise ValueError("PostgreSQL holds no NUL")
            _take(extract, kind, ref, one, told)
        except MISSHAPEN:
            extract.refusals.append(Refusal(ref, "The resource has not the shape of the guide."))
    return extract


def _clean(text: str) -> str:
    return TRAILING_COMMA.sub(lambda found: found[1] or "", text.lstrip("\ufeff"))


def _resources(tree: Any) -> Iterator[Resource]:
    if isinstance(tree, list):
        for one in tree:
            yield from _resources(one)
    elif isinstance(tree, dict):
        inner = [entry for entry in tree.get("entry") or () if isinstance(entry, dict)]
        if "resource" in tree or inner:
            yield from _resources([entry.get("resource") for entry in inner])
            yield from _resources(tree.get("resource"))
        elif "resourceType" in tree:
            yield tree


def _ref(one: Resource) -> str:
    return f"{one.get('resourceType')}/{one.get('id') or '?'}".replace("\0", "")


def _take(extract: Extract, kind: str, ref: str, one: Resource, told: _Told) -> None:
    if kind == "Organization":
        entry = _organisation(ref, one)
        reason = wrong_numbers(entry)
        if reason is None:
            extract.organisations.append(entry)
    elif kind == "Practitioner":
        person = _practitioner(ref, one, told)
        reason = wrong_numbers(person)
        if reason is None:
            extract.professionals.append(person)
    elif kind == "PractitionerRole":
        reason = _role(extract, ref, one)
    else:
        reason = "This kind of resource is not of the directory."
    if reason is not None:
        extract.refusals.append(Refusal(ref, reason))


def _codes(concepts: Any, systems: tuple[str, ...]) -> Iterator[str]:
    """Give the codes of a list of concepts that are of a system."""
    for concept in concepts or ():
        for coding in concept.get("coding") or ():
            system, code = str(coding.get("system") or "").lower(), coding.get("code")
            last = system.rstrip("/").rpartition("/")[2].replace("-", "_")
            if code and (system.endswith(systems[1:]) or f"tre_{systems[0]}_" in f"{last}_"):
                yield str(code)


def _first(values: Iterable[str]) -> str | None:
    return next(iter(values), None)


def _numbers(one: Resource) -> dict[str, str]:
    """Return the identifiers of a resource by their type, RPPS or IDNST."""
    numbers = {}
    for identifier in one.get("identifier") or ():
        value, system = identifier.get("value"), str(identifier.get("system") or "")
        kinds = [c.get("code") for c in (identifier.get("type") or {}).get("coding") or ()]
        kind = kinds[0] if kinds else "RPPS" if "rpps" in system else "INTRN"
        if value:
            numbers[str(kind)] = str(value)
    return numbers


def _organisation(ref: str, one: Resource) -> OrganisationEntry:
    numbers = _numbers(one)
    sector = _first(_codes(one.get("type"), SECTOR))
    return OrganisationEntry(
        ref=ref,
        directory_id=one.get("id"),
        finess=numbers.get("FINEG") or numbers.get("FINEJ"),
        national_id=numbers.get("IDNST"),
        name=" ".join(str(one.get("name") or "").split()),
        kind=SECTOR_KINDS.get(sector or "", "other"),
        sector=sector,
        parent=_target(one.get("partOf")),
        mssante=_mssante(one),
        active=one.get("active") is not False,
        phone=_phone(one),
        **_place(one),
    )


def _place(one: Resource) -> dict[str, str | None]:
    """Return where an organisation is: its first address, and the INSEE code of fr-core."""
    for address in one.get("address") or ():
        codes = (
            str((each.get("valueCoding") or {}).get("code"))
            for each in (address.get("_city") or address).get("extension") or ()
            if "insee" in str(each.get("url", "")).lower()
        )
        return place_of(address.get("postalCode"), address.get("city"), _first(codes))
    return place_of(None, None, None)


def _phone(one: Resource) -> str | None:
    return _first(
        found
        for telecom in one.get("telecom") or ()
        if telecom.get("system") == "phone"
        and (found := parse_phone(str(telecom.get("value") or ""))) is not None
    )


def _target(reference: Any) -> str | None:
    """Return the key of what a reference points at: an identifier, or an id in the directory."""
    if not isinstance(reference, dict):
        return None
    identifier = reference.get("identifier") or {}
    if identifier.get("value"):
        kinds = _numbers({"identifier": [identifier]})
        names = {"IDNST": "nst", "FINEG": "finess", "FINEJ": "finess", "RPPS": "rpps"}
        kind, value = next(iter(kinds.items()))
        if kind == "IDNPS":
            return ("rpps:" if value[0] == "8" else "adeli:") + value[1:]
        return f"{names.get(kind, 'id')}:{value}"
    last = str(reference.get("reference") or "").rpartition("/")[2]
    return f"id:{last}" if last else None


def _mssante(one: Resource) -> str | None:
    return _first(
        found
        for telecom in one.get("telecom") or ()
        if (found := mssante_of(telecom.get("value"))) is not None
    )


def _told(resources: list[Resource]) -> _Told:
    told = _Told()
    for one in resources:
        with suppress(*MISSHAPEN):  # refused when it is taken
            _tell(told, one)
    return told


def _tell(told: _Told, one: Resource) -> None:
    who = _target(one.get("practitioner"))
    if who is None or one.get("organization"):
        return
    for extension in one.get("extension") or ():
        if str(extension.get("url", "")).endswith("practitionerRole-name"):
            told.names[who] = extension.get("valueHumanName") or {}
    profession = _first(_codes(one.get("code"), PROFESSION))
    specialty = _first(_codes(one.get("specialty"), SPECIALTY))
    if profession:
        told.professions[who] = profession
    if specialty:
        told.specialties[who] = specialty


def _practitioner(ref: str, one: Resource, told: _Told) -> ProfessionalEntry:
    numbers, known = _numbers(one), f"id:{one.get('id')}"
    names = [name for name in one.get("name") or () if name.get("family")]
    name = names[0] if names else told.names.get(known, {})
    civility = _first(str(n["prefix"]) for n in one.get("name") or () if n.get("prefix"))
    concepts = [each.get("code") or {} for each in one.get("qualification") or ()]
    national = numbers.get("IDNPS", "")
    entry = ProfessionalEntry(
        ref=ref,
        directory_id=one.get("id"),
        rpps=numbers.get("RPPS") or (national[1:] if national[:1] == "8" else None),
        adeli=numbers.get("ADELI") or (national[1:] if national[:1] == "0" else None),
        family_name=" ".join(str(name.get("family") or "").split()),
        given_names=" ".join(str(given) for given in name.get("given") or ()),
        civility=civility.strip("[]'\"") if civility else None,
        profession=_first(_codes(concepts, PROFESSION)),
        specialty=_first(_codes(concepts, SPECIALTY)),
        mssante=_mssante(one),
        active=one.get("active") is not False,
    )
    return replace(
        entry,
        profession=entry.profession or told.professions.get(known),
        specialty=entry.specialty or told.specialties.get(known),
    )


def _role(extract: Extract, ref: str, one: Resource) -> str | None:
    place, who = _target(one.get("organization")), _target(one.get("practitioner"))
    if who is None:
        return "It does not say whose post it is."
    if place is None:
        return None
    period = one.get("period") or {}
    extract.posts.append(
        PostEntry(
            ref=ref,
            directory_id=str(one["id"]),
            professional=who,
            organisation=place,
            function_code=_first(_codes(one.get("code"), FUNCTION)),
            practice_mode=_first(_codes(one.get("code"), MODE)),
            starts_on=_day(period.get("start")),
            ends_on=_day(period.get("end")),
            active=one.get("active") is not False,
        )
    )
    return None


def _day(raw: Any) -> date | None:
    return date.fromisoformat(str(raw)[:10]) if raw else None
