"""Two records of one person: found, merged, read as one, and apart again as they were."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from alerts import service as alerts
from alerts.acts import Own
from alerts.views import AlertPage
from coordination import service as coordination
from core import clock
from core.access import NotInCircle, Permission
from core.care import open_record
from core.doors import Actor
from core.vitals import Vital
from identity import merge_service as merging
from identity import registration_service as registration
from identity import service as identity
from identity.numbers import Ins
from identity.traits import new_traits
from questionnaires import service as questionnaires
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home, measure, opened
from tests.integration.identity.officers import make_officer, make_post
from tests.people import make_gp

BORN = date(1951, 4, 2)
P = Permission


@pytest.fixture
def home(database: Database) -> Home:
    """A watched patient, Jeanne Martin, with a red alert, answers and people around her."""
    home = make_home()
    measure(home, [(Vital.SPO2, 96.0, timedelta(hours=hours)) for hours in range(20, 1, -2)])
    alerts.review(clock.now())
    measure(home, [(Vital.SPO2, 90.0, timedelta(minutes=3))])
    alerts.review(clock.now())
    answer(database, home.care.patient)
    return home


def answer(database: Database, patient: UUID) -> None:
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute(
            "insert into questionnaires.answer (id, patient_id, instrument, version, answers, "
            "answered_at, received_at, entered_by, client_key) "
            "values (gen_random_uuid(), %s, 'daily', 1, '{}', now(), now(), %s, 'first')",
            [patient, patient],
        )


@pytest.fixture
def twin(home: Home) -> tuple[UUID, Actor]:
    """The same person registered again, with a slip in her name, followed by another GP."""
    other_gp = make_gp("Dr Lise Autre")
    other = identity.register_patient(
        birth_name="Martyn", birth_first_names="Jeanne", birth_date=BORN, sex="female"
    )
    identity.join_circle(other, other_gp.person, "gp")
    return other, other_gp


def the_pair(officer: Actor) -> UUID:
    (pair,), _ = merging.pairs(officer)
    return pair.pair_id


def seen(actor: Actor, patient: UUID) -> dict[str, Any]:
    """Everything an actor reads of a record, for comparing before and after."""
    if isinstance(open_record(actor, patient, P.CIRCLE_READ), NotInCircle):
        return {}
    members = coordination.members(opened(actor, patient, P.CIRCLE_READ))
    lines = alerts.open_alerts(opened(actor, patient, P.ALERTS_READ))
    answers = questionnaires.last_answers(opened(actor, patient, P.ANSWERS_READ), 10)
    traits = identity.patient_traits(opened(actor, patient, P.IDENTITY_READ))
    start, end = clock.now() - timedelta(days=2), clock.now() + timedelta(days=1)
    chart = alerts.chart(opened(actor, patient, P.VITALS_READ), start, end)
    return {
        "members": sorted(str(one.membership_id) for one in members),
        "alerts": sorted(str(one.alert_id) for one in lines),
        "answers": sorted(str(one.id) for one in answers),
        "name": traits.birth_name if traits else None,
        "points": len(chart.spo2.points),
        "patients": sorted(p.name for p in coordination.followed_patients(actor).patients),
    }


def test_a_close_name_on_the_same_day_is_flagged(home: Home, twin: tuple[UUID, Actor]) -> None:
    (pair,), merged = merging.pairs(make_officer())
    assert pair.cause == "close_names"
    assert {side.patient_id for side in pair.sides} == {home.care.patient, twin[0]}
    assert [(side.answers, side.open_alerts) for side in pair.sides] == [(1, 1), (0, 0)]
    assert merged == []


def test_merging_reads_both_as_one_and_unlinking_restores_exactly(
    home: Home, twin: tuple[UUID, Actor]
) -> None:
    other, other_gp = twin
    officer, patient, gp = make_officer(), home.care.patient, home.care.gp
    views = [(a, p) for a in (gp, other_gp, home.care.nurse) for p in (patient, other)]
    before = [seen(actor, which) for actor, which in views]
    assert before[2] == {}
    assert merging.merge(officer, the_pair(officer), patient, "Même CNI") == merging.Done()

    whole = seen(gp, patient)
    assert whole["name"] == "Martin"
    assert len(whole["members"]) == len(before[0]["members"]) + len(before[3]["members"]) - 1
    for actor, which in views:
        merged = seen(actor, which)
        assert {k: merged[k] for k in ("alerts", "answers", "points", "name", "members")} == {
            k: whole[k] for k in ("alerts", "answers", "points", "name", "members")
        }
    assert seen(other_gp, other)["points"] > 0
    assert coordination.followed_patients(other_gp).patients[0].patient_id == patient

    _, (link,) = merging.pairs(officer)
    assert merging.unlink(officer, link.link_id, "Deux sœurs") == merging.Done()
    assert [seen(actor, which) for actor, which in views] == before
    assert isinstance(merging.unlink(officer, link.link_id, "Encore"), merging.CannotMerge)


def test_a_follow_up_is_not_put_to_sleep_by_a_merge(
    home: Home, twin: tuple[UUID, Actor], database: Database
) -> None:
    other, other_gp = twin
    officer, patient = make_officer(), home.care.patient
    watched = merging.CannotMerge(merging.MERGE_REFUSAL_SENTENCES["watched"])

    def stand(shared: bool, archived: bool) -> None:
        with psycopg.connect(database.dsn("OWNER")) as conn:
            conn.execute("delete from access.record where patient_id = %s", [other])
            conn.execute(
                "insert into access.record (patient_id, shared, organisation, archived_at,"
                " changed_at) select %s, %s, p.organisation, case when %s then now() end, now()"
                " from access.post p where p.id = %s",
                [other, shared, archived, other_gp.post],
            )

    stand(shared=False, archived=False)
    assert merging.merge(officer, the_pair(officer), patient, "Même CNI") == watched
    stand(shared=True, archived=True)
    assert merging.merge(officer, the_pair(officer), other, "Même CNI") == watched
    assert seen(home.care.gp, patient)
    assert merging.merge(officer, the_pair(officer), patient, "Même CNI") == merging.Done()
    assert opened(home.care.gp, patient, P.ALERTS_ACKNOWLEDGE)


def test_an_alert_of_a_merged_record_is_answered_from_the_kept_one(
    home: Home, twin: tuple[UUID, Actor]
) -> None:
    other, other_gp = twin
    officer = make_officer()
    merging.merge(officer, the_pair(officer), other, "Même CNI")
    (line,) = alerts.open_alerts(opened(other_gp, other, P.ALERTS_READ))
    ctx = opened(other_gp, other, P.ALERTS_ACKNOWLEDGE)
    page = alerts.act(ctx, line.alert_id, Own(by=other_gp.person))
    assert isinstance(page, AlertPage)
    assert page.line.owner == other_gp.person


def test_an_alarm_calls_the_people_of_both_records(
    home: Home, twin: tuple[UUID, Actor], database: Database
) -> None:
    other, other_gp = twin
    officer = make_officer()

    def called(patient: UUID) -> set[UUID]:
        with psycopg.connect(database.dsn("OWNER")) as conn:
            conn.execute("select set_config('chevet.now', now()::text, false)")
            rows = conn.execute(
                "select person from alerts.reachable where patient_id = %s", [patient]
            ).fetchall()
        return {row[0] for row in rows}

    apart = called(home.care.patient), called(other)
    merging.merge(officer, the_pair(officer), other, "Même CNI")
    assert called(home.care.patient) == called(other) == apart[0] | apart[1]
    assert other_gp.person in called(home.care.patient)


def test_only_a_flagged_pair_is_merged_and_only_with_the_right(
    home: Home, twin: tuple[UUID, Actor]
) -> None:
    officer = make_officer()
    pair = the_pair(officer)
    assert merging.pairs(home.care.gp) == ([], [])
    assert merging.pair(home.care.gp, pair) is None
    assert isinstance(merging.merge(home.care.gp, pair, twin[0], "Pour voir"), merging.CannotMerge)
    stranger = identity.register_patient(
        birth_name="Roy", birth_first_names="Luc", birth_date=date(1940, 1, 1), sex="male"
    )
    assert isinstance(merging.merge(officer, pair, stranger, "Faux"), merging.CannotMerge)
    assert merging.merge(officer, pair, twin[0], "  ") == merging.NoReason()
    assert merging.part(officer, pair, "Deux sœurs") == merging.Done()
    assert isinstance(merging.merge(officer, pair, twin[0], "Trop tard"), merging.CannotMerge)


def test_who_registered_a_record_does_not_merge_it(home: Home, database: Database) -> None:
    """Registering a copy of somebody and merging the two would open any record."""
    mallory = make_post("Mallory", "Cabinet", "gp")
    traits = new_traits(
        patient_id=identity.register_person("unused"),
        birth_name="Martin",
        birth_first_names="Jeanne",
        birth_date=BORN,
        sex="female",
    )
    first = registration.register(mallory, traits, confirmed=False)
    assert isinstance(first, registration.LooksRegistered)
    copy = new_traits(
        patient_id=UUID(int=7),
        birth_name="Martin",
        birth_first_names="Jeanne",
        birth_date=BORN,
        sex="female",
    )
    assert isinstance(registration.register(mallory, copy, confirmed=True), registration.Registered)
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute(
            "update access.post set role = 'identity_officer' where id = %s", [mallory.post]
        )
    refused = merging.merge(mallory, the_pair(mallory), UUID(int=7), "À moi")
    assert refused == merging.CannotMerge(merging.MERGE_REFUSAL_SENTENCES["own"])
    assert isinstance(open_record(mallory, home.care.patient, P.IDENTITY_READ), NotInCircle)


def test_two_matricules_are_two_persons(database: Database) -> None:
    officer = make_officer()
    for number in ("251047505600164", "251047505600164"):
        identity.register_patient(
            birth_name="Martin",
            birth_first_names="Jeanne",
            birth_date=BORN,
            sex="female",
            ins=Ins(number=number, oid="1.2.250.1.213.1.4.8"),
            ins_status="recovered",
        )
    (pair,), _ = merging.pairs(officer)
    assert pair.cause == "same_ins"
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute(
            "update identity.patient set ins = '251047505600263' where patient_id = %s",
            [pair.sides[0].patient_id],
        )
    refused = merging.merge(officer, pair.pair_id, pair.sides[0].patient_id, "Même personne")
    assert refused == merging.CannotMerge(merging.MERGE_REFUSAL_SENTENCES["two_ins"])


def test_a_record_is_merged_once_and_never_in_chains(home: Home) -> None:
    officer = make_officer()
    for name in ("Martyn", "Martun"):
        identity.register_patient(
            birth_name=name, birth_first_names="Jeanne", birth_date=BORN, sex="female"
        )
    found, _ = merging.pairs(officer)
    assert len(found) == 3
    first = next(p for p in found if home.care.patient in {s.patient_id for s in p.sides})
    assert merging.merge(officer, first.pair_id, home.care.patient, "Même") == merging.Done()
    gone = next(s.patient_id for s in first.sides if s.patient_id != home.care.patient)
    chained = next(p for p in found if gone in {s.patient_id for s in p.sides} and p is not first)
    refused = merging.merge(officer, chained.pair_id, gone, "Chaîne")
    assert refused == merging.CannotMerge(merging.MERGE_REFUSAL_SENTENCES["chain"])


def test_a_merge_is_written_down_in_both_records(
    home: Home, twin: tuple[UUID, Actor], database: Database
) -> None:
    officer = make_officer()
    pair = the_pair(officer)
    merging.merge(officer, pair, twin[0], "Même CNI")
    with psycopg.connect(database.dsn("OWNER")) as conn:
        rows = conn.execute(
            "select patient_id from audit.event where permission = 'patients:merge' "
            "and action = 'U' and outcome = 'success'"
        ).fetchall()
    assert {row[0] for row in rows} == {twin[0], home.care.patient}
