"""« Mise en veille »: how long an alert may sleep, and what its sleep and its waking change. Pure.

A sleep is for the whole team: nobody is called until it ends. It ends by itself, by whoever wakes
the alert, by whoever takes it, and by a worsening. A red alert sleeps for a set time in all, how
often it is put to sleep: the silence of a red has a hard limit.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from alerts.acts import Snooze
from alerts.alert import Alert, Sleep, State
from alerts.refusals import RefusalCode, Refused
from scoring.level import Level

LONGEST_ORANGE: Final = timedelta(hours=24)
"""The longest sleep of an orange alert. Source: proposed, to be validated by a doctor."""
LONGEST_RED: Final = timedelta(minutes=30)
"""How long a red alert may sleep in all. Source: proposed, to be validated by a doctor."""


def longest_sleep(alert: Alert) -> timedelta:
    """Return how long the alert may still sleep from now on; zero when it may not."""
    if alert.level is Level.RED:
        return max(LONGEST_RED - alert.slept, timedelta(0))
    return LONGEST_ORANGE


def put_to_sleep(alert: Alert, act: Snooze, now: datetime) -> Alert | Refused:
    """Let nobody be called before `act.until`; an ownership of the same person ends with it.

    Refused when the time has passed, or is later than the alert may sleep; the refusal says until
    when it may.
    """
    latest = now + longest_sleep(alert)
    if act.until <= now:
        return Refused(code=RefusalCode.SLEEP_OVER, by=None, at=now)
    if act.until > latest:
        return Refused(code=RefusalCode.SLEEP_TOO_LONG, by=None, at=latest)
    sleep = Sleep(by=act.by, at=now, until=act.until, reason=act.reason, note=act.note)
    return replace(alert, state=State.ASLEEP, owner=None, sleep=sleep, next_step_at=act.until)


def awake(alert: Alert, now: datetime) -> Alert:
    """Return the alert with its sleep at an end and counted; it is RAISED if it slept."""
    sleep = alert.sleep
    if sleep is None:
        return alert
    slept = alert.slept + max(min(now, sleep.until) - sleep.at, timedelta(0))
    return replace(alert, state=State.RAISED, sleep=None, slept=slept)


def wake(alert: Alert, now: datetime) -> Alert:
    """End the sleep: the next rung is called after its wait, never later than the sleep's end."""
    sleep = alert.sleep
    if sleep is None:
        return alert
    due_at = now + alert.ladder.rung(alert.rung).wait_seconds.of(alert.level)
    return replace(awake(alert, now), next_step_at=min(due_at, sleep.until))
