"""English words of stays; each is the msgid of its translation. Pure."""

from typing import Final

STATE_LABELS: Final[dict[str, str]] = {
    "emergency": "Emergency department",
    "admitted": "Hospitalised",
    "discharged": "Home again",
    "cancelled": "Entered in error",
}
EVENT_LABELS: Final[dict[str, str]] = {
    "emergency": "Visit to the emergency department",
    "admitted": "Hospitalised",
    "planned": "Planned discharge",
    "still": "Still in hospital",
    "discharged": "Discharged",
    "corrected": "Dates corrected",
    "cancelled": "Cancelled: entered in error",
    "called": "Spoken with at home",
    "asked": "The team is asked",
}
SAID_SENTENCES: Final[dict[str, str]] = {
    "emergency": "It is marked. The questions rest for two days at most; the circle is told "
    "without any detail.",
    "admitted": "It is marked. The questions rest and go on by themselves; the circle is told "
    "without any detail.",
    "planned": "The planned discharge is marked: the questions go on the day after it.",
    "still": "It is marked: the questions rest on.",
    "discharged": "The discharge is marked: the questions go on after one day. Call the patient "
    "within 48 hours.",
    "discharged_unasked": "The discharge is marked. Nobody asks this patient anything now: begin a "
    "plan of questions, or include him again, if he is to be followed. Call the patient within 48 "
    "hours.",
    "corrected": "The dates are corrected.",
    "cancelled": "The stay is cancelled: what was not told yet is told to nobody, and whoever was "
    "told is told of the error. All is asked again.",
    "called": "It is written down that somebody has spoken with the patient.",
    "gone": "This stay is not in the record. Nothing was changed.",
}
PROBLEM_SENTENCES: Final[dict[str, str]] = {
    "act": "This does not fit how the stay stands now. Look at it again.",
    "started": "The beginning is a moment of the last three months, and not still to come.",
    "ended": "The discharge comes after the beginning, and is not still to come.",
    "planned": "Choose a day, today or later, within a year.",
    "time": "This is no day and time.",
    "overlaps": "Another stay of this patient holds that time. Correct its dates or cancel it.",
    "changed": "Somebody marked something just before. Look at the stay again.",
    "dead": "A death is noted in this record: stays are not marked any more.",
}


def is_notable(what: str) -> bool:
    """Whether an event has dates of its own to show."""
    return what in ("emergency", "admitted", "planned", "discharged", "corrected")
