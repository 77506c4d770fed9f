"""A record that is not shared is read by the organisation that opened it, and by nobody else."""

from uuid import UUID

import pytest

from coordination.opening import service
from coordination.opening.opening import Kind, Outcome
from core.access import Permission
from core.care import NotInCircle, open_record
from core.doors import acting_as
from identity import service as identity
from tests.as_owner import mutate, rows, run
from tests.conftest import Database
from tests.integration.alerts.home import make_home
from tests.integration.identity.officers import make_post
from tests.integration.opening.desk import Desk, make_desk, opened, reads, share
from tests.integration.opening.test_statements import said
from tests.people import make_gp


@pytest.fixture
def desk(database: Database) -> Desk:
    return make_desk()


def members(patient: UUID) -> list[tuple[object, ...]]:
    return rows(
        "select id, party, role, basis, agreed, starts_at, ends_at, ended_by, closed_at"
        " from access.membership where patient_id = %s order by id",
        patient,
    )


def test_the_others_sleep_and_wake_as_they_were(desk: Desk) -> None:
    before = members(desk.patient)
    others = (desk.gp, desk.nurse, desk.carer)
    assert all(reads(one, desk.patient) for one in others)
    assert share(desk, False) is Outcome.DONE
    assert not any(reads(one, desk.patient) for one in others)
    assert reads(desk.coordinator, desk.patient)
    assert reads(desk.own, desk.patient)
    for one in others:
        with acting_as(one) as conn:
            seen = conn.execute("select access.visible_patients('circle:read')").fetchall()
            assert (desk.patient,) not in seen
    run("select access.close_ended(100)")
    assert share(desk, True) is Outcome.DONE
    assert members(desk.patient) == before
    assert all(reads(one, desk.patient) for one in others)


def test_a_record_opens_to_one_organisation_alone(database: Database) -> None:
    desk = make_desk(shared=False)
    assert not reads(desk.gp, desk.patient)
    assert not reads(desk.nurse, desk.patient)
    colleague = identity.register_person("Nina Roux")
    post = identity.give_post(colleague, desk.dac, "dac_coordinator")
    from core.doors import Actor

    assert reads(Actor(person=colleague, post=post, session=None), desk.patient)
    assert share(desk, True) is Outcome.DONE
    assert reads(desk.gp, desk.patient)
    assert reads(desk.nurse, desk.patient)


def test_who_enters_meanwhile_sleeps_and_leaves_with_his_post(desk: Desk) -> None:
    assert share(desk, False) is Outcome.DONE
    late = make_gp("Dr Tard")
    identity.join_circle(desk.patient, late.person, "gp")
    assert not reads(late, desk.patient)
    run("update access.membership set ends_at = null where party = %s", late.person)
    assert not reads(late, desk.patient), "an end taken away wakes nobody"
    post = identity.give_post(late.person, desk.dac, "dac_coordinator")
    assert reads(late, desk.patient)
    run("update access.post set ends_at = now() where id = %s", post)
    assert not reads(late, desk.patient)
    assert share(desk, True) is Outcome.DONE
    assert reads(late, desk.patient)


def test_only_the_organisation_that_answers_closes_it(desk: Desk) -> None:
    assert share(desk, False) is Outcome.DONE
    assert share(desk, True) is Outcome.DONE
    assert share(desk, False, desk.gp) is Outcome.NOT_YOURS
    run("update access.record set version = version + 1")
    assert share(desk, True) is Outcome.SAME


def test_no_alert_is_left_without_anybody(desk: Desk) -> None:
    """While a follow-up runs nobody is put to sleep, whoever wishes it."""
    home = make_home()
    run("update alerts.prescription set patient_id = %s", desk.patient)
    assert share(desk, False) is Outcome.WATCHED
    own = opened(desk.own, desk.patient, Permission.CIRCLE_READ)
    assert service.note(own, said(Kind.OPPOSITION), b"", str) is Outcome.DONE
    assert reads(desk.nurse, desk.patient)
    run("update alerts.prescription set ends_at = now(), patient_id = %s", home.care.patient)
    assert share(desk, False) is Outcome.DONE
    assert not reads(desk.nurse, desk.patient)


def test_breaking_the_glass_still_lets_in(desk: Desk) -> None:
    assert share(desk, False) is Outcome.DONE
    doctor = make_post("Dr Nuit", "Hôpital", "hospital_doctor")
    assert isinstance(open_record(doctor, desk.patient, Permission.VITALS_READ), NotInCircle)
    with acting_as(doctor) as conn:
        answer = conn.execute(
            "select coordination.open_in_emergency(gen_random_uuid(), gen_random_uuid(), %s,"
            " 'Douleur thoracique brutale', 60, 72)",
            [desk.patient],
        ).fetchone()
    assert answer == ("opened",)
    assert reads(doctor, desk.patient)


def test_members_are_told_without_a_word_on_the_record(desk: Desk) -> None:
    run(
        "insert into messages.contact_point (id, party, channel, address, created_at)"
        " values (gen_random_uuid(), %s, 'email', 'gp@example.org', now())",
        desk.gp.person,
    )
    assert share(desk, False) is Outcome.DONE
    told = rows("select recipient, template, params, about from messages.outbox")
    assert told == [(desk.gp.person, "record_notice", {"path": "/records"}, None)]


def test_merged_records_are_as_strict_as_the_stricter(desk: Desk) -> None:
    from tests.people import make_patient

    other, gp = make_patient("Petit", "Zoé"), make_gp("Dr Autre")
    identity.join_circle(other, gp.person, "gp")
    assert share(desk, False) is Outcome.DONE
    link = (
        "insert into access.patient_link (id, patient_id, into_patient, linked_at, linked_by,"
        " reason) values (gen_random_uuid(), %s, %s, now(), %s, 'Même personne')"
    )
    run(link, other, desk.patient, gp.person)
    assert not reads(gp, desk.patient)
    assert not reads(gp, other)
    run(
        "update access.patient_link set unlinked_at = now(), unlinked_by = %s, unlink_reason = 'x'",
        gp.person,
    )
    assert reads(gp, other)
    assert not reads(gp, desk.patient)


def test_without_the_trigger_who_enters_would_read(desk: Desk) -> None:
    """A fault from outside: the test above is able to fail."""
    assert share(desk, False) is Outcome.DONE
    mutate("access.sharing_holds", "if not access.is_shared", "if access.is_shared")
    late = make_gp("Dr Tard")
    identity.join_circle(desk.patient, late.person, "gp")
    assert reads(late, desk.patient)
