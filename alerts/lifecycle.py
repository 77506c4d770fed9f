"""The life of an alert: raised, seen, owned, closed; and the time of its next step.

Pure: `transition(alert, act, now)` gives the alert as it is after the act, or why not. An alert
that is not closed always has a `next_step_at`. Only « Vu » (once a person and once a step), a
taking in charge and a sleep move it later: by the delay of the alert's own frozen ladder, or within
the limits of alerts/sleeping.py.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID

from alerts.acts import (
    Act,
    Assign,
    Called15,
    Close,
    EndDrill,
    Escalate,
    Own,
    PersonAct,
    See,
    Snooze,
    Wake,
    Worsen,
)
from alerts.alert import Alert, Assignment, Closing, Ownership, Receipt, State
from alerts.answering import (
    AskVisit,
    CallPatient,
    Hold,
    Promise,
    SendToEmergency,
    hold_of,
    promised_until,
    term_of,
)
from alerts.ladder import FIRST_RUNG, Ladder
from alerts.outcomes import Outcome
from alerts.refusals import RefusalCode, Refused
from alerts.sleeping import awake, put_to_sleep, wake
from scoring.level import Level


def raise_alert(*, alert_id: UUID, item: str, level: Level, ladder: Ladder, now: datetime) -> Alert:
    """Return a new alert that calls the first rung now; `level` must be ORANGE or RED."""
    if level not in (Level.ORANGE, Level.RED):
        raise ValueError(f"an alert is orange or red, not {level.code}")
    return Alert(
        alert_id=alert_id,
        item=item,
        level=level,
        ladder=ladder,
        raised_at=now,
        state=State.RAISED,
        round=1,
        from_rung=FIRST_RUNG,
        rung=FIRST_RUNG,
        exhaustions=0,
        next_step_at=now + ladder.rung(FIRST_RUNG).wait_seconds.of(level),
        owner=None,
        receipts=(),
        sleep=None,
        slept=timedelta(0),
        assignment=None,
        closing=None,
    )


def transition(alert: Alert, act: Act, now: datetime) -> Alert | Refused:
    """Apply one act at `now` and return the alert after it, or the reason it does nothing.

    A person's act repeated by the same person returns the alert unchanged, so that a double tap
    or a retried request is harmless.
    """
    if alert.closing is not None:
        return Refused(code=RefusalCode.ALREADY_CLOSED, by=alert.closing.by, at=alert.closing.at)
    match act:
        case Escalate():
            return _escalate(alert, now)
        case Worsen():
            return _worsen(alert, now)
        case EndDrill():
            return replace(_alarm_anew(alert, now), receipts=())
        case _:
            return _by_person(alert, act, now)


def _by_person(alert: Alert, act: PersonAct, now: datetime) -> Alert | Refused:
    match act:
        case Own(by=by):
            return _own(alert, by, now)
        case See(by=by):
            return _see(alert, by, now)
        case CallPatient() | SendToEmergency() | AskVisit():
            return _promise(alert, act, now)
        case Called15(by=by, note=note):
            owned = _hold(alert, by, now, Hold.OWNED, timedelta(0))
            return _close(owned, by, now, Outcome.EMERGENCY_CALLED_15, note)
        case Snooze():
            return _snooze(alert, act, now)
        case Wake():
            return wake(alert, now)
        case Assign():
            return _assign(alert, act, now)
        case Close(by=by, outcome=outcome, note=note):
            return _close(alert, by, now, outcome, note)
        case _:
            assert_never(act)


def _own(alert: Alert, by: UUID, now: datetime) -> Alert | Refused:
    owner = _holder(alert, now)
    if owner is not None and owner.by != by:
        return Refused(code=RefusalCode.OWNED_BY_ANOTHER, by=owner.by, at=owner.at)
    if owner is not None and owner.hold is Hold.OWNED:
        return alert
    return _hold(alert, by, now, Hold.OWNED, alert.ladder.owned_seconds.of(alert.level))


def _promise(alert: Alert, act: Promise, now: datetime) -> Alert | Refused:
    """Give the alert to whoever acts, even from another owner: what he does is a fact."""
    owner, hold = _holder(alert, now), hold_of(act)
    if owner is not None and (owner.by, owner.hold) == (act.by, hold):
        return alert
    until = promised_until(act, alert.ladder, alert.level, now)
    if isinstance(until, RefusalCode):
        latest = now + term_of(hold, alert.ladder, alert.level).longest
        return Refused(code=until, by=None, at=latest)
    return _hold(alert, act.by, now, hold, until - now)


def _holder(alert: Alert, now: datetime) -> Ownership | None:
    """Return the ownership that still holds at `now`; one that lapsed stops nobody."""
    return alert.owner if alert.owner is not None and now < alert.owner.until else None


def _hold(alert: Alert, by: UUID, now: datetime, hold: Hold, delay: timedelta) -> Alert:
    owner = Ownership(by=by, at=now, until=now + delay, hold=hold)
    return replace(
        awake(alert, now),
        state=State.OWNED,
        owner=owner,
        assignment=None,
        next_step_at=owner.until,
    )


def _snooze(alert: Alert, act: Snooze, now: datetime) -> Alert | Refused:
    """Put to sleep what nobody else has in charge or has put to sleep."""
    owner, sleep = _holder(alert, now), alert.sleep
    if owner is not None and owner.by != act.by:
        return Refused(code=RefusalCode.OWNED_BY_ANOTHER, by=owner.by, at=owner.at)
    if sleep is not None and now < sleep.until:
        same = (sleep.by, sleep.until) == (act.by, act.until)
        return alert if same else Refused(code=RefusalCode.ASLEEP, by=sleep.by, at=sleep.at)
    return put_to_sleep(awake(alert, now), act, now)


def _assign(alert: Alert, act: Assign, now: datetime) -> Alert:
    """Ask a colleague; the ladder goes on as if nothing had been done."""
    if alert.assignment is not None and alert.assignment.to == act.to:
        return alert
    return replace(alert, assignment=Assignment(to=act.to, by=act.by, at=now))


def _see(alert: Alert, by: UUID, now: datetime) -> Alert:
    """Record the receipt; it buys one delay a person and level, and a step; none when owned."""
    if any(receipt.by == by and receipt.level == alert.level for receipt in alert.receipts):
        return alert
    step = (alert.round, alert.rung)
    spent = any(receipt.bought == step for receipt in alert.receipts)
    escalates = alert.state in (State.RAISED, State.SEEN)
    buys = not spent and escalates
    receipt = Receipt(by=by, at=now, level=alert.level, bought=step if buys else None)
    state = State.SEEN if escalates else alert.state
    delay = alert.ladder.seen_seconds.of(alert.level)
    due_at = max(_deadline(alert), now) + delay if buys else alert.next_step_at
    receipts = (*alert.receipts, receipt)
    return replace(alert, state=state, receipts=receipts, next_step_at=due_at)


def _close(alert: Alert, by: UUID, now: datetime, outcome: Outcome, note: str) -> Alert:
    closing = Closing(by=by, at=now, outcome=outcome, note=note)
    return replace(awake(alert, now), state=State.CLOSED, closing=closing, next_step_at=None)


def _escalate(alert: Alert, now: datetime) -> Alert | Refused:
    """Call the next rung, or begin again; its wait counts from `now`, even after an outage."""
    due_at = _deadline(alert)
    if now < due_at:
        return Refused(code=RefusalCode.NOT_YET_DUE, by=None, at=due_at)
    exhausted = alert.rung >= len(alert.ladder.rungs)
    rung = alert.ladder.repeat_from_rung if exhausted else alert.rung + 1
    return replace(
        awake(alert, now),
        state=State.RAISED,
        owner=None,
        round=alert.round + exhausted,
        exhaustions=alert.exhaustions + exhausted,
        from_rung=rung,
        rung=rung,
        next_step_at=now + alert.ladder.rung(rung).wait_seconds.of(alert.level),
    )


def _worsen(alert: Alert, now: datetime) -> Alert | Refused:
    """Turn an orange alert red: everybody called so far is called again, at once.

    Taking the orange alert in charge does not cover the red one: the ownership is lifted, and
    the next rung comes after the red wait, or earlier if it was to. So is its sleep, and what it
    slept as orange does not count against what it may sleep as red.
    """
    if alert.level is Level.RED:
        return Refused(code=RefusalCode.ALREADY_RED, by=None, at=None)
    return _alarm_anew(replace(alert, level=Level.RED), now)


def _alarm_anew(alert: Alert, now: datetime) -> Alert:
    """Lift what stopped the ladder; the next rung comes after the wait of the level, or before.

    Of an exercise that has become real, the receipts go too: nobody has seen the real alert.
    """
    wait = alert.ladder.rung(alert.rung).wait_seconds.of(alert.level)
    return replace(
        awake(alert, now),
        state=State.RAISED,
        owner=None,
        slept=timedelta(0),
        round=alert.round + 1,
        from_rung=FIRST_RUNG,
        next_step_at=min(_deadline(alert), now + wait),
    )


def _deadline(alert: Alert) -> datetime:
    if alert.next_step_at is None:
        raise ValueError(f"alert {alert.alert_id} is open and has no next step")
    return alert.next_step_at
