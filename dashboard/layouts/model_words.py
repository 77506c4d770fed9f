"""Words and figures of the page about the model: one text a cell, for the page and for the file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from alerts.looks import LookRow
from alerts.precision import wilson
from alerts.store.models import Turn
from core.i18n import say_number
from dashboard.reader import Reader

NOTHING: Final = "–"
BANDS: Final = {"low": "Low", "raised": "Raised", "high": "High", "none": "No risk was given"}
TURNS: Final = {
    "promoted": "Put into use",
    "rolled_back": "Back to the one before",
    "rules_only": "Taken back: rules alone",
}
STANDINGS: Final = {
    "unknown": "Too few to judge",
    "kept": "In range",
    "watched": "To be watched",
    "rules_only": "Out of range",
}
VERDICTS: Final = {
    "in_range": "The model is in range.",
    "out_of_range": "The model is out of range: it was taken back, and the rules speak alone.",
    "too_few": "Too few to judge: nothing was taken back.",
}
ONCE: Final = {
    "in_range": "The model was in range.",
    "out_of_range": "The model was out of range.",
    "too_few": "There were too few to judge.",
}
"""What a look from before the newest turn came to."""
LEVELS: Final = {"in_range": "green", "out_of_range": "red", "too_few": "info"}
INPUTS: Final = {"age": "Age", "oxygen": "Oxygen given", "risk": "The risk the model gives"}
INPUT_TITLES: Final = (
    "What goes in and comes out", "Stability index (PSI)", "What it means",
    "Missing where it was trained", "Missing here", "Moved within these weeks (ADWIN)",
)  # fmt: skip
FOLLOW_TITLES: Final = (
    "Risk said", "Questions", "Foreseen", "Came true", "Came true for each foreseen (95 %)",
    "What it means",
)  # fmt: skip
CLOSED_TITLES: Final = (
    "Risk said before", "Useful", "Not useful", "Says nothing", "Share useful (95 %)",
)  # fmt: skip
TURN_TITLES: Final = ("When", "What", "Model", "Why")


def input_name(reader: Reader, name: str) -> str:
    """Return how an input is called."""
    return reader.say(INPUTS[name]) if name in INPUTS else reader.item(name)


def input_lines(reader: Reader, found: Mapping[str, Any]) -> list[list[str]]:
    """Return a line an input, the furthest from the card first."""
    return [
        [
            input_name(reader, one["name"]),
            NOTHING if one["index"] is None else say_number(one["index"], reader.locale, 2),
            reader.say(STANDINGS[one["standing"]]),
            percent(reader, one["missing_then"]),
            percent(reader, one["missing_here"]),
            _shift(reader, one),
        ]
        for one in found["inputs"]
    ]


def _shift(reader: Reader, one: Mapping[str, Any]) -> str:
    """Return since when the newest values of an input are others; the risk's move stands below."""
    moved = one.get("moved")
    if moved is None:
        return NOTHING
    decimals = 2 if one["name"] == "oxygen" else 1
    return reader.say(
        "moved on {time}: {before} → {after}",
        time=reader.time(datetime.fromisoformat(moved["at"])),
        before=say_number(moved["before"], reader.locale, decimals),
        after=say_number(moved["after"], reader.locale, decimals),
    )


def follow_lines(reader: Reader, found: Mapping[str, Any]) -> list[list[str]]:
    """Return a line a band and one of all, of what came true."""
    return [
        [
            reader.say(BANDS[one["band"]]) if one["band"] else reader.say("All together"),
            str(one["questions"]),
            say_number(one["foreseen"], reader.locale, 1),
            str(one["came_true"]),
            _ratio(reader, one),
            # A verdict is passed on the whole; of a band alone too few are counted.
            reader.say(STANDINGS[one["standing"]]) if not one["band"] else NOTHING,
        ]
        for one in (*found["bands"], found["whole"])
    ]


def closed_lines(reader: Reader, found: Mapping[str, Any]) -> list[list[str]]:
    """Return a line a band, of how alerts ended that were raised after it was said."""
    lines = []
    for band, label in BANDS.items():
        counts = found["closed"].get(band, {})
        useful, useless = counts.get("useful", 0), counts.get("useless", 0)
        span = wilson(useful, useful + useless)
        share = NOTHING
        if span is not None:
            low, high = (round(100 * each) for each in span)
            share = f"{round(100 * useful / (useful + useless))} % ({low}–{high})"
        not_said = str(counts.get("not_said", 0))
        lines.append([reader.say(label), str(useful), str(useless), not_said, share])
    return lines


def turn_lines(reader: Reader, turns: tuple[Turn, ...], look: LookRow | None) -> list[list[str]]:
    """Return a line a turn; one that the newest look made says why in the reader's language."""
    return [
        [
            reader.time(turn.at),
            reader.say(TURNS[turn.kind]),
            turn.version or NOTHING,
            _why(reader, turn, look),
        ]
        for turn in turns
    ]


def because_lines(reader: Reader, look: LookRow) -> list[str]:
    """Return what the verdict rests on, a sentence each."""
    found, said = look.findings, []
    for one in found["inputs"]:
        if f"psi:{one['name']}" in found["because"]:
            index = say_number(one["index"], reader.locale, 2)
            name = input_name(reader, one["name"])
            text = "{name}: other than where the model was trained (PSI {index})"
            said.append(reader.say(text, name=name, index=index))
    if "moved" in found["because"]:
        said.append(moved_words(reader, found["moved"]))
    if "calibration" in found["because"]:
        whole = found["whole"]
        foreseen = say_number(whole["foreseen"], reader.locale, 1)
        text = "{came} got worse where {foreseen} were foreseen"
        said.append(reader.say(text, came=whole["came_true"], foreseen=foreseen))
    return said


def moved_words(reader: Reader, moved: Mapping[str, Any] | None) -> str:
    """Return since when the mean risk is another one, or that it is not."""
    if moved is None:
        return reader.say("The mean risk did not move, or too few people are here to say (ADWIN).")
    return reader.say(
        "The mean risk went from {before} to {after} on {time} (ADWIN).",
        before=percent(reader, moved["before"]),
        after=percent(reader, moved["after"]),
        time=reader.time(datetime.fromisoformat(moved["at"])),
    )


def percent(reader: Reader, share: float) -> str:
    """Return a share in percent."""
    return f"{say_number(100 * share, reader.locale, 0)} %"


def csv_lines(reader: Reader, turns: tuple[Turn, ...], look: LookRow | None) -> list[list[str]]:
    """Return the file: each line begins with what it is about; all are as wide as the widest."""
    parts: list[tuple[str, tuple[str, ...], list[list[str]]]] = []
    if look is not None:
        found = look.findings
        parts = [
            (reader.say("Inputs"), INPUT_TITLES, input_lines(reader, found)),
            (reader.say("What came true"), FOLLOW_TITLES, follow_lines(reader, found)),
            (reader.say("Closed alerts"), CLOSED_TITLES, closed_lines(reader, found)),
        ]
    parts.append((reader.say("Turns"), TURN_TITLES, turn_lines(reader, turns, look)))
    lines = []
    for name, titles, rows in parts:
        lines.append([name, *(reader.say(title) for title in titles)])
        lines.extend([name, *row] for row in rows)
    widest = max(len(line) for line in lines)
    return [[*line, *[""] * (widest - len(line))] for line in lines]


def _ratio(reader: Reader, one: Mapping[str, Any]) -> str:
    if one["ratio"] is None:
        return NOTHING
    ratio, low, high = (
        say_number(one[name], reader.locale, 2) for name in ("ratio", "low", "high")
    )
    return f"{ratio} ({low}–{high})"


def _why(reader: Reader, turn: Turn, look: LookRow | None) -> str:
    if turn.kind == "rules_only" and look is not None and look.at == turn.at:
        return " ; ".join(because_lines(reader, look)) or turn.reason
    return turn.reason
