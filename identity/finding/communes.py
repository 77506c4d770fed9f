"""Reads a file of communes with their centres, as official lists give them. Pure."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": ("code_insee", "insee", "code_commune_insee", "code"),
    "name": ("nom_standard", "nom", "nom_commune", "nom_commune_complet", "name"),
    "postcodes": ("codes_postaux", "code_postal", "postcodes"),
    "latitude": ("latitude_centre", "latitude", "lat"),
    "longitude": ("longitude_centre", "longitude", "lon"),
}
"""What each column may be called, in small letters; `postcodes` may be absent."""
_CODE: Final = re.compile(r"([0-9]{2}|2A|2B)[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Centre:
    """A commune, its postcodes and its centre in degrees (WGS 84)."""

    code: str
    name: str
    postcodes: tuple[str, ...]
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Communes:
    """What a file holds; each refused line by its number, with the reason."""

    centres: tuple[Centre, ...]
    refused: tuple[tuple[int, str], ...]


def read_communes(text: str) -> Communes:
    """Read a CSV of communes; columns between commas, semicolons or tabs, in any order."""
    lines = text.lstrip("\ufeff").splitlines()
    heading = lines[0] if lines else ""
    reader = csv.reader(lines, delimiter=max(",;\t", key=heading.count))
    titles = [title.strip().lower() for title in next(reader, [])]
    columns = {
        field: next((titles.index(name) for name in names if name in titles), None)
        for field, names in HEADINGS.items()
    }
    if any(columns[field] is None for field in ("code", "name", "latitude", "longitude")):
        return Communes((), ((1, "Columns are missing: code, name, latitude and longitude."),))
    found: dict[str, Centre] = {}
    refused: list[tuple[int, str]] = []
    for row in reader:
        given = {
            field: row[at].strip() if at is not None and at < len(row) else ""
            for field, at in columns.items()
        }
        centre = _centre(given, found.get(given["code"]))
        if isinstance(centre, str):
            refused.append((reader.line_num, centre))
        else:
            found[centre.code] = centre
    return Communes(tuple(found.values()), tuple(refused))


def _centre(given: Mapping[str, str], known: Centre | None) -> Centre | str:
    if not _CODE.fullmatch(given["code"]) or not given["name"]:
        return "It has no INSEE code of five characters, or no name."
    try:
        latitude, longitude = (
            float(given[field].replace(",", ".")) for field in ("latitude", "longitude")
        )
    except ValueError:
        return "Its centre is not in degrees."
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return "Its centre is not in degrees."
    codes = [*(known.postcodes if known else ()), *re.findall(r"[0-9]{5}", given["postcodes"])]
    return Centre(given["code"], given["name"], tuple(dict.fromkeys(codes)), latitude, longitude)
