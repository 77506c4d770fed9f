"""A step that reaches nobody passes to the next rung at once, once round the ladder. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from alerts.acts import Escalate
from alerts.alert import Alert
from alerts.lifecycle import transition


def lap(alert: Alert, now: datetime) -> Iterator[Alert]:
    """Yield the alert on its present step, then on those that follow while each reaches nobody.

    The last one has gone once round: every rung the ladder repeats was tried before it. Raises
    ValueError for an alert that is closed.
    """
    yield alert
    for _ in alert.ladder.rungs:
        after = transition(replace(alert, next_step_at=now), Escalate(), now)
        if not isinstance(after, Alert):
            raise ValueError("a step that is due was refused")
        alert = after
        yield after
