"""Two versions side by side: each number counted by hand from ten cells of the database."""

from typing import Any

import pytest

from alerts.beside import OfBand, Side, as_json, as_table, beside


def about(value: float) -> Any:
    return pytest.approx(value)


def cell(
    band: str,
    other: str,
    lines: int,
    came_true: bool | None = None,
    risk: float | None = None,
    other_risk: float | None = None,
) -> dict[str, Any]:
    return {
        "band": band, "other_band": other, "lines": lines, "came_true": came_true,
        "risk": risk, "other_risk": other_risk,
    }  # fmt: skip


CELLS = [
    cell("low", "low", 10, False, 1.0, 2.0),
    cell("low", "low", 4, None, 0.5, 0.6),
    cell("low", "raised", 3, True, 0.3, 0.9),
    cell("raised", "high", 2, True, 0.8, 1.4),
    cell("high", "high", 1, False, 0.9, 0.7),
    cell("silent", "low", 5, None, None, 0.4),
]
FOUND = {"cells": CELLS, "patients": 8, "differ": 2}
"""`risk` of a cell is the sum over its lines, as the database adds it up."""


def test_each_side_counts_its_own_bands() -> None:
    found = beside(FOUND, "ward-1", "ward-2")
    assert found.one == Side(
        name="ward-1",
        lines=25,
        said=20,
        mean_risk=about(3.5 / 20),
        bands=(
            OfBand(band="low", lines=17, known=13, came_true=3),
            OfBand(band="raised", lines=2, known=2, came_true=2),
            OfBand(band="high", lines=1, known=1, came_true=0),
        ),
    )
    assert found.other == Side(
        name="ward-2",
        lines=25,
        said=25,
        mean_risk=about(6.0 / 25),
        bands=(
            OfBand(band="low", lines=19, known=10, came_true=0),
            OfBand(band="raised", lines=3, known=3, came_true=3),
            OfBand(band="high", lines=3, known=3, came_true=2),
        ),
    )


def test_the_bands_are_crossed_and_those_who_differ_counted() -> None:
    found = beside(FOUND, "ward-1", "ward-2")
    assert found.crossed == {
        ("low", "low"): 14, ("low", "raised"): 3, ("raised", "high"): 2, ("high", "high"): 1,
        ("silent", "low"): 5,
    }  # fmt: skip
    assert found.rows == ("low", "raised", "high", "silent")
    assert (found.patients, found.differ, found.share_differing) == (8, 2, 0.25)


def test_where_one_has_no_line_it_is_none_of_its_own() -> None:
    found = beside({"cells": [cell("none", "high", 7, True, None, 4.9)]}, "a", "b")
    assert (found.one.lines, found.one.said, found.one.mean_risk) == (0, 0, None)
    assert found.other.lines == 7
    assert found.other.mean_risk == pytest.approx(0.7)
    assert found.rows == ("low", "raised", "high", "none")
    assert beside({"cells": [cell("silent", "none", 0)]}, "a", "b").rows == (
        "low",
        "raised",
        "high",
    )


def test_of_nothing_there_is_nothing_to_say() -> None:
    found = beside({}, "a", "b")
    assert (found.one.lines, found.one.mean_risk, found.crossed) == (0, None, {})
    assert (found.patients, found.differ, found.share_differing) == (0, 0, None)


def test_the_command_prints_each_pair_of_bands_once() -> None:
    printed = as_json(beside(FOUND, "ward-1", "ward-2"))
    assert list(printed) == [
        "one", "other", "crossed", "patients", "patients_differing", "share_differing",
    ]  # fmt: skip
    assert printed["one"]["name"] == "ward-1"
    assert printed["other"]["bands"][2] == {"band": "high", "lines": 3, "known": 3, "came_true": 2}
    assert len(printed["crossed"]) == 16
    assert printed["crossed"][0] == {"one": "low", "other": "low", "lines": 14}
    assert printed["crossed"][1] == {"one": "low", "other": "raised", "lines": 3}
    assert printed["crossed"][4] == {"one": "raised", "other": "low", "lines": 0}
    assert (printed["patients"], printed["patients_differing"]) == (8, 2)
    assert printed["share_differing"] == 0.25


def test_a_sheet_has_one_number_a_line() -> None:
    cells = [cell("low", "raised", 3, True, 0.3, 0.90004)]
    table = list(as_table(beside({"cells": cells, "patients": 3, "differ": 1}, "a", "b")))
    assert table == [
        ("what", "side", "band", "other_band", "number"),
        ("lines", "a", "", "", "3"),
        ("said", "a", "", "", "3"),
        ("mean_risk", "a", "", "", "0.1000"),
        ("band_lines", "a", "low", "", "3"),
        ("band_known", "a", "low", "", "3"),
        ("band_came_true", "a", "low", "", "3"),
        *((what, "a", band, "", "0") for band in ("raised", "high") for what in OF_BAND),
        ("lines", "b", "", "", "3"),
        ("said", "b", "", "", "3"),
        ("mean_risk", "b", "", "", "0.3000"),
        *((what, "b", "low", "", "0") for what in OF_BAND),
        *((what, "b", "raised", "", "3") for what in OF_BAND),
        *((what, "b", "high", "", "0") for what in OF_BAND),
        ("crossed", "a", "low", "low", "0"),
        ("crossed", "a", "low", "raised", "3"),
        ("crossed", "a", "low", "high", "0"),
        *(("crossed", "a", row, to, "0") for row in ("raised", "high") for to in BANDS),
        ("patients", "", "", "", "3"),
        ("patients_differing", "", "", "", "1"),
        ("share_differing", "", "", "", "0.3333"),
    ]


OF_BAND = ("band_lines", "band_known", "band_came_true")
BANDS = ("low", "raised", "high")


def test_what_is_not_known_is_an_empty_cell_of_the_sheet() -> None:
    table = list(as_table(beside({}, "a", "b")))
    assert ("mean_risk", "a", "", "", "") in table
    assert table[-1] == ("share_differing", "", "", "", "")
