"""R13: patients who cross together: an alert each, few calls, the grave first, none hidden."""

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from alerts import drill_service as drills
from alerts import service as alerts
from alerts.drill import Started
from core import clock
from core.doors import Service, serving
from core.vitals import Vital
from identity import service as identity
from messages import service as messages
from messages.delivery import LEASE
from messages.store import claim_messages
from scoring.level import Level
from tests.as_owner import mutate, rows, run
from tests.integration.alerts.home import Home, due_left, key_of, measure
from tests.integration.alerts.test_drill import A_STREAM
from tests.integration.telling.conftest import Desk
from tests.people import Care, make_patient

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
PATIENTS = int(os.environ.get("CHEVET_STORM_PATIENTS", "200"))
"""A soak takes 1,000, and its own time."""
IN_TIME = pytest.mark.timeout(max(120, PATIENTS))
ORANGE_EACH = 5
"""Every fifth patient is orange; the others are red."""
SECOND = timedelta(seconds=1)


def ward(care: Care, count: int) -> list[Home]:
    """As many more patients of the same people."""
    found = []
    for number in range(count):
        patient = make_patient(f"Nom{number}")
        identity.join_circle(patient, care.centre, "telemonitoring_centre")
        identity.join_circle(patient, care.gp.person, "gp")
        alerts.prescribe(patient, "covid-home", "home-two-rungs", care.gp.person)
        found.append(Home(care, key_of(patient)))
    return found


def storm(desk: Desk, count: int = PATIENTS) -> datetime:
    """Let all cross a limit in one second, orange ones first, and judge them by two reviewers."""
    desk.choose(alert_sms=True)
    desk.subscribe()
    homes, now = ward(desk.home.care, count), clock.now()
    oranges = homes[::ORANGE_EACH]
    for home in [*oranges, *(one for one in homes if one not in oranges)]:
        percent = 93 if home in oranges else 85
        measure(home, [(Vital.SPO2, percent, timedelta(0))], now=now)

    def reviewer(_: int) -> int:
        done = 0
        while due_left():
            done += alerts.review(now).alerts
        return done

    with ThreadPoolExecutor(2) as both:
        assert sum(both.map(reviewer, range(2))) == count
    return now


def send_all(now: datetime, minutes: int) -> list[tuple[int, str]]:
    """Send for some minutes, a pass each second of an invented clock; return when what rang."""
    rang: list[tuple[int, str]] = []
    known: set[object] = set()
    for second in range(minutes * 60 + 1):
        while messages.send_due(now + second * SECOND).sent:
            pass
        sent = rows(
            "select id, channel, weight from messages.outbox where state = 'sent'"
            " and channel in ('sms', 'push')"
        )
        rang += [
            (second, f"{channel} {weight}") for key, channel, weight in sent if key not in known
        ]
        known |= {key for key, *_ in sent}
    return rang


def most_in_a_minute(rang: list[tuple[int, str]], way: str) -> int:
    seconds = [second for second, what in rang if what == way]
    return max(sum(begin <= one < begin + 60 for one in seconds) for begin in seconds)


@IN_TIME
@pytest.mark.promise("R13")
def test_a_storm_rings_once_a_minute_and_hides_nobody(
    desk: Desk, record_property: Callable[[str, object], None]
) -> None:
    now = storm(desk)
    reds = PATIENTS - len(range(0, PATIENTS, ORANGE_EACH))
    levels = Counter(level for (level,) in rows("select level from alerts.alert"))
    assert levels == {"red": reds, "orange": PATIENTS - reds}
    rang = send_all(now, 3)
    most = {way: most_in_a_minute(rang, way) for way in {what for _, what in rang}}
    told = rows(
        "select o.channel, o.weight, coalesce(s.state, o.state) from messages.outbox o"
        " left join messages.outbox s on s.id = o.gathered_in"
        " where o.template = 'message_waiting'"
    )
    urgent = Counter((channel, state) for channel, weight, state in told if weight == "urgent")
    record_property(
        "counts",
        f"patients {PATIENTS}; alerts {sum(levels.values())}; reds {reds}; rang {len(rang)};"
        f" most a minute and way {max(most.values())}; reds told by mail {urgent['email', 'sent']},"
        f" text {urgent['sms', 'sent']}, notification {urgent['push', 'sent']}",
    )
    assert set(most.values()) == {1}
    assert urgent == {(way, "sent"): reds for way in ("email", "sms", "push")}
    assert min(second for second, what in rang if what == "push urgent") == 0
    assert max(second for second, what in rang if "urgent" in what) <= 65


@IN_TIME
@pytest.mark.promise("R13")
def test_the_grave_stand_first_in_the_queue_and_go_out_first(desk: Desk) -> None:
    now = storm(desk)
    queue = alerts.queue_page(desk.nurse, PATIENTS + 10, 0)
    shown = [row.alerts[0].level for row in queue if row.alerts]
    assert len(shown) == PATIENTS
    assert shown == sorted(shown, reverse=True)
    assert shown[0] is Level.RED
    with serving(Service.OUTBOX) as conn:
        first = claim_messages(conn, now=now, lease_until=now + LEASE, limit=20)
    assert {one.weight for one in first} == {"urgent"}


def test_a_storm_of_which_nothing_is_gathered_is_noticed(desk: Desk) -> None:
    """The deliberate fault, in the database: what is gathered goes out by itself."""
    run(
        "create function messages.fault() returns trigger language plpgsql as $$ begin"
        " new.gathered_in := null; new.state := 'waiting'; return new; end $$"
    )
    run(
        "create trigger fault before insert on messages.outbox"
        " for each row execute function messages.fault()"
    )
    assert most_in_a_minute(send_all(storm(desk, 5), 0), "push urgent") == 4


def test_a_storm_that_hides_somebody_is_noticed(desk: Desk) -> None:
    """The deliberate fault, in the database: a summary believes that nobody waits any more."""
    now = storm(desk, 5)
    mutate("messages.still_waits", "(a.state <> 'closed'::text)", "false")
    send_all(now, 2)
    lost = rows(
        "select 1 from messages.outbox where gathered_in is not null and state = 'cancelled'"
    )
    assert lost != []


def test_what_rings_goes_out_before_the_mails_of_a_storm(desk: Desk) -> None:
    """Else a storm's summary stands behind thousands of mails that a relay takes one by one."""
    now = storm(desk, 30)
    assert messages.send_due(now).sent > 2
    with serving(Service.OUTBOX) as conn:
        later = now + timedelta(minutes=1, seconds=5)
        first = claim_messages(conn, now=later, lease_until=later + LEASE, limit=2)
    assert {one.channel for one in first} == {"sms", "push"}
    assert {one.template for one in first} == {"alerts_waiting"}
    waits = "select count(*) from messages.outbox where state = 'waiting' and channel = 'email'"
    assert rows(waits) > [(2,)]


@pytest.mark.parametrize("real_first", [True, False])
def test_an_exercise_is_told_with_nothing_and_keeps_no_real_call_waiting(
    desk: Desk, *, real_first: bool
) -> None:
    desk.choose(alert_sms=True)
    run(A_STREAM)
    (exercised,) = ward(desk.home.care, 1)
    record = "select patient_id from alerts.prescription where patient_key = %s"
    ((patient,),) = rows(record, exercised.key)
    assert isinstance(patient, UUID)
    run("update identity.patient set is_fictitious = true where patient_id = %s", patient)

    def real() -> None:
        measure(desk.home, [(Vital.SPO2, 85, timedelta(0))])

    def exercise() -> None:
        assert drills.start(desk.nurse, uuid4(), patient, None) is Started.STARTED

    for one in (real, exercise) if real_first else (exercise, real):
        one()
        assert alerts.review(clock.now()).alerts == 1
    texts = rows(
        "select about = %s, params ? 'drill', gathered_in is null from messages.outbox"
        " where channel = 'sms'",
        patient,
    )
    assert sorted(texts) == [(False, False, True), (True, True, True)]
    desk.send()
    marked = ["EXERCICE" in text for _, text in desk.gateways[0].taken]
    assert sorted(marked) == [False, True]
