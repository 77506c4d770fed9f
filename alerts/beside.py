"""Two versions side by side on the same questions, as counts: nothing of a patient. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

BANDS: Final = ("low", "raised", "high")
SILENT: Final = "silent"
"""A line that says no risk."""
NONE: Final = "none"
"""The other has a line and this one has not."""
FEWEST_SHOWN: Final = 5
"""Patients below which a page shows no counts to who may open no record. Source: proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfBand:
    """Lines of a band; of how many it is known what came, and of how many NEWS2 came to 7."""

    band: str
    lines: int
    known: int
    came_true: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two: its lines, those that say a risk, their mean (0 to 1; None of none)."""

    name: str
    lines: int
    said: int
    mean_risk: float | None
    bands: tuple[OfBand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Two sides, the bands crossed (rows: one), and of how many patients a band differs.

    `patients` counts those of whom both say something at one instant or more.
    """

    one: Side
    other: Side
    crossed: Mapping[tuple[str, str], int]
    patients: int
    differ: int

    @property
    def share_differing(self) -> float | None:
        """The share of the patients whose band differs at one instant or more (0 to 1)."""
        return self.differ / self.patients if self.patients else None

    @property
    def rows(self) -> tuple[str, ...]:
        """The bands that the table has rows and columns for."""
        used = {band for pair, lines in self.crossed.items() if lines for band in pair}
        return (*BANDS, *(each for each in (SILENT, NONE) if each in used))


def beside(found: Mapping[str, Any], name: str, other_name: str) -> Beside:
    """Return two sides of the counts that the database gives."""
    cells = found.get("cells", [])
    crossed: dict[tuple[str, str], int] = {}
    for cell in cells:
        pair = cell["band"], cell["other_band"]
        crossed[pair] = crossed.get(pair, 0) + cell["lines"]
    return Beside(
        one=_side(name, cells, "band", "risk"),
        other=_side(other_name, cells, "other_band", "other_risk"),
        crossed=crossed,
        patients=found.get("patients", 0),
        differ=found.get("differ", 0),
    )


def _side(name: str, cells: Iterable[Mapping[str, Any]], band: str, risk: str) -> Side:
    mine = [cell for cell in cells if cell[band] != NONE]
    said = sum(cell["lines"] for cell in mine if cell[band] != SILENT)
    total = sum(cell[risk] or 0.0 for cell in mine)
    return Side(
        name=name,
        lines=sum(cell["lines"] for cell in mine),
        said=said,
        mean_risk=total / said if said else None,
        bands=tuple(_of_band(mine, band, each) for each in BANDS),
    )


def _of_band(cells: Iterable[Mapping[str, Any]], key: str, band: str) -> OfBand:
    mine = [cell for cell in cells if cell[key] == band]
    known = [cell for cell in mine if cell["came_true"] is not None]
    return OfBand(
        band=band,
        lines=sum(cell["lines"] for cell in mine),
        known=sum(cell["lines"] for cell in known),
        came_true=sum(cell["lines"] for cell in known if cell["came_true"]),
    )


def as_json(found: Beside) -> dict[str, Any]:
    """Return plain values, as the command prints them."""
    return {
        "one": asdict(found.one),
        "other": asdict(found.other),
        "crossed": [
            {"one": row, "other": column, "lines": found.crossed.get((row, column), 0)}
            for row in found.rows
            for column in found.rows
        ],
        "patients": found.patients,
        "patients_differing": found.differ,
        "share_differing": found.share_differing,
    }


def as_table(found: Beside) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a table file: what, of which side, band, the other's band, and the number.

    One number a line, so that a sheet of any language reads it.
    """
    yield ("what", "side", "band", "other_band", "number")
    for side in (found.one, found.other):
        yield ("lines", side.name, "", "", str(side.lines))
        yield ("said", side.name, "", "", str(side.said))
        yield ("mean_risk", side.name, "", "", _rounded(side.mean_risk))
        for each in side.bands:
            yield ("band_lines", side.name, each.band, "", str(each.lines))
            yield ("band_known", side.name, each.band, "", str(each.known))
            yield ("band_came_true", side.name, each.band, "", str(each.came_true))
    for row in found.rows:
        for column in found.rows:
            lines = found.crossed.get((row, column), 0)
            yield ("crossed", found.one.name, row, column, str(lines))
    yield ("patients", "", "", "", str(found.patients))
    yield ("patients_differing", "", "", "", str(found.differ))
    yield ("share_differing", "", "", "", _rounded(found.share_differing))


def _rounded(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"
