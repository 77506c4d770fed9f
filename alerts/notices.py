"""What each step of an alert sends, and what is due now."""

from datetime import datetime

from alerts.ladder import FIRST_RUNG, Notice, Recipient
from alerts.lifecycle import Alert, Escalate, transition


def notices(alert: Alert) -> tuple[Notice, ...]:
    """Return what the present step of an open alert sends; the same step, the same notices.

    Once the ladder has ended with nobody answering, every step also alarms the operator.
    """
    if alert.closing is not None:
        return ()
    called = [
        Notice(
            alert_id=alert.alert_id, round=alert.round, rung=number, role=rung.role, channel=channel
        )
        for number, rung in enumerate(alert.ladder.rungs, start=FIRST_RUNG)
        if alert.from_rung <= number <= alert.rung
        for channel in rung.channels
    ]
    operator = [
        Notice(
            alert_id=alert.alert_id,
            round=alert.round,
            rung=alert.rung,
            role=Recipient.OPERATOR,
            channel=channel,
        )
        for channel in (alert.ladder.operator_channels if alert.exhaustions else ())
    ]
    return (*called, *operator)


def steps_due(alert: Alert, now: datetime) -> tuple[Notice, ...]:
    """Return what must be sent at `now` because the next step is due; nothing when it is not."""
    after = transition(alert, Escalate(), now)
    return notices(after) if isinstance(after, Alert) else ()
