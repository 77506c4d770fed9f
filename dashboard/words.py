"""English words of the console; each is the msgid of its translation."""

from typing import Final

from alerts.lifecycle import State
from scoring.home_state import MissingWhy
from scoring.item import Bound
from scoring.level import Level

LEVELS: Final = {
    Level.GREEN: "Green",
    Level.UNKNOWN: "No measurement",
    Level.ORANGE: "Orange",
    Level.RED: "Red",
}
STATES: Final = {
    State.RAISED: "To answer",
    State.SEEN: "Seen",
    State.OWNED: "Taken in charge",
    State.CLOSED: "Closed",
}
WHY_MISSING: Final = {
    MissingWhy.NEVER: "never received",
    MissingWhy.STALE: "too old",
    MissingWhy.DOUBTFUL: "doubtful",
}
BOUNDS: Final = {
    Bound.AT_MOST: "≤",
    Bound.BELOW: "<",
    Bound.AT_LEAST: "≥",
    Bound.FALL_FROM_USUAL: "≥",
}
ITEMS: Final = {
    "spo2": "SpO₂",
    "pulse": "Pulse",
    "respiratory_rate": "Respiratory rate",
    "temperature": "Temperature",
    "systolic": "Systolic blood pressure",
    "diastolic": "Diastolic blood pressure",
    "weight": "Weight",
    "dyspnoea": "Breathlessness",
    "faintness_or_confusion": "Faintness or confusion",
    "cannot_eat_or_drink": "Cannot eat or drink for 24 hours",
}
ANSWERS: Final = {
    ("dyspnoea", "none"): "none",
    ("dyspnoea", "effort"): "on effort",
    ("dyspnoea", "rest"): "at rest",
    ("faintness_or_confusion", "yes"): "yes",
    ("faintness_or_confusion", "no"): "no",
    ("cannot_eat_or_drink", "yes"): "yes",
    ("cannot_eat_or_drink", "no"): "no",
}
SEXES: Final = {"female": "Woman", "male": "Man", "unknown": "Sex unknown"}
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
    "not_assigned": "Device given to nobody at that time",
    "two_patients": "Device given to two patients at that time",
    "in_the_future": "Time in the future",
    "too_old": "Too old to be used",
    "unexpected": "Not expected here",
}
NEWS2_FIELDS: Final = {
    "respiratory_rate": "Respiratory rate",
    "spo2": "SpO₂",
    "supplemental_oxygen": "air or oxygen",
    "systolic": "Systolic blood pressure",
    "pulse": "Pulse",
    "consciousness": "consciousness",
    "temperature": "Temperature",
}
