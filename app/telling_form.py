"""The form « Comment me prévenir » as it is typed. Pure."""

from collections.abc import Mapping
from datetime import time
from typing import Final

from identity.phone_numbers import parse_mobile
from messages.ways_service import Wishes

PROBLEM_SENTENCES: Final = {
    "number_missing": "Give the mobile number that text messages go to.",
    "number_wrong": "No text message reaches this number: give a mobile one like 06 12 34 56 78.",
    "quiet_half": "Give both times of your quiet hours, or neither.",
    "quiet_wrong": "Write the times of your quiet hours like 21:00.",
    "quiet_same": "Your quiet hours begin and end at the same time: choose two different ones.",
}
"""English msgid of each thing that may be wrong."""


def read_wishes(given: Mapping[str, str], *, has_number: bool) -> Wishes | dict[str, str]:
    """Return what is chosen, or what is wrong with which field.

    `has_number`: there is one already, so that an empty field keeps it.
    """
    sms, typed = given.get("sms") == "yes", given.get("number", "").strip()
    number = parse_mobile(typed) if typed else None
    begins, ends = (given.get(name, "").strip() for name in ("quiet_from", "quiet_until"))
    wrong: dict[str, str] = {}
    if typed and number is None:
        wrong["number"] = PROBLEM_SENTENCES["number_wrong"]
    elif sms and not typed and not has_number:
        wrong["number"] = PROBLEM_SENTENCES["number_missing"]
    hours = read_hours(begins, ends)
    if isinstance(hours, str):
        wrong["quiet"] = PROBLEM_SENTENCES[hours]
    if wrong or isinstance(hours, str):
        return wrong
    return Wishes(
        sms=sms,
        push=given.get("push") == "yes",
        number=number or "",
        quiet_from=hours[0],
        quiet_until=hours[1],
    )


def read_hours(begins: str, ends: str) -> tuple[time | None, time | None] | str:
    """Return both times, none for none, or the code of what is wrong with them."""
    if not begins and not ends:
        return None, None
    if not begins or not ends:
        return "quiet_half"
    try:
        first, last = (time.fromisoformat(text) for text in (begins, ends))
    except ValueError:
        return "quiet_wrong"
    if first.tzinfo or last.tzinfo:
        return "quiet_wrong"
    first, last = (one.replace(second=0, microsecond=0) for one in (first, last))
    return "quiet_same" if first == last else (first, last)
