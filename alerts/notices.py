"""What each step of an alert sends."""

from alerts.alert import Alert
from alerts.ladder import FIRST_RUNG, Notice, Recipient


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
