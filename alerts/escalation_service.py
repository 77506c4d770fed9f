"""Calling people: the first rung when an alert is raised, the next ones when nobody answers."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """What one pass did: alerts moved to their next step, and those that could not be."""

    alerts: int
    failed: int


def escalate_due(now: datetime) -> Escalated:
    """Call the next rung of every alert whose next step is due, each in its own transaction."""
    raise NotImplementedError
