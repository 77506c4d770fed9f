"""What leaves the directory as JSON or CSV, named field by field. Pure."""

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any, Final

from identity.directory import ORGANISATION_KIND_LABELS, PROFESSION_LABELS
from identity.finding.entry import Entry

COLUMNS: Final[tuple[tuple[str, str], ...]] = (
    ("name", "Name"),
    ("profession", "Profession"),
    ("places", "Where"),
    ("call", "Work number"),
    ("mssante", "MSSanté"),
    ("offers", "What is offered"),
    ("availability", "Availability"),
    ("said_at", "Said on"),
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def row_of(one: Entry) -> dict[str, Any]:
    """Return an entry as JSON says it."""
    return {
        "party": str(one.party),
        "kind": one.kind,
        "name": one.name,
        "profession": one.profession,
        "organisation_kind": one.organisation_kind,
        "rpps": one.rpps,
        "finess": one.finess,
        "mssante": one.mssante,
        "phone": one.call,
        "postcode": one.postcode,
        "town": one.town,
        "places": [
            {key: place.get(key) for key in ("name", "kind", "finess", "postcode", "town", "phone")}
            for place in one.places
        ],
        "offers": one.offers,
        "availability": one.availability,
        "said_at": one.said_at.isoformat() if one.said_at else None,
        "starred": one.starred,
    }


def csv_of(entries: Iterable[Entry], say: Callable[[str], str]) -> str:
    """Return entries as CSV, semicolons between columns as French spreadsheets expect."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([say(title) for _, title in COLUMNS])
    for one in entries:
        label = PROFESSION_LABELS.get(one.profession or "") or ORGANISATION_KIND_LABELS.get(
            one.organisation_kind or "", ""
        )
        where = [f"{p['name']} {p.get('town') or ''}".strip() for p in one.places]
        said = one.said_at.date().isoformat() if one.said_at else ""
        cells = (
            one.name,
            say(label) if label else one.profession or "",
            " / ".join(where) or " ".join(filter(None, (one.postcode, one.town))),
            one.call or "",
            one.mssante or "",
            one.offers,
            one.availability,
            said,
        )
        writer.writerow([_cell(cell) for cell in cells])
    return "\ufeff" + out.getvalue()


def _cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
