"""What is answered to an alert: a receipt buys time once, an answer that names who acts stops it.

Each test is one promise of the way an alert is answered, from the value to the next call.
"""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from alerts import service as alerts
from alerts.acts import See
from alerts.alert import State
from alerts.answering import AskVisit, CallPatient, Hold, Promise, SendToEmergency
from alerts.ladder import Recipient
from alerts.refusals import RefusalCode, Refused
from alerts.telling import Fate
from alerts.views import AlertLine, AlertPage
from core import clock
from core.access import Permission
from core.doors import Actor, CareContext, Service, serving
from core.vitals import Vital
from scoring.level import Level
from tests.integration.alerts.home import Home, make_home, measure, opened, rows, seen_by_nurse

pytestmark = pytest.mark.usefixtures("database")
MINUTE = timedelta(minutes=1)


def red() -> tuple[Home, UUID, datetime]:
    """Return a home with one red alert, and when it was raised."""
    home, now = make_home(), clock.now()
    measure(home, [(Vital.SPO2, 88, timedelta(0))], now=now)
    assert alerts.review(now).alerts == 1
    return home, line_of(home).alert_id, now


def line_of(home: Home) -> AlertLine:
    (line,) = seen_by_nurse(home)
    return line


def act(home: Home, actor: Actor, alert: UUID, what: See | Promise, **given: Level) -> AlertPage:
    done = alerts.act(may_act(home, actor), alert, what, **given)
    assert isinstance(done, AlertPage), done
    return done


def may_act(home: Home, actor: Actor) -> CareContext:
    return opened(actor, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)


def called(home: Home) -> list[str]:
    """Return who was called so far, by role."""
    return [
        str(role)
        for (role,) in rows(
            "select detail->>'role' from alerts.alert_event where what = 'called' order by id"
        )
    ]


def due(home: Home) -> datetime:
    next_step_at = line_of(home).next_step_at
    assert next_step_at is not None
    return next_step_at


def life() -> list[str]:
    return [str(what) for (what,) in rows("select what from alerts.alert_event order by id")]


def test_red_without_symptoms_raises_at_once() -> None:
    home, now = make_home(), clock.now()
    measure(home, [(Vital.SPO2, 96, 60 * MINUTE), (Vital.PULSE, 75, 60 * MINUTE)], now=now)
    alerts.review(now)
    assert seen_by_nurse(home) == ()
    measure(home, [(Vital.SPO2, 91, timedelta(0))], now=now)
    assert alerts.review(now).alerts == 1
    line = line_of(home)
    assert (line.level, line.item, line.since) == (Level.RED, "spo2", now)
    assert rows("select count(*) from questionnaires.answer") == [(0,)]
    assert called(home) == ["telemonitoring_nurse"]


def test_vu_buys_one_delay_then_the_ladder_goes_on() -> None:
    home, alert, raised = red()
    nurse, gp = home.care.nurse, home.care.gp
    page = act(home, nurse, alert, See(by=nurse.person))
    assert [each.name for each in page.receipts] == ["Inès Moreau"]
    assert due(home) == raised + 15 * MINUTE
    act(home, nurse, alert, See(by=nurse.person))
    assert due(home) == raised + 15 * MINUTE
    assert alerts.escalate_due(raised + 14 * MINUTE).alerts == 0
    assert alerts.escalate_due(raised + 15 * MINUTE).alerts == 1
    assert called(home) == ["telemonitoring_nurse", "gp"]
    for _ in range(2):
        act(home, gp, alert, See(by=gp.person))
        assert due(home) == raised + 30 * MINUTE
    for minutes in (30, 40):
        assert alerts.escalate_due(raised + minutes * MINUTE).alerts == 1
        for again in (nurse, gp):
            act(home, again, alert, See(by=again.person))
        assert due(home) == raised + (minutes + 10) * MINUTE
    assert line_of(home).state is State.RAISED


@pytest.mark.parametrize(
    ("kind", "hold", "what"),
    [
        (CallPatient, Hold.CALLING_PATIENT, "calling_patient"),
        (SendToEmergency, Hold.TO_EMERGENCY, "to_emergency"),
        (AskVisit, Hold.VISIT_ASKED, "visit_asked"),
    ],
)
def test_an_answer_that_names_who_acts_stops_it(kind: type[Promise], hold: Hold, what: str) -> None:
    home, alert, raised = red()
    gp, before = home.care.gp, clock.now() + 14 * MINUTE
    page = act(home, gp, alert, kind(by=gp.person, before=before))
    line = line_of(home)
    assert (line.state, line.owner_name, line.hold) == (State.OWNED, "Dr Paul Lefèvre", hold)
    assert line.owned_until == line.next_step_at == before
    assert (page.events[-1].what, page.events[-1].by_name) == (what, "Dr Paul Lefèvre")
    assert page.events[-1].detail == {"before": before.isoformat()}
    assert alerts.escalate_due(raised + 13 * MINUTE).alerts == 0
    assert called(home) == ["telemonitoring_nurse"]


def test_the_promise_not_kept_reopens() -> None:
    home, alert, _ = red()
    gp, before = home.care.gp, clock.now() + 10 * MINUTE
    act(home, gp, alert, CallPatient(by=gp.person, before=before))
    assert alerts.escalate_due(before).alerts == 1
    line = line_of(home)
    assert (line.state, line.owner, line.hold) == (State.RAISED, None, None)
    assert called(home) == ["telemonitoring_nurse", "gp"]
    assert life() == ["raised", "called", "calling_patient", "promise_lapsed", "called"]
    (row,) = alerts.queue_page(home.care.nurse, 10, 0)
    assert [each.state for each in row.alerts] == [State.RAISED]


def test_a_time_chosen_for_an_orange_alert_is_none_for_a_red_one() -> None:
    home, alert, _ = red()
    gp, before = home.care.gp, clock.now() + 10 * MINUTE
    for what in (CallPatient(by=gp.person, before=before), AskVisit(by=gp.person)):
        done = alerts.act(may_act(home, gp), alert, what, shown=Level.ORANGE)
        assert done == Refused(code=RefusalCode.WORSENED, by=None, at=None)
    done = act(home, gp, alert, CallPatient(by=gp.person), shown=Level.ORANGE)
    assert done.line.hold is Hold.CALLING_PATIENT


def test_a_promise_beyond_what_the_alert_allows_changes_nothing() -> None:
    home, alert, _ = red()
    gp, before = home.care.gp, due(home)
    for minutes, code in ((20, RefusalCode.PROMISE_TOO_LATE), (-1, RefusalCode.PROMISE_PAST)):
        what = CallPatient(by=gp.person, before=clock.now() + minutes * MINUTE)
        done = alerts.act(may_act(home, gp), alert, what)
        assert isinstance(done, Refused)
        assert done.code is code
    assert (due(home), line_of(home).owner) == (before, None)


def test_who_was_told_what_became_of_it_and_who_comes_next() -> None:
    home, alert, raised = red()
    nurse, gp = home.care.nurse, home.care.gp
    (first,) = page_of(home, alert).told
    assert [(each.name, each.fate) for each in first.people] == [("Inès Moreau", Fate.WAITING)]
    following = page_of(home, alert).next_call
    assert following is not None
    assert (following.at, following.role) == (raised + 10 * MINUTE, Recipient.GP)
    with serving(Service.ADMINISTRATION) as conn:
        conn.execute(
            "update messages.outbox set state = 'sent', first_sent_at = %s", [raised + MINUTE]
        )
    (first,) = page_of(home, alert).told
    assert [(each.fate, each.at) for each in first.people] == [(Fate.SENT, raised + MINUTE)]
    act(home, nurse, alert, See(by=nurse.person))
    (first,) = page_of(home, alert).told
    assert [each.fate for each in first.people] == [Fate.SEEN]
    assert alerts.escalate_due(due(home)).alerts == 1
    _, second = page_of(home, alert).told
    assert (second.role, [each.name for each in second.people]) == ("gp", ["Dr Paul Lefèvre"])
    assert [each.fate for each in second.people] == [Fate.WAITING]
    act(home, gp, alert, CallPatient(by=gp.person))
    held = page_of(home, alert).next_call
    assert held is not None
    assert held.held


def page_of(home: Home, alert: UUID) -> AlertPage:
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ)
    page = alerts.alert_page(ctx, alert)
    assert isinstance(page, AlertPage)
    return page
