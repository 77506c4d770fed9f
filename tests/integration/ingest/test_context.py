"""Who and when: readings without a known place wait in quarantine, and nothing is dropped."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from core import clock
from devices import service as registry
from devices.service import AlreadyAssigned
from ingest.message import Message
from ingest.quarantine import Reason
from ingest.service import list_quarantine, list_whole_quarantine, store_batch
from tests.envelopes import envelope, spot
from tests.homes import DEVICE, Home
from tests.people import make_patient

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)


def up(home: Home, *items: object, boot: UUID | None = None, gateway: str = "") -> Message:
    payload = envelope(boot or uuid4(), items, NOW)
    return Message(gateway=gateway or home.gateway, kind="up", payload=payload)


def patients(owner: psycopg.Connection) -> list[tuple[UUID, datetime]]:
    return owner.execute(
        "select p.id, r.measured_at from vitals.reading r "
        "join access.patient p on p.key = r.patient_key order by r.measured_at"
    ).fetchall()


def test_what_has_no_place_is_quarantined_with_its_reason(
    home: Home, owner: psycopg.Connection
) -> None:
    registry.register_device("nobodys", "Test oximeter", home.care.centre)
    stored = store_batch(
        [
            up(home, spot(1, NOW, device="stranger")),
            up(home, spot(1, NOW, device="nobodys")),
            up(home, spot(1, NOW + timedelta(minutes=6))),
            up(home, spot(1, NOW - timedelta(days=31))),
            up(home, spot(1, datetime(1970, 1, 1, tzinfo=UTC))),
            up(home, spot(1, datetime(2099, 1, 1, tzinfo=UTC))),
            up(home, spot(1, NOW), gateway="gw-unheard-of"),
            up(home, spot(1, NOW + timedelta(minutes=4))),
        ],
        NOW,
    )
    assert stored.quarantined_by_reason == {
        Reason.UNKNOWN_DEVICE: 1,
        Reason.NOT_ASSIGNED: 1,
        Reason.IN_THE_FUTURE: 2,
        Reason.TOO_OLD: 2,
        Reason.UNKNOWN_GATEWAY: 1,
    }
    assert (stored.stored, len(stored.acknowledged)) == (1, 8)
    assert len(list_quarantine(home.care.nurse)) == 6
    assert len(list_whole_quarantine()) == 7
    assert list_quarantine(home.care.gp) == []


def test_a_reading_belongs_to_who_had_the_device_when_it_was_measured(
    home: Home, owner: psycopg.Connection
) -> None:
    other = make_patient("Durand", "Marc")
    assert isinstance(registry.assign_device(DEVICE, other, NOW), AlreadyAssigned)
    assert registry.end_assignment(home.assignment, NOW - 2 * HOUR) is None
    assert isinstance(registry.assign_device(DEVICE, other, NOW - HOUR), UUID)
    times = [NOW - 3 * HOUR, NOW - 2 * HOUR, NOW - HOUR, NOW]
    stored = store_batch([up(home, *(spot(n, at) for n, at in enumerate(times, 1)))], NOW)
    assert stored.quarantined == (Reason.NOT_ASSIGNED,)
    assert patients(owner) == [
        (home.care.patient, NOW - 3 * HOUR),
        (other, NOW - HOUR),
        (other, NOW),
    ]


def test_an_implausible_value_and_one_without_a_number_are_kept_as_what_they_are(
    home: Home, owner: psycopg.Connection
) -> None:
    store_batch(
        [up(home, spot(1, NOW - HOUR, value=7.0), spot(2, NOW, value=None, quality=2))], NOW
    )
    rows = owner.execute(
        "select value, quality from vitals.reading order by measured_at"
    ).fetchall()
    assert rows == [(7.0, 16), (None, 2)]
    seen = owner.execute("select value from doorway.review_reading").fetchall()
    assert seen == [(7.0,)]


def test_an_item_that_cannot_be_stored_is_found_and_the_others_are_stored(
    home: Home, owner: psycopg.Connection
) -> None:
    owner.execute(
        "alter table vitals.reading add constraint trap check (value is distinct from 66)"
    )
    boot = uuid4()
    items = [spot(n, NOW - n * HOUR, value=66.0 if n == 5 else 96.0) for n in range(1, 11)]
    stored = store_batch([up(home, *items, boot=boot), up(home, spot(1, NOW))], NOW)
    assert stored.stored == 10
    assert stored.quarantined == (Reason.MALFORMED_ITEM,)
    numbers = {n for known in stored.acknowledged for span in known.numbers.spans for n in span}
    assert 5 in numbers
    assert owner.execute("select item_number, detail from ingest.quarantine").fetchall() == [
        (5, "could not be stored: CheckViolation")
    ]


def test_a_database_that_cannot_be_used_is_said_and_nothing_is_put_aside(
    home: Home, owner: psycopg.Connection
) -> None:
    owner.execute("revoke insert on vitals.reading from chevet_ingest")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        store_batch([up(home, spot(1, NOW))], NOW)
    assert owner.execute("select count(*) from ingest.quarantine").fetchone() == (0,)
    assert owner.execute("select count(*) from ingest.stream").fetchone() == (0,)


def test_ingest_writes_and_reads_no_history(database_login: psycopg.Connection) -> None:
    for table in ("vitals.reading", "vitals.sampled", "vitals.minute", "ingest.quarantine"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            database_login.execute(f"select * from {table}")
    for table in ("access.party", "identity.patient", "devices.assignment", "devices.gateway"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            database_login.execute(f"select * from {table}")


def test_a_status_tells_whether_the_gateway_is_there(home: Home, owner: psycopg.Connection) -> None:
    def status(online: str, spooled: int) -> Message:
        text = f'{{"v":1,"online":{online},"boot":"{uuid4()}","at":"2026-01-01T00:00:00Z"'
        payload = f'{text},"spooled":{spooled}}}'.encode()
        return Message(gateway=home.gateway, kind="status", payload=payload)

    store_batch([status("true", 7)], NOW - HOUR)
    store_batch([status("true", 5), status("false", 3)], clock.now())
    rows = owner.execute("select gateway, online, spooled from ingest.gateway_seen").fetchall()
    assert rows == [(home.gateway, False, 3)]


def test_a_retained_message_is_refused_and_visible(home: Home) -> None:
    message = up(home, spot(1, NOW))
    kept = Message(gateway=message.gateway, kind="up", payload=message.payload, retained=True)
    assert store_batch([kept], NOW).quarantined == (Reason.RETAINED,)
