"""Use cases of alerts, in one place for those who call them."""

from alerts.acts_service import act
from alerts.escalation_service import Escalated, escalate_due
from alerts.prescribing_service import prescribe, watching_profile
from alerts.reading_service import (
    alert_page,
    chart,
    find_patient,
    open_alerts,
    patient_summary,
    queue_counts,
    queue_page,
)
from alerts.review_service import Reviewed, review

__all__ = [
    "Escalated",
    "Reviewed",
    "act",
    "alert_page",
    "chart",
    "escalate_due",
    "find_patient",
    "open_alerts",
    "patient_summary",
    "prescribe",
    "queue_counts",
    "queue_page",
    "review",
    "watching_profile",
]
