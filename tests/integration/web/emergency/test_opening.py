"""Breaking the glass: who, for whom, why, how long, who is told."""

from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from starlette.testclient import TestClient

from coordination import emergency_service as service
from core import clock
from core.settings import settings
from identity import reauth_service as reauth
from identity import service as identity
from tests.as_owner import mutate, run
from tests.codes import code_of
from tests.days import day_in_france
from tests.integration.alerts.home import rows
from tests.integration.web.emergency.breaking import (
    HOUR,
    REASON,
    TRAITS,
    break_glass,
    emergency,
    refusals,
    told,
)
from tests.integration.web.scene import NewClient, Scene, sign_in


def test_only_strict_traits_find_a_record_and_every_search_is_written(
    scene: Scene, urgent: TestClient, new_client: NewClient
) -> None:
    assert "Jeanne Martin" not in urgent.get("/").text
    for wrong in ({"name": "Mart"}, {"first_name": "J"}, {"birth_date": "1951-04-03"}):
        assert urgent.post("/emergency", data={**TRAITS, **wrong}).status_code == 404
    assert urgent.post("/emergency", data={**TRAITS, "birth_date": "hier"}).status_code == 422
    found = urgent.post("/emergency", data=TRAITS)
    assert found.status_code == 200
    assert str(scene.home.care.patient) not in found.text
    identity.register_patient(
        birth_name="Martin",
        birth_first_names="Jeanne",
        birth_date=day_in_france().replace(year=1951, month=4, day=2),
        sex="female",
    )
    assert urgent.post("/emergency", data=TRAITS).status_code == 409
    written = rows(
        "select purpose, (detail ->> 'found')::int from audit.event"
        " where detail ->> 'looked_for' = 'strict_identity' order by at, id"
    )
    assert written == [("BTG", 0)] * 3 + [("BTG", 1), ("BTG", 2)]
    assert urgent.get(emergency(scene)).status_code == 404
    for login, refused in (("nurse", 403), ("gp", 403), ("patient", 404)):
        assert sign_in(new_client(), login).get("/emergency").status_code == refused


@pytest.mark.promise("S9")
def test_the_record_is_open_for_an_hour_for_a_reason_after_asking_who_it_is(
    scene: Scene, urgent: TestClient, clock_file: Path, new_client: NewClient
) -> None:
    assert break_glass(urgent, reason="urgent").status_code == 422
    assert break_glass(urgent, secret="wrong").status_code == 401
    assert urgent.get(emergency(scene)).status_code == 404
    assert refusals() == [("BTG", "not_confirmed")]
    opened = break_glass(urgent, secret=code_of("urgent"))
    assert opened.headers["location"] == emergency(scene)
    page = urgent.get(emergency(scene))
    assert page.status_code == 200
    assert "MARTIN" in page.text
    assert "90" in page.text
    assert urgent.get(scene.page).status_code == 200
    ways = rows(
        "select distinct role, basis, purpose from audit.event where patient_id = %s"
        " and outcome = 'success' and permission like '%%:read' and basis = 'break_glass'",
        [scene.home.care.patient],
    )
    assert ways == [("emergency", "break_glass", "BTG")]
    acts = urgent.post(scene.page, data={"act": "calling_patient"})
    assert acts.status_code == 403
    clock_file.write_text(str(HOUR - 60))
    assert urgent.get(emergency(scene)).status_code == 200
    clock_file.write_text(str(HOUR + 1))
    late = sign_in(new_client(), "urgent")
    assert late.get(emergency(scene)).status_code == 404
    assert late.get(scene.page).status_code == 404


def test_an_emergency_that_never_ends_would_be_seen(
    scene: Scene, urgent: TestClient, clock_file: Path, new_client: NewClient
) -> None:
    assert break_glass(urgent).status_code == 303
    endless = "update access.membership set ends_at = null where basis = 'break_glass'"
    with pytest.raises(psycopg.errors.CheckViolation):
        run(endless)
    run("alter table access.membership drop constraint membership_in_an_emergency")
    run(endless)
    clock_file.write_text(str(HOUR + 1))
    assert sign_in(new_client(), "urgent").get(emergency(scene)).status_code == 200


def test_without_asking_again_a_stolen_session_would_open_records(
    scene: Scene, urgent: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reauth, "confirm", lambda *_, **__: reauth.Confirmed())
    assert break_glass(urgent, secret="").status_code == 303
    assert urgent.get(emergency(scene)).status_code == 200


def test_patient_and_doctor_are_told_at_once_without_a_name_or_a_value(
    scene: Scene, urgent: TestClient, new_client: NewClient
) -> None:
    assert break_glass(urgent).status_code == 303
    gp = f"{scene.home.care.gp.person}@gp.example"
    assert told() == sorted([gp, "jeanne@patient.example"])
    said = rows(
        "select template, params::text from messages.outbox where key like 'break-glass:%%'"
    )
    for template, params in said:
        assert template == "record_notice"
        assert "Martin" not in str(params)
    assert service.tell_emergencies(clock.now()) == 0
    patient, doctor = sign_in(new_client(), "patient"), sign_in(new_client(), "gp")
    for page in (
        patient.get("/p/journal").text,
        patient.get("/p/circle").text,
        doctor.get(f"/patients/{scene.home.care.patient}/circle").text,
    ):
        assert "Dr Sonia Garde" in page
    journal = patient.get("/p/journal").text
    assert REASON in journal
    # Marked in words and shape at the very line of the access, not only in the list beside.
    assert "Pourquoi : en urgence (bris de glace)" in journal


def test_a_crash_right_after_the_opening_keeps_nobody_untold(
    scene: Scene, urgent: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(name: str) -> None:
        if name == "break_glass.after_commit":
            raise RuntimeError(name)

    monkeypatch.setattr(service, "failpoint", dies)
    assert break_glass(urgent).status_code == 500
    assert urgent.get(emergency(scene)).status_code == 200
    assert told() == []
    assert service.keep_circles(clock.now()) == 1
    assert len(told()) == 2


def test_who_cannot_be_reached_is_told_by_the_operator(
    scene: Scene, urgent: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "operator@example.org")
    settings.cache_clear()
    run("update messages.contact_point set ended_at = now() where address like '%@gp.example'")
    assert break_glass(urgent).status_code == 303
    assert told() == ["jeanne@patient.example"]
    assert rows("select 1 from messages.outbox where address = 'operator@example.org'") != []


def opened_beside_another_post(scene: Scene, urgent: TestClient, new_client: NewClient) -> bool:
    """Break the glass, lose that post while another one lasts; say whether the record is open."""
    ((doctor,),) = rows("select person from identity.account where login = 'urgent'")
    assert break_glass(urgent).status_code == 303
    identity.give_post(UUID(str(doctor)), identity.register_organisation("Cabinet"), "gp")
    run("update access.post set ends_at = now() where role = 'hospital_doctor'")
    return sign_in(new_client(), "urgent").get(emergency(scene)).status_code == 200


@pytest.mark.promise("S9")
def test_whoever_loses_the_post_loses_what_it_opened(
    scene: Scene, urgent: TestClient, new_client: NewClient
) -> None:
    assert not opened_beside_another_post(scene, urgent, new_client)
    assert rows("select ends_at <= now() from access.membership where basis = 'break_glass'") == [
        (True,)
    ]


def test_without_its_trigger_the_hour_would_outlive_the_post(
    scene: Scene, urgent: TestClient, new_client: NewClient
) -> None:
    run("drop trigger a_post_leaves on access.post")
    assert opened_beside_another_post(scene, urgent, new_client)


def test_who_manages_the_circle_writes_an_opposition_down(
    scene: Scene, urgent: TestClient, new_client: NewClient
) -> None:
    page = f"/patients/{scene.home.care.patient}/circle/opposition"
    said = {"opposed": "yes", "means": "paper"}
    assert sign_in(new_client(), "nurse").post(page, data=said).status_code == 403
    assert urgent.post(page, data=said).status_code == 404
    gp = sign_in(new_client(), "gp")
    assert gp.post(page, data=said).status_code == 200
    assert opposed_stays_closed(scene, urgent)
    assert rows("select means, stated_by from coordination.opposition") == [
        ("paper", scene.home.care.gp.person)
    ]


def opposed_stays_closed(scene: Scene, urgent: TestClient) -> bool:
    return break_glass(urgent).status_code == 403 and (
        urgent.get(emergency(scene)).status_code == 404
    )


def test_an_opposition_is_respected_and_written_and_may_be_taken_back(
    scene: Scene, urgent: TestClient, new_client: NewClient
) -> None:
    patient = sign_in(new_client(), "patient")
    assert break_glass(urgent).status_code == 303
    said = patient.post("/p/consents/opposition", data={"opposed": "yes"})
    assert said.status_code == 200
    assert urgent.get(emergency(scene)).status_code == 404
    assert opposed_stays_closed(scene, urgent)
    assert refusals()[-1] == ("BTG", "opposed")
    assert "l’accès en urgence" in break_glass(urgent).text
    patient.post("/p/consents/opposition", data={"opposed": "no"})
    assert break_glass(urgent).status_code == 303
    assert urgent.get(emergency(scene)).status_code == 200
    kept = rows("select means, withdrawn_at is not null from coordination.opposition")
    assert kept == [("digital", True)]


def test_an_opposition_that_nobody_looks_at_would_be_seen(
    scene: Scene, urgent: TestClient, new_client: NewClient
) -> None:
    patient = sign_in(new_client(), "patient")
    patient.post("/p/consents/opposition", data={"opposed": "yes"})
    assert opposed_stays_closed(scene, urgent)
    mutate("coordination.open_in_emergency", "return 'opposed'", "null")
    assert not opposed_stays_closed(scene, urgent)


def test_no_membership_of_an_emergency_is_written_by_hand(
    scene: Scene, urgent: TestClient, hospital: UUID
) -> None:
    with psycopg.connect(settings().owner_dsn) as conn:
        policy = conn.execute(
            "select with_check from pg_policies where schemaname = 'access'"
            " and tablename = 'membership' and policyname = 'person_adds'"
        ).fetchone()
    assert policy is not None
    assert "break_glass" not in policy[0]
    assert "basis = ANY" in policy[0]
