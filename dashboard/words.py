"""English words of the console; each is the msgid of its translation.

What other pages say too stands in the room below that owns it; here, only what is shorter.
"""

from typing import Final

from alerts.alert import State
from alerts.wording import ANSWER_WORDS, ITEM_WORDS
from scoring.item import Bound

STATES: Final = {
    State.RAISED: "To answer",
    State.SEEN: "Seen",
    State.OWNED: "Taken in charge",
    State.ASLEEP: "Asleep",
    State.CLOSED: "Closed",
}
ITEMS: Final = {
    **ITEM_WORDS,
    "spo2": "SpO₂",
    "systolic": "Systolic blood pressure",
    "diastolic": "Diastolic blood pressure",
    "weight": "Weight",
}
CHANGES: Final = {
    Bound.FALL_FROM_USUAL: "fall ≥ {number} from usual",
    Bound.RISE_FROM_USUAL: "rise ≥ {number} from usual",
    Bound.FALL_WITHIN: "fall ≥ {number} over time",
    Bound.RISE_WITHIN: "rise ≥ {number} over time",
}
ANSWERS: Final = {**ANSWER_WORDS, "none": "none"}
INS_STATUSES: Final = {
    "provisional": "Provisional identity",
    "recovered": "Recovered identity",
    "validated": "Validated identity",
    "qualified": "Qualified identity",
}
EVIDENCE_PARTS: Final = {
    "first": "First value beyond the limit",
    "worst": "First value at the worst level",
    "last": "Last value beyond the limit",
    "worsened": "Value that made it red",
    "last_seen": "Beyond the limit again",
}
WISH_PARTS: Final = {
    **EVIDENCE_PARTS,
    "first": "First wish",
    "worst": "Wish that called the team",
    "last": "Last wish when the team was called",
    "last_seen": "Latest wish",
}
PROCESSES: Final = {
    "sentinel": "review and escalation",
    "ingest": "reception of readings",
    "review": "judging of readings, more than 60 s late",
}
TRENDS: Final = {-1: ("↘", "falling"), 0: ("→", "stable"), 1: ("↗", "rising")}
QUARANTINE_REASONS: Final = {
    "malformed_message": "Message that cannot be read",
    "malformed_item": "Reading that cannot be read",
    "retained": "Old message kept by the broker",
    "unknown_gateway": "Gateway unknown",
    "unknown_device": "Device unknown",
    "foreign_device": "Device of another organisation",
    "not_assigned": "Device given to nobody at that time",
    "two_patients": "Device given to two patients at that time",
    "in_the_future": "Time in the future",
    "too_old": "Too old to be used",
    "unexpected": "Not expected here",
}
