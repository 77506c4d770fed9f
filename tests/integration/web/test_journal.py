"""The patient reads who opened his record, why and through which right, at once."""

import csv
from pathlib import Path

import psycopg
import pytest
from starlette.testclient import TestClient

from tests.conftest import Database
from tests.integration.web.scene import NewClient, Scene, sign_in

FORTY_DAYS = 40 * 24 * 3600


def shown(patient: TestClient) -> bool:
    """Whether the patient's page says of the GP who, in which post, what, why and by what right."""
    page = patient.get("/p/journal").text
    words = (
        "Dr Paul Lefèvre",
        "Médecin traitant",
        "lire les alertes",
        "Pourquoi : pour les soins",
        "À quel titre : équipe de soins",
    )
    return all(word in " ".join(page.split()) for word in words)


@pytest.mark.promise("S10")
def test_an_access_is_on_the_page_at_once(
    scene: Scene, new_client: NewClient, database: Database
) -> None:
    """At most one minute behind is the promise; nothing at all is kept here."""
    gp, patient = sign_in(new_client(), "gp"), sign_in(new_client(), "patient")
    assert not shown(patient)
    assert gp.get(scene.page).status_code == 200
    assert shown(patient)
    with psycopg.connect(database.dsn("OWNER")) as owner:
        lag(owner)
    assert not shown(patient)


def lag(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """Let the page be two minutes behind, as if it were fed by something slower."""
    row = owner.execute("select pg_get_viewdef('doorway.access_journal'::regclass)").fetchone()
    assert row is not None
    behind = str(row[0]).replace("WHERE", "WHERE e.at < now() - interval '2 minutes' AND", 1)
    view = f"create or replace view doorway.access_journal with (security_barrier) as {behind}"
    owner.execute(view.encode())


def test_each_month_is_a_page_and_a_file(
    scene: Scene, new_client: NewClient, clock_file: Path
) -> None:
    clock_file.write_text(str(-FORTY_DAYS))
    sign_in(new_client(), "stranger").get(scene.page)
    clock_file.write_text("0")
    patient = sign_in(new_client(), "patient")
    page = patient.get("/p/journal").text
    assert "Dr Anne Inconnue" not in page
    older = page.split('href="/p/journal?month=')[1].split('"')[0]
    past = patient.get(f"/p/journal?month={older}")
    while "Dr Anne Inconnue" not in past.text:  # Forty days ago may be two months back.
        older = past.text.split('href="/p/journal?month=')[1].split('"')[0]
        past = patient.get(f"/p/journal?month={older}")
    assert "aucun, rien n’a donc été montré" in past.text
    assert past.headers["cache-control"] == "no-store"
    answer = patient.get(f"/p/journal/file?month={older}")
    assert answer.headers["content-disposition"] == f'attachment; filename="journal-{older}.csv"'
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert ("Dr Anne Inconnue", "refusé") in {(row[2], row[6]) for row in rows[1:]}


def test_a_gp_of_other_patients_is_not_called_this_one_s(
    scene: Scene, new_client: NewClient
) -> None:
    sign_in(new_client(), "stranger").get(scene.page)
    page = sign_in(new_client(), "patient").get("/p/journal").text
    tried = page.split("Dr Anne Inconnue")[1].split("</li>")[0]
    assert "A essayé et a été refusé" in tried
    assert "Médecin traitant" not in tried


def test_opening_the_list_and_its_file_are_in_the_list(scene: Scene, new_client: NewClient) -> None:
    patient = sign_in(new_client(), "patient")
    first = patient.get("/p/journal/file").text.count("\r\n")
    assert patient.get("/p/journal/file").text.count("\r\n") > first


def test_a_list_without_end_is_cut_and_says_so(
    scene: Scene, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coordination.service.MOST_ACCESSES", 2)
    patient = sign_in(new_client(), "patient")
    for _ in range(3):
        page = patient.get("/p/journal").text
    assert "Les 2 derniers accès de ce mois sont affichés." in page
