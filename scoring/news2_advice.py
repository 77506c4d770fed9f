"""What the chart of NEWS2 asks for at each threshold: how often to measure, and who answers.

Source of every row: Royal College of Physicians. National Early Warning Score (NEWS) 2. London:
RCP, 2017 (chart 4, clinical response to the NEWS trigger thresholds), in words of our own. It was
written for wards: at home it says what a ward would do, and calls nobody.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Monitoring(StrEnum):
    """How often the vital signs are taken, at least."""

    EVERY_12_H = "every_12_h"
    EVERY_4_TO_6_H = "every_4_to_6_h"
    EVERY_HOUR = "every_hour"
    CONTINUOUS = "continuous"


class Response(StrEnum):
    """Who does what."""

    ROUTINE = "routine"
    NURSE_DECIDES = "nurse_decides"
    TEAM_REVIEWS = "team_reviews"
    URGENT = "urgent"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One row of the chart; `longest_hours` until the next full set, 0 for without a break."""

    monitoring: Monitoring
    longest_hours: int
    response: Response


ROUTINE: Final = Advice(
    monitoring=Monitoring.EVERY_12_H, longest_hours=12, response=Response.ROUTINE
)
"""A total of 0. Source: RCP 2017, chart 4."""
NURSE_DECIDES: Final = Advice(
    monitoring=Monitoring.EVERY_4_TO_6_H, longest_hours=6, response=Response.NURSE_DECIDES
)
"""A total of 1 to 4. Source: RCP 2017, chart 4."""
TEAM_REVIEWS: Final = Advice(
    monitoring=Monitoring.EVERY_HOUR, longest_hours=1, response=Response.TEAM_REVIEWS
)
"""3 in a single part. Source: RCP 2017, chart 4."""
URGENT: Final = Advice(monitoring=Monitoring.EVERY_HOUR, longest_hours=1, response=Response.URGENT)
"""A total of 5 or 6. Source: RCP 2017, chart 4."""
EMERGENCY: Final = Advice(
    monitoring=Monitoring.CONTINUOUS, longest_hours=0, response=Response.EMERGENCY
)
"""A total of 7 or more. Source: RCP 2017, chart 4."""

MONITORING_LABELS: Final[dict[Monitoring, str]] = {
    Monitoring.EVERY_12_H: "Vital signs at least every 12 hours",
    Monitoring.EVERY_4_TO_6_H: "Vital signs at least every 4 to 6 hours",
    Monitoring.EVERY_HOUR: "Vital signs at least every hour",
    Monitoring.CONTINUOUS: "Vital signs without a break",
}
"""English msgid of each."""
RESPONSE_LABELS: Final[dict[Response, str]] = {
    Response.ROUTINE: "Monitoring as planned",
    Response.NURSE_DECIDES: "A nurse assesses the patient and decides",
    Response.TEAM_REVIEWS: "The nurse tells the medical team, who review the patient",
    Response.URGENT: "Urgent: the medical team is told at once and assesses the patient",
    Response.EMERGENCY: "Emergency: a team for the critically ill assesses the patient at once",
}
"""English msgid of each."""
