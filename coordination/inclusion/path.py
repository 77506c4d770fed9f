"""The one path of an inclusion: its form read into what is wanted or is to be mended. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from coordination.consent import Means, parse_means
from coordination.inclusion.eligibility import answers_of, unmet
from coordination.inclusion.programmes import Programme, find_programme
from questionnaires.plans.plan_words import ZONE_LABELS

FIELDS: Final = (
    "programme",
    "exception",
    "informed",
    "usage_data",
    "means",
    "mail",
    "starts_on",
    "ends_on",
    "zone",
    "high_risk",
    "device",
    "gp",
    "call_name",
    "call_phone",
    "call_tie",
    "talking",
)
"""What the form sends, apart from the criteria, of which there are several."""
SHORTEST_EXCEPTION: Final = 10

PROBLEM_SENTENCES: Final[dict[str, str]] = {
    "programme": "Choose a programme.",
    "criteria": "A criterion is not met: do not include, or say why all the same.",
    "informed": "Nobody is followed who was not told and did not agree.",
    "usage_data": "Say what the patient answered.",
    "means": "Say how the patient agreed.",
    "mail": "Enter the mail address to which his link goes.",
    "dates": "The last day comes before the first, or the first is over.",
    "zone": "Choose where the patient lives.",
    "call": "Enter a name and a telephone number, or neither.",
    "device": "Somebody else has this device now: choose another.",
    "gp": "Nobody is known by this number or sign-in name.",
    "substitute": "This record has no GP: first name who is called in his place.",
    "newer": "Somebody has signed a prescription for him since: look at it, then begin again.",
    "running": "He is followed in this programme already.",
    "dead": "A death is noted in this record: nobody is included.",
    "unshared": (
        "This record is not shared: its alerts would reach nobody. Share it first, then include "
        "the patient."
    ),
    "archived": "This record is archived. Reopen it first.",
    "post": "Act in a post that includes patients: choose it when you sign in.",
    "plan": "The plan of questions cannot begin so. Choose other days or another programme.",
    "refusal": "Say why he is not included.",
    "mail_taken": "This mail address belongs to another account.",
    "account": "His account is closed or suspended: include him without an invitation.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An inclusion that can be made: every part of it was checked."""

    programme: Programme
    eligibility: dict[str, bool]
    exception: str
    """Why he is included although a criterion is not met; empty when all are."""
    usage_data: bool | None
    """What he answered; None when he reads and answers himself, on his own phone."""
    means: Means
    mail: str
    """Where the patient's own link goes; empty: he finishes nothing himself."""
    starts_on: date
    ends_on: date | None
    zone: str
    high_risk: bool
    device: str
    gp: str
    person_to_call: dict[str, str] | None
    talking: bool
    """Whether whoever includes speaks with the patient now: that is the first contact."""


@dataclass(frozen=True, slots=True)
class Mend:
    """What is to be mended: field to reason, an English msgid."""

    problems: dict[str, str]


def read_path(given: Mapping[str, str], met: Sequence[str], today: date) -> Wanted | Mend:
    """Read a filled-in form; `met` are the criteria that were ticked."""
    text = {field: given.get(field, "").strip() for field in FIELDS}
    programme = find_programme(text["programme"])
    means = parse_means(text["means"])
    starts_on = _day(text["starts_on"]) if text["starts_on"] else today
    wrong = {code for code, is_wrong in _checks(text).items() if is_wrong}
    if programme is None:
        wrong.add("programme")
    elif unmet(programme.id, met) and len(text["exception"]) < SHORTEST_EXCEPTION:
        wrong.add("criteria")
    ends_on = _last_day(text["ends_on"], programme, starts_on)
    in_order = ends_on is None or (starts_on is not None and starts_on <= ends_on)
    if starts_on is None or starts_on < today or not in_order:
        wrong.add("dates")
    if wrong or programme is None or means is None or starts_on is None:
        return Mend({code: PROBLEM_SENTENCES[code] for code in sorted(wrong)})
    called = {"name": text["call_name"], "phone": text["call_phone"], "tie": text["call_tie"]}
    return Wanted(
        programme=programme,
        eligibility=answers_of(programme.id, met),
        exception=text["exception"] if unmet(programme.id, met) else "",
        usage_data=None if means is Means.DIGITAL else text["usage_data"] == "yes",
        means=means,
        mail=text["mail"],
        starts_on=starts_on,
        ends_on=ends_on,
        zone=text["zone"],
        high_risk=bool(text["high_risk"]),
        device=text["device"],
        gp=text["gp"],
        person_to_call=called if text["call_name"] else None,
        talking=bool(text["talking"]),
    )


def _checks(text: Mapping[str, str]) -> dict[str, bool]:
    """Return for each simple check whether it fails."""
    return {
        "informed": not text["informed"],
        "usage_data": text["means"] != Means.DIGITAL and text["usage_data"] not in ("yes", "no"),
        "means": parse_means(text["means"]) is None,
        "mail": (bool(text["mail"]) or text["means"] == Means.DIGITAL)
        and "@" not in text["mail"][1:-1],
        "zone": text["zone"] not in ZONE_LABELS,
        "call": bool(text["call_name"]) != bool(text["call_phone"]),
    }


def _last_day(raw: str, programme: Programme | None, starts_on: date | None) -> date | None:
    if raw:
        return _day(raw) or date.min
    if programme is None or programme.days is None or starts_on is None:
        return None
    return starts_on + timedelta(days=programme.days - 1)


def _day(raw: str) -> date | None:
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2200 else None


def proposed(today: date, zone: str) -> dict[str, str]:
    """Return what the form shows before anything was typed."""
    known = zone if zone in ZONE_LABELS else "Europe/Paris"
    return {"starts_on": today.isoformat(), "zone": known, "means": "spoken", "usage_data": ""}
