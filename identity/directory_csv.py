"""Reads an extract of the national directory as CSV, one line an activity (ANS).

The columns are those of « PS_LibreAcces_Personne_activite », found by their headings, in any
order; columns between bars, semicolons, commas or tabs.
"""

import csv
from collections.abc import Iterable, Mapping
from typing import Final

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

NEEDED: Final = (
    "Type d'identifiant PP",
    "Identifiant PP",
    "Nom d'exercice",
    "Prénom d'exercice",
    "Code profession",
)
DELIMITERS: Final = "|;\t,"
Row = Mapping[str, str]


def read_csv(files: Iterable[tuple[str, str]]) -> Extract:
    """Read files of activities; each file is a name and its text."""
    extract = Extract()
    for name, text in files:
        lines = text.lstrip("\ufeff").replace("\0", "").splitlines()
        heading = lines[0] if lines else ""
        delimiter = max(DELIMITERS, key=heading.count)
        reader = csv.DictReader(lines, delimiter=delimiter)
        columns = [_heading(column) for column in reader.fieldnames or ()]
        missing = [column for column in NEEDED if column not in columns]
        if missing:
            extract.refusals.append(Refusal(f"{name}:1", "Columns of the directory are missing."))
            continue
        reader.fieldnames = columns
        for row in reader:
            _take(extract, f"{name}:{reader.line_num}", row)
    return _once(extract)


def _heading(column: str) -> str:
    return " ".join(column.replace("’", "'").split())


def _take(extract: Extract, ref: str, raw: Mapping[str, str | None]) -> None:
    if None in raw.values():
        extract.refusals.append(Refusal(ref, "The line has fewer columns than the heading."))
        return
    row = {column: str(value).strip() for column, value in raw.items() if column is not None}
    person = _professional(ref, row)
    reason = wrong_numbers(person)
    if reason is not None:
        extract.refusals.append(Refusal(ref, reason))
        return
    extract.professionals.append(person)
    place = _organisation(ref, row)
    if not place.keys:
        return
    reason = wrong_numbers(place)
    if reason is not None:
        extract.refusals.append(Refusal(ref, reason))
        return
    extract.organisations.append(place)
    mode = row.get("Code mode exercice") or None
    function = row.get("Code rôle") or None
    extract.posts.append(
        PostEntry(
            ref=ref,
            directory_id=f"{person.keys[0]} {place.keys[0]} {mode or ''} {function or ''}".strip(),
            professional=person.keys[0],
            organisation=place.keys[0],
            function_code=function,
            practice_mode=mode,
            starts_on=None,
            ends_on=None,
            active=True,
        )
    )


def _professional(ref: str, row: Row) -> ProfessionalEntry:
    is_rpps = row["Type d'identifiant PP"] == "8"
    number = row["Identifiant PP"] or None
    title = row.get("Code civilité d'exercice") or row.get("Code civilité")
    return ProfessionalEntry(
        ref=ref,
        directory_id=None,
        rpps=number if is_rpps else None,
        adeli=None if is_rpps else number,
        family_name=row["Nom d'exercice"],
        given_names=row["Prénom d'exercice"],
        civility=title or None,
        profession=row["Code profession"] or None,
        specialty=row.get("Code savoir-faire") or None,
        mssante=mssante_of(row.get("Adresse BAL MSSanté") or row.get("Adresse BAL")),
        active=True,
    )


def _organisation(ref: str, row: Row) -> OrganisationEntry:
    finess, siret = row.get("Numéro FINESS site", ""), row.get("Numéro SIRET site", "")
    technical = row.get("Identifiant technique de la structure", "")
    parent = row.get("Numéro FINESS établissement juridique", "")
    sector = row.get("Code secteur d'activité") or None
    return OrganisationEntry(
        ref=ref,
        directory_id=technical or None,
        finess=finess or None,
        national_id=f"1{finess}" if finess else f"3{siret}" if siret else technical or None,
        name=row.get("Enseigne commerciale site") or row.get("Raison sociale site") or "",
        kind=SECTOR_KINDS.get(sector or "", "other"),
        sector=sector,
        parent=f"finess:{parent}" if parent and parent != finess else None,
        mssante=None,
        active=True,
        phone=parse_phone(row.get("Téléphone (coord. structure)", "")),
        **place_of(
            row.get("Code postal (coord. structure)"),
            row.get("Libellé commune (coord. structure)"),
            row.get("Code commune (coord. structure)"),
        ),
    )


def _once(extract: Extract) -> Extract:
    """Keep one entry for each person, place and post: a person has a line for each activity."""
    return Extract(
        organisations=list({one.keys[0]: one for one in extract.organisations}.values()),
        professionals=list({one.keys[0]: one for one in extract.professionals}.values()),
        posts=list({one.directory_id: one for one in extract.posts}.values()),
        refusals=extract.refusals,
    )
