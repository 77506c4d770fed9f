"""How an alert may end: coded outcomes, so that what rules are worth can be counted."""

from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """What was done, or found, when an alert was closed (proposed list, to be validated)."""

    PATIENT_CALLED_REASSURED = "patient_called_reassured"
    ADVICE_GIVEN = "advice_given"
    GP_CALLED = "gp_called"
    TREATMENT_ADJUSTED = "treatment_adjusted"
    CONSULTATION_ARRANGED = "consultation_arranged"
    HOME_VISIT_ARRANGED = "home_visit_arranged"
    SENT_TO_EMERGENCY = "sent_to_emergency"
    EMERGENCY_CALLED_15 = "emergency_called_15"
    HOSPITALISED = "hospitalised"
    UNREACHABLE_HOME_VISIT = "unreachable_home_visit"
    USUAL_FOR_THIS_PERSON = "usual_for_this_person"
    TECHNICAL_PROBLEM = "technical_problem"
    FALSE_ALARM_SENSOR = "false_alarm_sensor"
    DUPLICATE = "duplicate"
    FOLLOW_UP_ENDED = "follow_up_ended"
    """Closed by whoever ended the follow-up, who was shown the alert."""
    PATIENT_DIED = "patient_died"
    """Closed because the patient died."""


BY_ENDING: Final = frozenset({Outcome.FOLLOW_UP_ENDED, Outcome.PATIENT_DIED})
"""What no form offers: a follow-up that ends gives it."""

OUTCOME_LABELS: Final[dict[Outcome, str]] = {
    Outcome.PATIENT_CALLED_REASSURED: "Patient called, reassured",
    Outcome.ADVICE_GIVEN: "Advice given",
    Outcome.GP_CALLED: "GP called, who takes it from here",
    Outcome.TREATMENT_ADJUSTED: "Treatment adjusted",
    Outcome.CONSULTATION_ARRANGED: "Consultation arranged",
    Outcome.HOME_VISIT_ARRANGED: "Home visit arranged",
    Outcome.SENT_TO_EMERGENCY: "Sent to the emergency department",
    Outcome.EMERGENCY_CALLED_15: "Emergency services (15) called",
    Outcome.HOSPITALISED: "Hospitalised",
    Outcome.UNREACHABLE_HOME_VISIT: "Unreachable, someone sent to the home",
    Outcome.USUAL_FOR_THIS_PERSON: "Usual for this person, limits to review",
    Outcome.TECHNICAL_PROBLEM: "Technical problem",
    Outcome.FALSE_ALARM_SENSOR: "False alarm of the sensor",
    Outcome.DUPLICATE: "Duplicate of another alert",
    Outcome.FOLLOW_UP_ENDED: "Follow-up ended",
    Outcome.PATIENT_DIED: "The patient died",
}
"""English msgid of each outcome."""

OFFERED: Final[dict[Outcome, str]] = {
    outcome: label for outcome, label in OUTCOME_LABELS.items() if outcome not in BY_ENDING
}
"""The outcomes a person may choose from."""
