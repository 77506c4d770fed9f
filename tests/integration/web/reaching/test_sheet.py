"""The sheet of the SAMU: complete, empty, and whose it is."""

import pytest
from starlette.testclient import TestClient

from tests.as_owner import rows, run
from tests.integration.web.reaching.desk import (
    HEADERS,
    NO_PHONE,
    add,
    base,
    post,
    set_samu,
    sheet,
    text_of,
)
from tests.integration.web.scene import NewClient, Scene, sign_in
from tests.security.locks import without_first_lock


def test_nobody_at_home_leads_to_the_sheet(scene: Scene, nurse: TestClient) -> None:
    run(NO_PHONE)
    post(nurse, f"{base(scene)}/doubt-checks", alert=str(scene.alert), who="Luc")
    ((check,),) = rows("select id from coordination.doubt_check")
    where = f"{base(scene)}/doubt-checks/{check}"
    page = post(nurse, where, alert=str(scene.alert), outcome="nobody")
    assert "Ouvrir la fiche SAMU" in page
    assert "Envoyez quelqu’un au domicile" in page
    twice = post(nurse, where, alert=str(scene.alert), outcome="well")
    assert "Rien n’a changé" in twice


def test_a_sheet_with_everything_missing(scene: Scene, nurse: TestClient) -> None:
    run(NO_PHONE)
    page = sheet(nurse, scene)
    assert page.count("non renseigné") >= 11
    assert "Le département du patient est non renseigné" in page
    assert "composez le 15 seulement si vous êtes dans le département du patient" in page
    assert "SpO₂ (saturation) : 90 %" in page
    assert "Dr Paul Lefèvre" in page
    assert "renseigner" in page


def test_a_complete_sheet(scene: Scene, nurse: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    set_samu(monkeypatch, "75=01 44 49 23 23")
    add(nurse, scene, "Luc Martin", "0639980113", tie="fils", has_key="yes")
    page = post(
        nurse,
        f"{base(scene)}/home",
        address="12 rue des Lilas",
        postcode="75013",
        commune="Paris",
        floor="3e gauche",
        door_code="12B4",
        usual_spo2="94",
        oxygen="1,5",
        allergies="Pénicilline",
        treatments="Furosémide 40 mg",
        directives="Chez le Dr Lefèvre",
        gp="Dr Lefèvre, 01 99 00 00 02",
    )
    assert "La fiche est enregistrée" in page
    page = sheet(nurse, scene)
    for said in (
        "SAMU 75 · 01 44 49 23 23",
        "MARTIN Jeanne",
        "Femme",
        "12 rue des Lilas, 75013 Paris",
        "3e gauche",
        "12B4",
        "Luc Martin (fils) · 06 39 98 01 13",
        "06 39 98 01 12",
        "94 %",
        "1,5 L/min",
        "Pénicilline",
        "Furosémide 40 mg",
        "Chez le Dr Lefèvre",
        "Dr Lefèvre, 01 99 00 00 02",
        "90 %",
    ):
        assert said in page, said
    assert "non renseigné" not in page
    read = rows("select action from audit.event where detail ->> 'read' = 'samu_sheet'")
    assert read == [("R",), ("R",)]


def test_a_departement_without_a_number(
    scene: Scene, nurse: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_samu(monkeypatch, "75=01 44 49 23 23")
    post(nurse, f"{base(scene)}/home", postcode="77000")
    page = sheet(nurse, scene)
    assert "Le numéro à dix chiffres du SAMU 77 est non renseigné ici" in page
    assert "seulement si vous êtes dans le département" in page
    assert "01 44 49 23 23" not in page


def test_two_who_change_the_sheet_at_once_lose_nothing(scene: Scene, nurse: TestClient) -> None:
    post(nurse, f"{base(scene)}/home", floor="3e")
    answer = nurse.post(
        f"{base(scene)}/home", data={"floor": "4e", "version": "0"}, headers=HEADERS
    )
    assert answer.status_code == 409
    assert 'value="4e"' in answer.text
    assert "3e" in text_of(answer.text)
    assert rows("select floor from coordination.home") == [("3e",)]
    post(nurse, f"{base(scene)}/home", floor="4e", version="1")
    assert rows("select floor, version from coordination.home") == [("4e", 2)]


def test_a_sheet_that_opens_to_a_stranger_is_caught(scene: Scene, new_client: NewClient) -> None:
    """The fault: the check in Python lets everybody in."""
    with without_first_lock(), pytest.raises(AssertionError, match="200 == 404"):
        test_the_gp_may_use_all_of_it_and_a_stranger_learns_nothing(scene, new_client)


def test_the_gp_may_use_all_of_it_and_a_stranger_learns_nothing(
    scene: Scene, new_client: NewClient
) -> None:
    gp, stranger = sign_in(new_client(), "gp"), sign_in(new_client(), "stranger")
    patient = sign_in(new_client(), "patient")
    for page in ("people", "reach", "samu", "home"):
        assert gp.get(f"{base(scene)}/{page}").status_code == 200
        assert stranger.get(f"{base(scene)}/{page}").status_code == 404
        assert patient.get(f"{base(scene)}/{page}").status_code in (403, 404)
