"""Which steps in the life of an alert another system is told of, and by which word. Pure."""

from typing import Final

from alerts.views import EventKind

EVENTS: Final[dict[EventKind, str]] = {
    "raised": "raised",
    "worsened": "worsened",
    "drill_ended": "raised",
    "exhausted": "unanswered",
    "seen": "seen",
    "owned": "taken",
    "calling_patient": "taken",
    "to_emergency": "taken",
    "visit_asked": "taken",
    "ownership_lapsed": "lapsed",
    "promise_lapsed": "lapsed",
    "asleep": "asleep",
    "woken": "woken",
    "closed": "closed",
}
"""The word for each step. What somebody does for the patient is his matter: it is « taken ».

Of an exercise another system is told nothing, until it has become real.
"""
