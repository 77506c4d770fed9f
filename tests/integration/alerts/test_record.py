"""What the record of an alert forbids, and that an acknowledgement silences nothing worse."""

from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from alerts import service as alerts
from alerts.acts import Close, Own, PersonAct, See
from alerts.alert import State
from alerts.outcomes import Outcome
from alerts.views import AlertPage
from core import clock
from core.access import Permission
from core.vitals import Vital
from scoring.level import Level
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home, measure, opened, rows, seen_by_nurse

NOW = timedelta(0)
CLOSED = "update alerts.alert set state = 'closed', next_step_at = null, closed_at = now()"


def alarmed(percent: int) -> tuple[Home, UUID]:
    home = make_home()
    fall(home, percent)
    return home, seen_by_nurse(home)[0].alert_id


def fall(home: Home, percent: int) -> None:
    measure(home, [(Vital.SPO2, percent, NOW)])
    alerts.review(clock.now())


def act(home: Home, alert: UUID, does: PersonAct) -> AlertPage:
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    done = alerts.act(ctx, alert, does)
    assert isinstance(done, AlertPage)
    return done


@pytest.mark.parametrize(
    "documented",
    [
        "",
        ", closed_by = %(nurse)s",
        ", outcome = 'advice_given'",
        ", closed_by = %(nurse)s, outcome = 'something else'",
        ", closed_by = %(nurse)s, outcome = ''",
    ],
)
def test_no_alert_is_closed_without_a_coded_outcome_and_a_name(
    database: Database, documented: str
) -> None:
    home, alert = alarmed(88)
    params = {"alert": alert, "nurse": home.care.nurse.person}
    with (
        psycopg.connect(database.dsn("OWNER")) as conn,
        pytest.raises(psycopg.errors.CheckViolation),
    ):
        conn.execute(f"{CLOSED}{documented} where id = %(alert)s".encode(), params)
    assert [line.state for line in seen_by_nurse(home)] == [State.RAISED]


def test_no_open_alert_has_an_outcome(database: Database) -> None:
    _, alert = alarmed(88)
    with (
        psycopg.connect(database.dsn("OWNER")) as conn,
        pytest.raises(psycopg.errors.CheckViolation),
    ):
        conn.execute("update alerts.alert set outcome = 'duplicate' where id = %s", [alert])


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_of_the_list_closes(database: Database, outcome: Outcome) -> None:
    home, alert = alarmed(88)
    page = act(home, alert, Close(by=home.care.nurse.person, outcome=outcome))
    assert page.closing is not None
    assert page.closing.outcome is outcome


def test_a_patient_has_one_open_alert_of_an_item_and_a_new_one_after_it_is_closed(
    database: Database,
) -> None:
    home, alert = alarmed(88)
    columns = [
        str(name)
        for (name,) in rows(
            "select column_name from information_schema.columns"
            " where table_schema = 'alerts' and table_name = 'alert' and column_name <> 'id'"
            " and is_generated = 'NEVER' order by ordinal_position"
        )
    ]
    names = ", ".join(columns)
    copied = f"insert into alerts.alert (id, {names}) select %s, {names} from alerts.alert"
    with (
        psycopg.connect(database.dsn("OWNER")) as conn,
        pytest.raises(psycopg.errors.UniqueViolation),
    ):
        conn.execute(copied.encode(), [uuid4()])
    fall(home, 87)
    assert [line.alert_id for line in seen_by_nurse(home)] == [alert]
    act(home, alert, Close(by=home.care.nurse.person, outcome=Outcome.ADVICE_GIVEN))
    fall(home, 86)
    (again,) = seen_by_nurse(home)
    assert again.alert_id != alert


@pytest.mark.promise("R3")
@pytest.mark.parametrize("acknowledged", [See, Own])
def test_what_is_worse_alarms_again_though_the_orange_was_acknowledged(
    database: Database, acknowledged: type[See] | type[Own]
) -> None:
    home, alert = alarmed(93)
    act(home, alert, acknowledged(by=home.care.nurse.person))
    fall(home, 80)
    (line,) = seen_by_nurse(home)
    assert (line.alert_id, line.level, line.state) == (alert, Level.RED, State.RAISED)
    assert line.owner is None
    what = [word for (word,) in rows("select what from alerts.alert_event order by id")]
    assert what[-2:] == ["worsened", "called"]
