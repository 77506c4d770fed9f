"""Technical troubles on the real database: found in every room, seen by whom they concern."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from alerts import service as alerts
from alerts import technical_service
from alerts.store import calling
from alerts.store.technical import TroubleRow
from alerts.technical import (
    BATTERY_PERCENT,
    FAILURES,
    OFFLINE_AFTER,
    SILENT_AFTER,
    UNSENT_AFTER,
    Found,
    Kind,
    Name,
)
from core import clock
from core.doors import Actor, Service, serving
from core.settings import settings
from core.vitals import Vital
from identity import service as identity
from messages import fault_service
from tests.as_owner import rows, run
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home, measure

MINUTE = timedelta(minutes=1)


@pytest.fixture
def home(database: Database) -> Home:
    return make_home()


def seen(home: Home, actor: Actor | None = None) -> dict[str, TroubleRow]:
    found = technical_service.troubles(actor or home.care.nurse)
    return {one.kind: one for one in found if one.cleared_at is None}


def look(later: timedelta = timedelta(0), *elsewhere: Found) -> None:
    assert technical_service.look(clock.now() + later, elsewhere) is not None


def gateway(home: Home, *, online: bool, at: datetime) -> None:
    run(
        "insert into devices.gateway (id, organisation, created_at) values ('gw-martin', %s, %s)"
        " on conflict do nothing", home.care.centre, at,
    )  # fmt: skip
    run(
        "insert into ingest.gateway_seen (gateway, online, at) values ('gw-martin', %s, %s)"
        " on conflict (gateway) do update set online = excluded.online, at = excluded.at",
        online, at,
    )  # fmt: skip


def device(home: Home, since: datetime) -> None:
    run(
        "insert into devices.device (id, model, organisation, created_at)"
        " values ('oxi-1', 'Nonin 3230', %s, %s)", home.care.centre, since,
    )  # fmt: skip
    run(
        "insert into devices.assignment (id, device, patient_id, valid)"
        " values (%s, 'oxi-1', %s, tstzrange(%s, null))", uuid4(), home.care.patient, since,
    )  # fmt: skip


def colleague(home: Home) -> Actor:
    person = identity.register_person("Karim Benali")
    post = identity.give_post(person, home.care.centre, "telemonitoring_nurse")
    return Actor(person=person, post=post, session=None)


def stranger() -> Actor:
    elsewhere = identity.register_organisation("Centre d'à côté")
    person = identity.register_person("Léa Petit")
    post = identity.give_post(person, elsewhere, "telemonitoring_nurse")
    return Actor(person=person, post=post, session=None)


def test_nothing_is_wrong_with_a_home_that_works(home: Home) -> None:
    gateway(home, online=True, at=clock.now())
    device(home, clock.now() - 2 * SILENT_AFTER)
    measure(home, [(Vital.SPO2, 97, timedelta(0))])
    run("update alerts.patient_summary set last_measured_at = now()")
    run("delete from core.due")
    look()
    assert seen(home) == {}


def test_a_gateway_away_is_a_trouble_of_its_own_organisation_until_it_is_back(home: Home) -> None:
    gone = clock.now()
    gateway(home, online=False, at=gone)
    look(OFFLINE_AFTER - MINUTE)
    assert seen(home) == {}
    look(OFFLINE_AFTER + MINUTE)
    look(OFFLINE_AFTER + 2 * MINUTE)
    assert set(seen(home)) == {Kind.GATEWAY_OFFLINE}
    assert seen(home)[Kind.GATEWAY_OFFLINE].subject == "gw-martin"
    assert seen(home, stranger()) == {}
    gateway(home, online=True, at=clock.now())
    look(OFFLINE_AFTER + 3 * MINUTE)
    assert seen(home) == {}
    assert rows("select count(*)::int, count(cleared_at)::int from alerts.technical") == [(1, 1)]


def test_a_device_that_gives_nothing_and_its_battery_name_the_patient(home: Home) -> None:
    long_ago = clock.now() - SILENT_AFTER - MINUTE
    device(home, long_ago)
    for ago, percent in ((2, "80"), (1, str(BATTERY_PERCENT))):
        run(
            "insert into ingest.device_event (id, received_at, source, device, event, at, detail)"
            " values (%s, now(), 1, 'oxi-1', 'battery', %s, %s)",
            uuid4(), clock.now() - ago * MINUTE, percent,
        )  # fmt: skip
    look()
    found = seen(home)
    assert set(found) == {Kind.DEVICE_SILENT, Kind.BATTERY_LOW}
    assert {one.patient_id for one in found.values()} == {home.care.patient}
    assert found[Kind.BATTERY_LOW].detail["percent"] == BATTERY_PERCENT
    run("update alerts.patient_summary set last_measured_at = now()")
    look()
    assert set(seen(home)) == {Kind.BATTERY_LOW}


def test_a_device_whose_clock_is_wrong_is_named_with_its_patient(home: Home) -> None:
    device(home, clock.now() - MINUTE)
    look()
    assert seen(home) == {}
    run(
        "insert into ingest.device_event (id, received_at, source, device, event, at)"
        " values (%s, now(), 1, 'oxi-1', 'time_fault', %s)", uuid4(), clock.now(),
    )  # fmt: skip
    look()
    assert seen(home)[Kind.DEVICE_CLOCK].patient_id == home.care.patient
    assert seen(home, stranger()) == {}
    look(SILENT_AFTER + MINUTE)
    assert Kind.DEVICE_CLOCK not in seen(home)


def test_work_that_keeps_failing_is_seen_by_who_follows_the_patient(home: Home) -> None:
    for failed in range(FAILURES):
        assert Kind.WORK_FAILING not in seen(home), f"after {failed} failures"
        with serving(Service.REVIEW) as conn:
            calling.save_setback(conn, "review", str(home.key), "KeyError", clock.now())
        look()
    found = seen(home)[Kind.WORK_FAILING]
    assert (found.patient_id, found.detail["failures"]) == (home.care.patient, FAILURES)
    assert Kind.WORK_FAILING not in seen(home, stranger())
    with serving(Service.REVIEW) as conn:
        calling.clear_setback(conn, "review", str(home.key))
    look()
    assert Kind.WORK_FAILING not in seen(home)


def test_a_call_that_does_not_go_out_is_a_trouble_of_everybody(home: Home) -> None:
    raised = clock.now() - UNSENT_AFTER
    measure(home, [(Vital.SPO2, 85, timedelta(0))], now=raised)
    assert alerts.review(raised).alerts == 1
    look(-MINUTE)
    assert Kind.SENDING_LATE not in seen(home)
    look(MINUTE)
    found = seen(home)[Kind.SENDING_LATE]
    assert (found.subject, found.detail["count"]) == ("email", 1)
    assert Kind.SENDING_LATE in seen(home, stranger())
    run("update messages.outbox set weight = 'reminder'")
    look(MINUTE)
    assert Kind.SENDING_LATE not in seen(home)


def test_a_wrong_number_of_a_patient_is_seen_by_who_follows_him(home: Home) -> None:
    with serving(Service.OUTBOX) as conn:
        fault_service.note_fault(conn, home.care.patient, "sms", "not_mobile", clock.now())
    look()
    assert seen(home)[Kind.WAY_FAULTY].patient_id == home.care.patient
    assert seen(home, stranger()) == {}
    with serving(Service.OUTBOX) as conn:
        fault_service.clear_fault(conn, home.care.patient, "sms", clock.now())
    look()
    assert seen(home) == {}


def test_what_waits_to_be_judged_and_a_process_that_fell_silent_reach_the_operator(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "operator@example.org")
    settings.cache_clear()
    now = clock.now()
    measure(home, [(Vital.SPO2, 97, 3 * MINUTE)], now=now - 3 * MINUTE)
    run("insert into core.heartbeat values ('ingest', 'here', %s)", now - 2 * MINUTE)
    look()
    look(MINUTE)
    found = seen(home)
    assert {Kind.PIPELINE_LATE, Kind.PROCESS_SILENT} <= set(found)
    assert set(seen(home, stranger())) == set(found)
    told = rows("select params ->> 'what' from messages.outbox where recipient is null")
    assert told.count(("technical_trouble",)) == 2


def test_it_is_taken_by_one_seen_by_another_and_given_back(home: Home) -> None:
    look(timedelta(0), Found(name=Name(Kind.CERTIFICATE_ENDS, "CHEVET_MQTT_CA"), detail={}))
    trouble = seen(home)[Kind.CERTIFICATE_ENDS].id
    nurse, other = home.care.nurse, colleague(home)
    assert technical_service.take(nurse, trouble, " appelé le fournisseur ") is True
    line = seen(home, other)[Kind.CERTIFICATE_ENDS]
    assert (line.taken_by, line.note) == (nurse.person, "appelé le fournisseur")
    assert technical_service.take(other, trouble) is False
    assert technical_service.take(other, trouble, give_back=True) is False
    assert technical_service.take(nurse, trouble, "x" * 501) == technical_service.NoteTooLong()
    assert technical_service.take(nurse, trouble, give_back=True) is True
    assert technical_service.take(other, trouble) is True
    look()
    assert technical_service.take(other, trouble) is False
    gone = [one for one in technical_service.troubles(nurse) if one.cleared_at is not None]
    assert [one.id for one in gone] == [trouble]


def test_a_stranger_takes_nothing(home: Home) -> None:
    gateway(home, online=False, at=clock.now() - 2 * OFFLINE_AFTER)
    look()
    trouble = seen(home)[Kind.GATEWAY_OFFLINE].id
    assert technical_service.take(stranger(), trouble) is False
    assert seen(home)[Kind.GATEWAY_OFFLINE].taken_by is None
