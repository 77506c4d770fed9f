"""Words of the pages of runs: English msgids. Pure."""

from typing import Final

from core.i18n import say_number

STATE_WORDS: Final = {
    "running": "in progress",
    "cancelled": "stopped",
    "done": "finished",
}
BAND_WORDS: Final = {
    "low": "Low risk",
    "raised": "Raised risk",
    "high": "High risk",
    "silent": "No risk given",
    "none": "No line",
}
SAID_WORDS: Final = {
    "begun": "The run has begun. Workers do it share by share; this page shows how far they are.",
    "cancel": "The run is stopped. What it has found stays.",
    "resume": "The run goes on.",
    "gone": "There is no such run here, or it has no numbers to show.",
    "nothing": "Nothing changed: the run had moved on meanwhile.",
}
FAULT_WORDS: Final = {
    "NoModelError": "The file of this version cannot be read, or is not what it was.",
    "GivenUp": "They were begun three times and never finished: whoever worked at them was ended,"
    " or the database broke it off.",
}
OTHER_FAULT: Final = "A fault of the program: whoever runs the service finds it in the log."


def fault_words(fault: str | None) -> str:
    """Return the sentence of a kind of fault."""
    return FAULT_WORDS.get(fault or "", OTHER_FAULT)


def percent(value: float | None, locale: str) -> str:
    """Return « 12,5 % », or a dash where there is nothing to say."""
    if value is None:
        return "–"
    space = "\u00a0" if locale == "fr" else " "
    return f"{say_number(value * 100, locale, 1)}{space}%"
