"""English words of the alert's page; each is the msgid of its translation. Pure."""

from datetime import date
from typing import Final

from babel.dates import format_date

from alerts.views import EventView
from core.i18n import Translate
from identity.words import role_label

EVENT_WORDS: Final = {
    "raised": "The alert was raised",
    "worsened": "It worsened to red",
    "nobody_reachable": "Nobody could be reached at this step",
    "exhausted": "Everybody was called and nobody answered: starting again",
    "owned": "Taken in charge",
    "ownership_lapsed": "The taking in charge has lapsed",
    "seen": "Has seen it",
    "calling_patient": "Is calling the patient",
    "called_15": "Has called 15",
    "answered_since": "The patient has answered since",
    "attempt": "Somebody tried to reach the patient",
    "doubt_check": "Somebody is sent to the home: {who}",
    "doubt_checked": "Somebody was at the home",
    "closed": "The alert was closed",
}

CALL_WORDS: Final[dict[str, str]] = {
    "reached": "Call to {who}: answers",
    "no_answer": "Call to {who}: nobody answers",
    "message_left": "Call to {who}: a message was left",
    "call_later": "Call to {who}: to be called back",
    "wrong_number": "Call to {who}: wrong number",
}
CHECKED_WORDS: Final[dict[str, str]] = {
    "well": "At the home: the patient is well",
    "unwell": "At the home: the patient is unwell, the team was called",
    "nobody": "At the home: nobody was found",
    "called_15": "At the home: 15 was called",
    "cancelled": "Going to the home is no longer needed",
}

NEWS2_WORDS: Final = {
    "respiratory_rate": "respiratory rate",
    "spo2": "SpO2",
    "supplemental_oxygen": "oxygen",
    "systolic": "blood pressure",
    "pulse": "pulse",
    "consciousness": "consciousness",
    "temperature": "temperature",
    "spo2_scale": "SpO2 scale",
    "age": "age",
}


def say_event(event: EventView, tr: Translate) -> str:
    """Say one step of an alert's life; a call names the role of those who were called, an attempt
    to reach the patient and a check at his home name whom it was to.
    """
    if event.what == "called":
        role = str(event.detail.get("role") or "")
        called = "Operator of the service" if role == "operator" else role_label(role)
        return tr("Called: {role}").format(role=tr(called))
    about, outcome = str(event.detail.get("who") or ""), str(event.detail.get("outcome") or "")
    if event.what == "attempt" and outcome in CALL_WORDS:
        return tr(CALL_WORDS[outcome]).format(who=about or tr("the patient"))
    if event.what == "doubt_checked" and outcome in CHECKED_WORDS:
        return tr(CHECKED_WORDS[outcome])
    return tr(EVENT_WORDS.get(event.what, event.what)).format(who=about)


def say_day(day: date, locale: str) -> str:
    """Write a day, « 2 avril 1951 »."""
    return format_date(day, format="long", locale=locale)
