"""While something may still alarm, nobody who answers it falls asleep, leaves or is shut out."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from alerts.prescribing_service import NotBegun, prescribe_in
from coordination import membership_service
from coordination.opening import service
from coordination.opening.opening import Kind, Outcome, Proposal
from core import clock
from core.access import Permission
from core.doors import Actor, acting_as
from questionnaires.plans.plan import PlanRefused
from questionnaires.plans.service import start_plan
from tests.as_owner import rows, run
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home
from tests.integration.identity.officers import make_post
from tests.integration.opening.desk import (
    Desk,
    archive,
    identity_of,
    make_desk,
    opened,
    reads,
    share,
)
from tests.integration.opening.test_statements import said
from tests.people import make_patient

CALL_BACK = (
    "insert into alerts.call_back (id, patient_id, asked_at, asked_by, client_key)"
    " values (gen_random_uuid(), %s, now(), %s, 'rappelez-moi')"
)
STAY = (
    "insert into coordination.stay (id, patient_id, state, started_at, asks_at, opened_by,"
    " opened_at) values (gen_random_uuid(), %s, 'admitted', now(), now() - interval '1 hour', %s,"
    " now())"
)


@pytest.fixture
def desk(database: Database) -> Desk:
    return make_desk()


@pytest.fixture
def other(desk: Desk) -> Actor:
    return make_post("Omar Diallo", "DAC Paris Sud", "dac_coordinator")


def watch(desk: Desk, home: Home) -> None:
    """Let the prescription of another home be of this record."""
    run("update alerts.prescription set patient_id = %s", desk.patient)
    assert home.care.patient != desk.patient


def propose(desk: Desk, to: Actor, *, stays: bool) -> Outcome:
    ctx = opened(desk.coordinator, desk.patient)
    found = service.record(ctx)
    assert found is not None
    day = date(2026, 11, 20)
    wanted = Proposal(
        to=identity_of(to), mission="dac", stays=stays, reason="Déménage", patient_told_on=day
    )
    return service.propose(ctx, wanted, found.head.version)


def test_who_hands_a_followed_record_over_stays_in_its_circle(desk: Desk, other: Actor) -> None:
    home = make_home()
    assert propose(desk, other, stays=False) is Outcome.DONE
    watch(desk, home)
    (one,) = service.waiting(other).to_answer
    assert service.answer(other, one.id, accepts=True, why="") == desk.patient
    assert reads(desk.coordinator, desk.patient), "a follow-up began meanwhile"
    assert rows("select stays from coordination.transfer") == [(True,)]
    desk = Desk(**{**_parts(desk), "coordinator": other})
    third = make_post("Ana Gil", "DAC Paris Nord", "dac_coordinator")
    assert propose(desk, third, stays=False) is Outcome.WATCHED
    assert propose(desk, third, stays=True) is Outcome.DONE
    # Another organisation came to answer for it: what it did not propose is not accepted.
    run("update access.circle set managing_organisation = %s", desk.dac)
    (again,) = service.waiting(third).to_answer
    assert service.answer(third, again.id, accepts=True, why="") is None
    assert not reads(third, desk.patient)
    assert service.answer(third, again.id, accepts=False, why="Non") == desk.patient


def _parts(desk: Desk) -> dict[str, object]:
    return {name: getattr(desk, name) for name in Desk.__dataclass_fields__}


def test_questions_calls_and_what_nobody_judged_yet_keep_it_open(desk: Desk) -> None:
    ((key,),) = rows("select key from access.patient where id = %s", desk.patient)
    (gp,) = rows("select %s::uuid", desk.gp.person)[0]
    begun = start_plan(opened(desk.nurse, desk.patient, Permission.MONITORING_WRITE), "covid-14")
    assert isinstance(begun, UUID), begun
    assert (share(desk, False), archive(desk, True)) == (Outcome.WATCHED, Outcome.FOLLOWED)
    run("update questionnaires.plan set ended_at = now(), end_reason = 'planned'")
    run(CALL_BACK, desk.patient, gp)
    assert (share(desk, False), archive(desk, True)) == (Outcome.WATCHED, Outcome.FOLLOWED)
    run("delete from alerts.call_back")
    run("delete from core.due")
    run(
        "insert into core.due (kind, patient_key, from_time, until_time, received_at)"
        " values ('answer', %s, now(), now(), now())",
        key,
    )
    assert (share(desk, False), archive(desk, True)) == (Outcome.WATCHED, Outcome.FOLLOWED)
    run("delete from core.due")
    run(STAY, desk.patient, gp)
    assert archive(desk, True) is Outcome.FOLLOWED
    run("delete from coordination.stay")
    assert share(desk, False) is Outcome.DONE
    assert archive(desk, True) is Outcome.DONE
    run(STAY, desk.patient, gp)
    assert rows("select coordination.ask_of_stays(10)") == [(0,)]


def test_nothing_begins_that_would_alarm_nobody(desk: Desk) -> None:
    """A centre that opened a record for itself alone shares it before it follows the patient."""
    home = make_home()
    run("update alerts.prescription set ends_at = now()")
    centre, nurse, patient = home.care.centre, home.care.nurse, home.care.patient
    ctx = opened(nurse, patient, Permission.MONITORING_WRITE)

    def begin() -> UUID | NotBegun:
        with acting_as(ctx) as conn:
            return prescribe_in(
                conn,
                ctx.patient,
                profile=("covid-home", 1),
                ladder=("home-two-rungs", 1),
                now=clock.now(),
            )

    def standing(**now: object) -> None:
        run("delete from access.record where patient_id = %s", patient)
        run(
            "insert into access.record (patient_id, shared, organisation, archived_at, changed_at)"
            " values (%s, %s, %s, %s, now())",
            patient,
            now.get("shared", True),
            centre,
            now.get("archived_at"),
        )

    standing(shared=False)
    assert (begin(), start_plan(ctx, "covid-14")) == (NotBegun.UNSHARED, PlanRefused("unshared"))
    standing(archived_at=clock.now() - timedelta(minutes=1))
    assert (begin(), start_plan(ctx, "covid-14")) == (NotBegun.ARCHIVED, PlanRefused("archived"))
    with acting_as(ctx) as conn:
        assert conn.execute("select coordination.hold_still(%s)", [patient]).fetchone() == (False,)
    standing()
    assert isinstance(begin(), UUID)


def test_an_opposition_closes_the_record_when_the_follow_up_has_ended(desk: Desk) -> None:
    watch(desk, make_home())
    own = opened(desk.own, desk.patient, Permission.CIRCLE_READ)
    assert service.note(own, said(Kind.OPPOSITION), b"", str) is Outcome.DONE
    assert reads(desk.nurse, desk.patient)
    assert not service.heed_opposition()
    run("update alerts.prescription set ends_at = now()")
    run("delete from core.due")
    assert service.heed_opposition()
    assert not service.heed_opposition()
    assert not reads(desk.nurse, desk.patient)
    assert reads(desk.coordinator, desk.patient)
    alone = make_patient("Seul", "Ève")
    alone_reads = opened(
        Actor(person=alone, post=None, session=None, purpose="PATRQT"),
        alone,
        Permission.CIRCLE_READ,
    )
    noted = service.note(alone_reads, said(Kind.OPPOSITION), b"", str)
    assert noted is Outcome.NO_ORGANISATION
    assert rows("select count(*) from coordination.statement where patient_id = %s", alone) == [
        (0,)
    ]


def test_a_member_who_sleeps_can_be_let_go(desk: Desk) -> None:
    assert share(desk, False) is Outcome.DONE
    ctx = opened(desk.coordinator, desk.patient)
    found = service.record(ctx)
    assert found is not None
    (gp,) = [one.membership_id for one in found.sleepers if one.role == "gp"]

    def end(actor: Actor, which: UUID) -> object:
        door = opened(actor, desk.patient)
        return membership_service.end(
            door, which, version=0, reason="Parti", ends_on="", zone=clock.now().tzinfo
        )

    assert end(desk.coordinator, uuid4()) == membership_service.Gone()
    assert end(desk.coordinator, gp) == membership_service.Ended()
    assert end(desk.coordinator, gp) == membership_service.Gone()
    found = service.record(ctx)
    assert found is not None
    assert "gp" not in [one.role for one in found.sleepers]
    assert service.waiting(desk.gp).sleeping == []
    assert share(desk, True) is Outcome.DONE
    assert not reads(desk.gp, desk.patient)
    assert reads(desk.nurse, desk.patient)
