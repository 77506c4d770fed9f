"""Files for spreadsheets, as French ones open them: semicolons, a mark of UTF-8. Pure."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the start of a cell (OWASP, CSV injection)."""


def to_csv(lines: Iterable[Iterable[str]]) -> str:
    """Return lines of cells as a file in which no cell is taken for a formula."""
    text = StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([_plain(cell) for cell in cells] for cells in lines)
    return text.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if len(cell) > 1 and cell.startswith(_FORMULA) else cell
