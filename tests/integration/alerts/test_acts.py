"""What persons do with an alert: once each, refused with who and when, never by a stranger."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from alerts import service as alerts
from alerts.acts import Called15, Close, Own, See
from alerts.alert import State
from alerts.answering import CallPatient
from alerts.outcomes import Outcome
from alerts.refusals import RefusalCode
from alerts.views import AlertPage
from core import clock
from core.access import Permission
from core.doors import Actor, CareContext, acting_as, listening
from core.vitals import Vital
from scoring.level import Level
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home, measure, opened, rows, seen_by_nurse

NOW = timedelta(0)


def alarmed(level: int = 88) -> tuple[Home, UUID]:
    home = make_home()
    measure(home, [(Vital.SPO2, level, NOW)])
    alerts.review(clock.now())
    return home, seen_by_nurse(home)[0].alert_id


def may_act(home: Home, actor: Actor) -> CareContext:
    return opened(actor, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)


def test_taking_charge_stops_the_ladder_and_shows_who(database: Database) -> None:
    home, alert = alarmed()
    nurse = home.care.nurse
    page = alerts.act(may_act(home, nurse), alert, Own(by=nurse.person))
    assert isinstance(page, AlertPage)
    assert (page.line.state, page.line.owner_name) == (State.OWNED, "Inès Moreau")
    assert (page.events[-1].what, page.events[-1].by_name) == ("owned", "Inès Moreau")
    again = alerts.act(may_act(home, nurse), alert, Own(by=nurse.person))
    assert again == page
    refused = alerts.act(may_act(home, home.care.gp), alert, Own(by=home.care.gp.person))
    assert isinstance(refused, alerts.Refused)
    assert (refused.code, refused.by) == (RefusalCode.OWNED_BY_ANOTHER, nurse.person)
    (row,) = alerts.queue_page(nurse, 10, 0)
    assert [(a.state, a.owner_name) for a in row.alerts] == [(State.OWNED, "Inès Moreau")]


def test_an_ownership_that_lapses_calls_the_next_person(database: Database) -> None:
    home, alert = alarmed()
    alerts.act(may_act(home, home.care.nurse), alert, Own(by=home.care.nurse.person))
    assert alerts.escalate_due(clock.now() + timedelta(minutes=29)).alerts == 0
    assert alerts.escalate_due(clock.now() + timedelta(minutes=31)).alerts == 1
    assert "ownership_lapsed" in [
        what for (what,) in rows("select what from alerts.alert_event order by id")
    ]


def test_the_gp_answers_and_the_queue_forgets_the_closed_alert(database: Database) -> None:
    home, alert = alarmed()
    gp = home.care.gp
    seen = alerts.act(may_act(home, gp), alert, See(by=gp.person))
    assert isinstance(seen, AlertPage)
    assert [receipt.name for receipt in seen.receipts] == ["Dr Paul Lefèvre"]
    alerts.act(may_act(home, gp), alert, CallPatient(by=gp.person))
    closed = alerts.act(may_act(home, gp), alert, Called15(by=gp.person))
    assert isinstance(closed, AlertPage)
    assert closed.closing is not None
    assert (closed.closing.outcome, closed.closing.by_name) == (
        Outcome.EMERGENCY_CALLED_15,
        "Dr Paul Lefèvre",
    )
    assert [event.what for event in closed.events][-3:] == ["seen", "calling_patient", "called_15"]
    assert seen_by_nurse(home) == ()
    (row,) = alerts.queue_page(home.care.nurse, 10, 0)
    assert (row.alerts, row.summary.open_alerts) == ((), 0)
    late = Close(by=gp.person, outcome=Outcome.ADVICE_GIVEN)
    assert isinstance(alerts.act(may_act(home, home.care.nurse), alert, late), alerts.Refused)


def test_the_act_is_always_that_of_the_person_signed_in(database: Database) -> None:
    home, alert = alarmed()
    page = alerts.act(may_act(home, home.care.nurse), alert, Own(by=uuid4()))
    assert isinstance(page, AlertPage)
    assert page.line.owner == home.care.nurse.person


def test_two_at_once_and_only_one_owns(database: Database) -> None:
    home, alert = alarmed()
    both = [home.care.nurse, home.care.gp]
    with ThreadPoolExecutor(2) as pool:
        done = list(
            pool.map(lambda who: alerts.act(may_act(home, who), alert, Own(by=who.person)), both)
        )
    assert sorted(type(each).__name__ for each in done) == ["AlertPage", "Refused"]


@pytest.mark.promise("R3")
def test_nobody_closes_a_red_alert_he_knows_as_orange(database: Database) -> None:
    home, alert = alarmed(93)
    measure(home, [(Vital.SPO2, 80, NOW)])
    assert alerts.review(clock.now()).alerts == 1
    nurse = home.care.nurse.person
    judging = (Close(by=nurse, outcome=Outcome.ADVICE_GIVEN), Own(by=nurse), See(by=nurse))
    for act in judging:
        done = alerts.act(may_act(home, home.care.nurse), alert, act, shown=Level.ORANGE)
        assert done == alerts.Refused(code=RefusalCode.WORSENED, by=None, at=None)
    assert [line.state for line in seen_by_nurse(home)] == [State.RAISED]
    for act in (CallPatient(by=nurse), judging[0]):
        level = Level.ORANGE if isinstance(act, CallPatient) else Level.RED
        done = alerts.act(may_act(home, home.care.nurse), alert, act, shown=level)
        assert isinstance(done, AlertPage)
    assert seen_by_nurse(home) == ()


def test_two_who_close_at_once_are_both_counted(database: Database) -> None:
    home = make_home()
    measure(home, [(Vital.SPO2, 85, NOW), (Vital.PULSE, 150, NOW)])
    alerts.review(clock.now())
    first, second = (line.alert_id for line in seen_by_nurse(home))
    ctx = may_act(home, home.care.nurse)
    closing = Close(by=ctx.actor.person, outcome=Outcome.ADVICE_GIVEN)
    with ThreadPoolExecutor(1) as pool:
        with acting_as(ctx) as conn:
            conn.execute(
                "update alerts.alert set state = 'closed', next_step_at = null, closed_at = now(),"
                " closed_by = %s, outcome = 'advice_given' where id = %s",
                [ctx.actor.person, first],
            )
            conn.execute("select alerts.rerank(%s)", [home.care.patient])
            other = pool.submit(alerts.act, ctx, second, closing)
            until(lambda: rows("select from pg_locks where not granted") != [])
        assert isinstance(other.result(10), AlertPage)
    assert rows("select open_alerts::int, rank from alerts.patient_summary") == [(0, 30)]


def until(reached: Callable[[], bool]) -> None:
    deadline = clock.monotonic() + 10
    while not reached():
        assert clock.monotonic() < deadline


def test_reading_rights_are_not_acting_rights(database: Database) -> None:
    home, alert = alarmed()
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ)
    with pytest.raises(ValueError, match="alerts:acknowledge"):
        alerts.act(ctx, alert, Own(by=home.care.nurse.person))


def test_an_alert_of_another_patient_is_not_found(database: Database) -> None:
    home, _ = alarmed()
    _, foreign = alarmed()
    ctx = may_act(home, home.care.nurse)
    assert alerts.act(ctx, foreign, Own(by=ctx.actor.person)) == alerts.NotFound()
    with acting_as(ctx) as conn:
        changed = conn.execute("update alerts.alert set note = 'x' where id = %s", [foreign])
        assert changed.rowcount == 0


def test_every_act_leaves_its_trace_and_a_hint_for_the_console(database: Database) -> None:
    home, alert = alarmed()
    with listening("chevet_queue") as heard:
        alerts.act(may_act(home, home.care.nurse), alert, Own(by=home.care.nurse.person))
        hints = [note.payload for note in heard.notifies(timeout=5, stop_after=1)]
    assert hints == [str(home.care.centre)]
    with psycopg.connect(database.dsn("OWNER")) as conn:
        traced = conn.execute(
            "select detail->>'act' from audit.event where action = 'U' and detail ? 'act'"
        ).fetchall()
    assert traced == [("owned",)]
