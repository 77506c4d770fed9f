"""The form « Comment me prévenir » as it is typed. Pure."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Final, Literal

from identity.phone_numbers import parse_mobile
from messages.ways_service import Wishes

LONGEST_QUIET: Final = timedelta(hours=12)
"""While everybody is in his quiet hours an orange alert calls nobody for as long (proposed)."""

PROBLEM_SENTENCES: Final = {
    "number_missing": "Give the mobile number that text messages go to.",
    "number_wrong": "No text message reaches this number: give a mobile one like 06 12 34 56 78.",
    "quiet_half": "Give both times of your quiet hours, or neither.",
    "quiet_wrong": "Write the times of your quiet hours like 21:00.",
    "digest_wrong": "Write the time of the daily summary like 18:30.",
    "quiet_same": "Your quiet hours begin and end at the same time: choose two different ones.",
    "quiet_long": "Quiet hours last 12 hours at most: shorten yours.",
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
    digest = read_time(given.get("digest_at", "").strip())
    if digest == "wrong":
        wrong["digest_at"] = PROBLEM_SENTENCES["digest_wrong"]
    if wrong or isinstance(hours, str) or isinstance(digest, str):
        return wrong
    return Wishes(
        sms=sms,
        push=given.get("push") == "yes",
        number=number or "",
        quiet_from=hours[0],
        quiet_until=hours[1],
        digest_at=digest,
    )


def read_hours(begins: str, ends: str) -> tuple[time | None, time | None] | str:
    """Return both times, none for none, or the code of what is wrong with them."""
    if not begins and not ends:
        return None, None
    if not begins or not ends:
        return "quiet_half"
    first, last = read_time(begins), read_time(ends)
    if not isinstance(first, time) or not isinstance(last, time):
        return "quiet_wrong"
    if _between(first, last) > LONGEST_QUIET:
        return "quiet_long"
    return "quiet_same" if first == last else (first, last)


def _between(first: time, last: time) -> timedelta:
    """Return how long it is by the clock from one time to the next other one."""
    begins, ends = (timedelta(hours=at.hour, minutes=at.minute) for at in (first, last))
    return (ends - begins) % timedelta(days=1)


def read_time(typed: str) -> time | Literal["wrong"] | None:
    """Return a local time in whole minutes, none for an empty field."""
    if not typed:
        return None
    try:
        found = time.fromisoformat(typed)
    except ValueError:
        return "wrong"
    return "wrong" if found.tzinfo else found.replace(second=0, microsecond=0)
