"""The end of a shift on the real database: what is signed is what was seen, by two people."""

from uuid import UUID, uuid4

import psycopg
import pytest

from alerts import handover_service as handovers
from alerts import service as alerts
from alerts.acts import Own
from alerts.handover import LONGEST_NOTE, Signed
from core import clock
from core.access import Permission
from core.doors import Actor, acting_as
from core.vitals import Vital
from identity import service as identity
from tests.as_owner import rows, run
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home, measure, opened
from tests.integration.alerts.test_technical import MINUTE
from tests.people import make_centre


@pytest.fixture
def home(database: Database) -> Home:
    """A patient with one red alert that nobody has answered."""
    home = make_home()
    measure(home, [(Vital.SPO2, 88, MINUTE)])
    alerts.review(clock.now())
    return home


@pytest.fixture
def colleague(home: Home) -> Actor:
    person = identity.register_person("Karim Benali")
    post = identity.give_post(person, home.care.centre, "telemonitoring_nurse")
    return Actor(person=person, post=post, session=None)


def give(home: Home, note: str = "Nuit calme.", remark: str = "Fille prévenue.") -> UUID:
    """Sign what is open now."""
    (matter,) = handovers.open_matters(home.care.nurse)
    assert matter.key is not None
    handover = uuid4()
    said = handovers.give(home.care.nurse, handover, note, {matter.key: remark}, [matter.key])
    assert said is Signed.GIVEN
    return handover


def test_both_sign_what_was_open(home: Home, colleague: Actor) -> None:
    handover = give(home)
    found = handovers.read_handover(colleague, handover)
    assert found is not None
    sheet, (matter,) = found
    assert (sheet.giver, sheet.note, sheet.lines) == (home.care.nurse.person, "Nuit calme.", 1)
    assert (sheet.raised, sheet.closed, sheet.taker) == (1, 0, None)
    assert matter.alert is not None
    assert (matter.alert.item, matter.alert.reason.evidence.value) == ("spo2", 88)
    assert matter.remark == "Fille prévenue."
    assert handovers.take(colleague, handover, sheet.digest) is Signed.TAKEN
    assert handovers.take(colleague, handover, sheet.digest) is Signed.TAKEN
    (again,) = handovers.handovers(home.care.nurse)
    assert (again.taker, again.taker_name) == (colleague.person, "Karim Benali")
    assert again.taken_at is not None


def test_what_came_while_he_wrote_is_seen_before_it_is_signed(home: Home) -> None:
    (matter,) = handovers.open_matters(home.care.nurse)
    measure(home, [(Vital.TEMPERATURE, 40.2, MINUTE)])
    alerts.review(clock.now())
    said = handovers.give(home.care.nurse, uuid4(), "", {}, [matter.key or uuid4()])
    assert said is Signed.CHANGED
    assert handovers.handovers(home.care.nurse) == ()


def test_what_was_signed_stays_as_it_stood(home: Home) -> None:
    handover = give(home)
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    (line,) = alerts.open_alerts(ctx)
    alerts.act(ctx, line.alert_id, Own(by=home.care.nurse.person))
    found = handovers.read_handover(home.care.nurse, handover)
    assert found is not None
    (matter,) = found[1]
    assert matter.alert is not None
    assert matter.alert.owner_name is None
    now = handovers.open_matters(home.care.nurse)[0].alert
    assert now is not None
    assert now.owner_name is not None


def test_nobody_signs_for_both_sides_or_for_other_words(home: Home, colleague: Actor) -> None:
    handover = give(home)
    (sheet,) = handovers.handovers(colleague)
    assert handovers.take(home.care.nurse, handover, sheet.digest) is Signed.OWN
    assert handovers.take(colleague, handover, "0" * 64) is Signed.CHANGED
    third = identity.register_person("Léa Petit")
    post = identity.give_post(third, home.care.centre, "telemonitoring_nurse")
    assert handovers.take(colleague, handover, sheet.digest) is Signed.TAKEN
    late = Actor(person=third, post=post, session=None)
    assert handovers.take(late, handover, sheet.digest) is Signed.LATE


def test_the_same_page_signs_once_and_other_words_have_another_mark(home: Home) -> None:
    (matter,) = handovers.open_matters(home.care.nurse)
    key, handover = matter.key or uuid4(), uuid4()
    for _ in range(2):
        assert handovers.give(home.care.nurse, handover, "a", {}, [key]) is Signed.GIVEN
    assert handovers.give(home.care.nurse, uuid4(), "a", {key: "b"}, [key]) is Signed.GIVEN
    marks = [one.digest for one in handovers.handovers(home.care.nurse)]
    assert len(marks) == len(set(marks)) == 2


def test_too_many_words_sign_nothing(home: Home) -> None:
    (matter,) = handovers.open_matters(home.care.nurse)
    said = handovers.give(
        home.care.nurse, uuid4(), "x" * (LONGEST_NOTE + 1), {}, [matter.key or uuid4()]
    )
    assert said is Signed.TOO_LONG
    assert handovers.handovers(home.care.nurse) == ()


def test_another_centre_reads_and_signs_nothing(home: Home) -> None:
    handover = give(home)
    (sheet,) = handovers.handovers(home.care.nurse)
    _, stranger = make_centre("Autre centre")
    assert handovers.handovers(stranger) == ()
    assert handovers.read_handover(stranger, handover) is None
    assert handovers.take(stranger, handover, sheet.digest) is Signed.REFUSED


def test_a_patient_who_left_is_named_no_more(home: Home) -> None:
    handover = give(home)
    run(
        "update access.membership set ends_at = now() where patient_id = %s and party = %s",
        home.care.patient, home.care.centre,
    )  # fmt: skip
    found = handovers.read_handover(home.care.nurse, handover)
    assert found is not None
    (matter,) = found[1]
    assert (matter.patient_id, matter.name, matter.alert, matter.remark) == (None, None, None, "")


def test_the_login_of_the_pages_changes_nothing_that_was_signed(home: Home) -> None:
    give(home)
    for change in ("update alerts.handover set note = ''", "delete from alerts.handover_line"):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            acting_as(home.care.nurse) as conn,
        ):
            conn.execute(change.encode())
    assert rows("select note from alerts.handover") == [("Nuit calme.",)]
