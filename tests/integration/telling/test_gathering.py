"""Orange alerts that follow each other are one summary; the mail of a red waits for nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alerts import service as alerts
from alerts.acts import Close
from alerts.outcomes import Outcome
from alerts.telling import Fate, ToldPerson
from alerts.views import AlertPage
from core import clock
from core.access import Permission
from core.doors import Service, serving
from core.vitals import Vital
from messages import service as messages
from messages.delivery import LEASE
from messages.gathering_service import CALM, save_gathering
from messages.message import Message, Template, Weight
from messages.store import claim_messages
from tests.as_owner import rows, run
from tests.integration.alerts.home import measure, opened
from tests.integration.telling.conftest import Desk

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
MINUTE = timedelta(minutes=1)
ORANGE = {
    Vital.SPO2: 93.0,
    Vital.PULSE: 115.0,
    Vital.RESPIRATORY_RATE: 22.0,
    Vital.TEMPERATURE: 39.2,
}
RED_PULSE = 140.0
WAITS_FOR_A_LOCK = "select 1 from pg_locks where not granted"
SUMMARIES = "select state from messages.outbox where template = 'alerts_waiting' order by id"


def oranges(desk: Desk, *vitals: Vital, now: datetime) -> None:
    """Raise an orange alert of each vital, one after the other."""
    for vital in vitals:
        raise_one(desk, vital, ORANGE[vital], now)


def raise_one(desk: Desk, vital: Vital, value: float, now: datetime) -> None:
    measure(desk.home, [(vital, value, timedelta(0))], now=now)
    assert alerts.review(now).alerts == 1


def told(desk: Desk) -> dict[str, ToldPerson]:
    """What is known of the first call of each alert, by item."""
    ctx = opened(desk.nurse, desk.home.care.patient, Permission.ALERTS_READ)
    found = {}
    for line in alerts.open_alerts(ctx):
        page = alerts.alert_page(ctx, line.alert_id)
        assert isinstance(page, AlertPage)
        (found[line.item],) = page.told[0].people
    return found


def close(desk: Desk, *items: str) -> None:
    ctx = opened(desk.nurse, desk.home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    for line in alerts.open_alerts(ctx):
        if line.item in items:
            act = Close(by=desk.nurse.person, outcome=Outcome.ADVICE_GIVEN)
            assert isinstance(alerts.act(ctx, line.alert_id, act), AlertPage)


def bodies(desk: Desk) -> list[str]:
    return [
        part.get_content()
        for taken in desk.mailbox.taken
        for part in taken.mail.iter_parts()
        if part.get_content_type() == "text/plain"
    ]


def test_after_a_first_mail_three_more_come_as_one_and_each_says_so(desk: Desk) -> None:
    desk.choose(alert_sms=True)
    desk.subscribe()
    now = clock.now()
    oranges(desk, *ORANGE, now=now)
    desk.send()
    assert desk.came() == (1, 1, 1)
    found = told(desk)
    assert found["spo2"].fate is Fate.SENT
    for item in ("pulse", "respiratory_rate", "temperature"):
        assert (found[item].fate, found[item].at) == (Fate.GATHERED, now + CALM.apart)
    assert messages.send_due(now + CALM.apart - MINUTE) == messages.Sending()
    assert messages.send_due(now + CALM.apart).sent == 3
    assert desk.came() == (2, 2, 2)
    assert "3 alertes vous attendent dans Chevet." in bodies(desk)[1]
    assert "3 alertes vous attendent" in desk.gateways[0].taken[1][1]
    assert desk.notified()[1]["url"] == "/"
    assert {person.fate for person in told(desk).values()} == {Fate.SENT}
    assert messages.send_due(now + 2 * CALM.apart) == messages.Sending()


def test_a_red_goes_at_once_whatever_waits(desk: Desk) -> None:
    now = clock.now()
    oranges(desk, Vital.SPO2, Vital.TEMPERATURE, now=now)
    raise_one(desk, Vital.PULSE, RED_PULSE, now)
    desk.send()
    assert desk.came() == (2, 0, 0)
    assert told(desk)["pulse"].fate is Fate.SENT
    assert rows("select count(*) from messages.outbox where weight = 'urgent'") == [(1,)]


def test_an_orange_told_in_a_summary_that_turns_red_is_told_at_once(desk: Desk) -> None:
    now = clock.now()
    oranges(desk, Vital.SPO2, Vital.PULSE, now=now)
    desk.send()
    measure(desk.home, [(Vital.PULSE, RED_PULSE, timedelta(0))], now=now + MINUTE)
    alerts.review(now + MINUTE)
    assert messages.send_due(now + MINUTE).sent == 1
    assert desk.came() == (2, 0, 0)


def test_what_was_closed_meanwhile_is_not_counted_and_nothing_is_not_told(desk: Desk) -> None:
    now = clock.now() - 3 * CALM.apart
    oranges(desk, Vital.SPO2, Vital.PULSE, Vital.TEMPERATURE, now=now)
    messages.send_due(now)
    close(desk, "pulse")
    assert messages.send_due(now + CALM.apart).sent == 1
    assert "Une alerte vous attend dans Chevet." in bodies(desk)[1]
    later = now + 2 * CALM.apart
    oranges(desk, Vital.RESPIRATORY_RATE, now=later)
    raise_again = later + MINUTE
    measure(desk.home, [(Vital.PULSE, ORANGE[Vital.PULSE], timedelta(0))], now=raise_again)
    assert alerts.review(raise_again).alerts == 1
    assert messages.send_due(raise_again).sent == 1
    close(desk, "pulse")
    assert messages.send_due(later + CALM.apart) == messages.Sending(dropped=1)
    assert rows(SUMMARIES) == [("sent",), ("cancelled",)]


def test_a_member_who_left_is_told_in_no_summary(desk: Desk) -> None:
    now = clock.now()
    oranges(desk, Vital.SPO2, Vital.PULSE, now=now)
    desk.send()
    run("update access.post set ends_at = now() where person = %s", desk.nurse.person)
    assert messages.send_due(now + CALM.apart) == messages.Sending(dropped=1)
    assert desk.came() == (1, 0, 0)
    assert rows("select state from messages.outbox order by state desc") == [
        ("sent",),
        ("cancelled",),
        ("cancelled",),
    ]


def test_a_member_whose_stay_is_over_is_told_in_no_summary(desk: Desk, clock_file: Path) -> None:
    """Nobody has called it off: the sender asks for himself."""
    now = clock.now()
    oranges(desk, Vital.SPO2, Vital.PULSE, now=now)
    desk.send()
    run(
        "update access.membership set ends_at = %s where party = %s",
        now + MINUTE,
        desk.home.care.centre,
    )
    clock_file.write_text(str(CALM.apart.total_seconds()))
    assert messages.send_due(clock.now()) == messages.Sending(dropped=1)
    assert desk.came() == (1, 0, 0)
    assert rows("select count(*) from messages.outbox where state = 'gathered'") == [(0,)]


def test_a_summary_that_is_being_sent_takes_nothing_more(desk: Desk) -> None:
    now = clock.now()
    oranges(desk, Vital.SPO2, Vital.PULSE, now=now)
    desk.send()
    due = now + CALM.apart
    with serving(Service.OUTBOX) as conn:
        (leased,) = claim_messages(conn, now=due, lease_until=due + LEASE, limit=20)
    assert leased.params == {"count": "1"}
    oranges(desk, Vital.TEMPERATURE, now=due)
    assert rows(SUMMARIES) == [("sending",), ("waiting",)]
    assert messages.send_due(due + LEASE).sent == 1
    assert told(desk)["temperature"].fate is Fate.GATHERED
    assert messages.send_due(due + CALM.apart).sent == 1
    assert [body.count("Une alerte vous attend") for body in bodies(desk)] == [0, 1, 1]


def test_the_first_after_a_quarter_of_an_hour_goes_at_once(desk: Desk) -> None:
    now = clock.now()
    oranges(desk, Vital.SPO2, now=now)
    desk.send()
    oranges(desk, Vital.PULSE, now=now + CALM.apart)
    assert messages.send_due(now + CALM.apart).sent == 1
    assert rows(SUMMARIES) == []


def test_an_orange_that_comes_while_its_summary_is_called_off_goes_out(desk: Desk) -> None:
    """The sender looks a moment before the orange is committed, and calls off a moment after."""
    now = clock.now() - 2 * CALM.apart
    oranges(desk, Vital.SPO2, Vital.PULSE, now=now)
    messages.send_due(now)
    close(desk, "pulse")
    ((alert,),) = rows("select id from alerts.alert where item = 'spo2'")
    ((about, address),) = rows(
        "select about, address from messages.outbox where key like %s", f"{alert}:%"
    )
    nurse = desk.nurse.person
    late = Message(
        key=f"{alert}:1:2:{nurse}:email",
        recipient=nurse,
        address=address,
        template=Template.MESSAGE_WAITING,
        params={"alert_id": str(alert)},
        locale="fr",
        about=about,
        weight=Weight.NOTICE,
    )
    with ThreadPoolExecutor(1) as other:
        with serving(Service.ESCALATION) as conn:
            assert save_gathering(conn, late, now + CALM.apart - timedelta(seconds=1))
            sender = other.submit(messages.send_due, now + CALM.apart)
            deadline = clock.monotonic() + 5
            while not rows(WAITS_FOR_A_LOCK) and not sender.done():
                assert clock.monotonic() < deadline
        sender.result()
    messages.send_due(now + 2 * CALM.apart)
    told = rows(
        "select o.state, s.state from messages.outbox o left join messages.outbox s"
        " on s.id = o.gathered_in where o.key = %s",
        late.key,
    )
    assert told in ([("sent", None)], [("gathered", "sent")])
