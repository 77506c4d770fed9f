"""Use cases of alerts, in one place for those who call them."""

from alerts.acts_service import act, answerers, shown_of
from alerts.aside_service import asides_of, put_aside, take_back
from alerts.escalation_service import Escalated, escalate_due
from alerts.health_service import failing_work, review_lag
from alerts.precision_service import precision
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
from alerts.refusals import Refused
from alerts.repeats_shown_service import repeats_waiting
from alerts.review_service import Reviewed, review
from alerts.risk_shown_service import risk_beside
from alerts.talking_service import say
from alerts.views import NotFound

__all__ = [
    "Escalated",
    "NotFound",
    "Refused",
    "Reviewed",
    "act",
    "alert_page",
    "answerers",
    "asides_of",
    "chart",
    "escalate_due",
    "failing_work",
    "find_patient",
    "open_alerts",
    "patient_summary",
    "precision",
    "prescribe",
    "put_aside",
    "queue_counts",
    "queue_page",
    "repeats_waiting",
    "review",
    "review_lag",
    "risk_beside",
    "say",
    "shown_of",
    "take_back",
    "watching_profile",
]
