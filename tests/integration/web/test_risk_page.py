"""What the model says stands beside the rules, for those who answer, and for nobody near."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from alerts import service as alerts
from alerts.model_service import promote, roll_back
from alerts.risk_service import ask_due
from core import clock
from core.access import Permission
from core.care import open_record
from core.doors import Actor, CareContext, acting_as
from core.vitals import Vital
from dashboard.layouts.risk import risk_section
from dashboard.reader import Reader
from dashboard.service import read_patient
from identity import service as identity
from scoring.edge.model_file import SHIPPED
from tests import as_owner
from tests.conftest import Database
from tests.integration.alerts.home import measure, opened
from tests.integration.web.scene import NewClient, Scene, sign_in

TITLE = "Avis du modèle"
NEAR = ("carer", "trusted_person", "legal_representative", "property_representative")


@pytest.fixture
def said(scene: Scene) -> Scene:
    """The model was asked about the patient, whose oximeter gave both values."""
    promote(SHIPPED, "for tests of the page")
    now = clock.now()
    spots = ((Vital.SPO2, 91, timedelta(0)), (Vital.PULSE, 115, timedelta(0)))
    measure(scene.home, spots, now=now)
    alerts.review(now)
    assert ask_due(now) == 1
    return scene


def card_of(who: Actor, scene: Scene) -> str:
    """Return the console's card as text, empty where there is none."""
    view = read_patient(opened(who, scene.home.care.patient, Permission.ALERTS_READ))
    if view.risk is None:
        return ""
    reader = Reader(locale="en", time_zone="Europe/Paris", now=clock.now())
    return str(risk_section(reader, view.risk).to_plotly_json())


def test_the_gp_reads_the_argument_below_the_state(said: Scene, new_client: NewClient) -> None:
    text = sign_in(new_client(), "gp").get(said.page).text.replace("\xa0", " ")
    for words in (
        "Risque de dégradation dans les 12 heures : ",
        "SpO₂ (saturation) : 91 %, augmente",
        "Il serait faible avec",
        "Le modèle ne connaît pas : Fréquence respiratoire",
        "Oxygène non renseigné : compté comme air ambiant",
        "Modèle ward-1 · Modèle interrogé :",
        "Modèle de recherche : entraîné sur des patients de réanimation",
    ):
        assert words in text, words
    places = [
        text.index(one) for one in ("État à domicile", TITLE, "Selon les règles :", "Risque de")
    ]
    assert places == sorted(places)


def test_the_nurse_reads_it_on_the_console_beside_the_rules(said: Scene) -> None:
    card = card_of(said.home.care.nurse, said)
    assert "Risk of deterioration within 12 hours" in card
    assert card.index("By the rules:") < card.index("Risk of deterioration")
    assert "Research-grade: trained on intensive-care patients" in card
    roll_back("for this test")
    assert "No model is in use: the rules speak alone" in card_of(said.home.care.nurse, said)


def test_without_a_state_by_the_rules_there_is_no_card(said: Scene) -> None:
    as_owner.run("delete from alerts.patient_summary")
    assert card_of(said.home.care.nurse, said) == ""


@pytest.mark.promise("S1")
@pytest.mark.parametrize("role", NEAR)
def test_whoever_is_near_the_patient_reads_nothing_of_it_in_any_post(
    said: Scene, new_client: NewClient, role: str
) -> None:
    care = said.home.care
    for who in (care.gp, care.nurse):
        identity.join_circle(care.patient, who.person, role)
    text = sign_in(new_client(), "gp").get(said.page).text
    assert "État à domicile" in text
    assert TITLE not in text
    assert card_of(care.nurse, said) == ""
    assert in_the_database(said, care.nurse) == []


def in_the_database(scene: Scene, who: Actor) -> list[tuple[Any, ...]]:
    """Return what the second lock gives a person who may read alerts in his post."""
    with acting_as(who, patient=scene.home.care.patient) as conn:
        return conn.execute(
            "select version from alerts.latest_risk(%(p)s)"
            " union all select version from alerts.model_beside(%(p)s)",
            {"p": scene.home.care.patient},
        ).fetchall()


def test_the_patient_and_strangers_read_nothing_of_it(said: Scene, new_client: NewClient) -> None:
    care = said.home.care
    for who in (care.patient_actor, said.stranger):
        assert in_the_database(said, who) == []
        assert not isinstance(open_record(who, care.patient, Permission.ALERTS_READ), CareContext)
    patient = sign_in(new_client(), "patient")
    pages = ("/p", "/p/messages", "/p/team", "/p/trends", f"/patients/{care.patient}/journal")
    for page in pages:
        assert TITLE not in patient.get(page).text
    assert len(in_the_database(said, care.nurse)) == 2


def test_a_table_people_have_no_right_on(said: Scene, database: Database) -> None:
    with psycopg.connect(database.dsn("APP"), autocommit=True) as conn:
        for table in ("alerts.risk", "alerts.risk_due", "alerts.person_to_ask"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                conn.execute(f"select * from {table}".encode())


def test_a_lock_that_asks_nothing_is_seen(said: Scene) -> None:
    """The deliberate fault: to the database nobody is near."""
    nurse = said.home.care.nurse
    identity.join_circle(said.home.care.patient, nurse.person, "carer")
    assert in_the_database(said, nurse) == []
    as_owner.run(
        "create or replace function access.stands_near(p_patient uuid) returns boolean"
        " language sql stable security definer set search_path = pg_catalog, pg_temp"
        " return false"
    )
    assert len(in_the_database(said, nurse)) == 2
