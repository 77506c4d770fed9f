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
    "closed": "The alert was closed",
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
    """Say one step of an alert's life; a call names the role of those who were called."""
    if event.what == "called":
        role = str(event.detail.get("role") or "")
        called = "Operator of the service" if role == "operator" else role_label(role)
        return tr("Called: {role}").format(role=tr(called))
    return tr(EVENT_WORDS.get(event.what, event.what))


def say_day(day: date, locale: str) -> str:
    """Write a day, « 2 avril 1951 »."""
    return format_date(day, format="long", locale=locale)
