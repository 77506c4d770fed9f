"""Finding, registering, correcting and merging patients over real HTTP, on real PostgreSQL."""

import re
from datetime import date
from typing import LiteralString

import psycopg
import pytest

from identity import service as identity
from tests.conftest import Database
from tests.integration.identity.officers import make_post
from tests.integration.web.scene import NewClient, Scene, open_account, sign_in

JEANNE = {"name": "màrt", "first_name": "jeann", "birth_date": "1951-04-02"}
NEW = {
    "birth_name": "Nguyễn-D’Été",
    "birth_first_names": "Zoé Anne",
    "birth_date": "1960-02-29",
    "sex": "female",
    "birth_place": "75056",
}


def one_value(database: Database, query: LiteralString) -> object:
    with psycopg.connect(database.dsn("OWNER")) as conn:
        row = conn.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_a_search_shows_who_was_found_and_opens_nothing(
    scene: Scene, new_client: NewClient
) -> None:
    page = sign_in(new_client(), "stranger").post("/patients/search", data=JEANNE)
    assert page.status_code == 200
    assert "MARTIN" in page.text
    assert "cercle de soins de cette personne" in page.text
    assert f"/patients/{scene.home.care.patient}" not in page.text
    own = sign_in(new_client(), "gp").post("/patients/search", data=JEANNE).text
    assert f"/patients/{scene.home.care.patient}/circle" in own


def test_a_search_that_lacks_something_keeps_what_was_typed(
    scene: Scene, new_client: NewClient
) -> None:
    page = sign_in(new_client(), "gp").post("/patients/search", data={**JEANNE, "name": "m"})
    assert page.status_code == 422
    assert 'aria-describedby="name-error"' in page.text
    assert 'value="jeann"' in page.text


def test_registering_keeps_the_draft_until_it_is_right(scene: Scene, new_client: NewClient) -> None:
    gp = sign_in(new_client(), "gp")
    wrong = gp.post("/patients/new", data={**NEW, "birth_date": "1960-02-30", "ins": "1"})
    assert wrong.status_code == 422
    assert 'value="Nguyễn-D’Été"' in wrong.text
    assert 'id="birth_date-error"' in wrong.text
    assert 'id="ins-error"' in wrong.text
    done = gp.post("/patients/new", data=NEW, follow_redirects=False)
    assert done.status_code == 303
    page = gp.get(done.headers["location"])
    assert page.status_code == 200
    assert "NGUYỄN-D’ÉTÉ" in page.text
    assert "Identité provisoire" in page.text


def test_somebody_alike_is_shown_before_registering(
    scene: Scene, new_client: NewClient, database: Database
) -> None:
    gp = sign_in(new_client(), "gp")
    twin = {
        **NEW,
        "birth_name": "Martin",
        "birth_first_names": "Jeanne",
        "birth_date": "02/04/1951",
    }
    before = one_value(database, "select count(*) from access.patient")
    warned = gp.post("/patients/new", data=twin)
    assert warned.status_code == 409
    assert "peut-être déjà inscrite" in warned.text
    assert one_value(database, "select count(*) from access.patient") == before
    done = gp.post("/patients/new", data={**twin, "confirmed": "yes"}, follow_redirects=False)
    assert done.status_code == 303
    assert one_value(database, "select count(*) from identity.suspected_duplicate") == 1


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def fields_on(page: str) -> dict[str, str]:
    """Return the strict traits as the form of the page holds them."""
    pairs = re.findall(r'<input [^>]*name="([a-z_]+)" value="([^"]*)"', page)
    typed = {name: value for name, value in pairs if not name.startswith("is_")}
    return typed | {"version": version_on(page), "sex": "female"}


def test_a_validated_identity_is_read_only_on_its_page(scene: Scene, new_client: NewClient) -> None:
    gp, path = sign_in(new_client(), "gp"), f"/patients/{scene.home.care.patient}/identity"
    form = {**fields_on(gp.get(path).text), "document": "passport", "reason": "Passeport vu"}
    assert gp.post(path, data=form, follow_redirects=False).status_code == 303
    page = gp.get(path).text
    assert "Identité validée" in page
    assert "Passeport vu" in page
    assert re.search(r'name="birth_name"[^>]*readonly', page)
    forced = {**fields_on(page), "birth_name": "Durand", "document": "passport", "reason": "erreur"}
    gp.post(path, data=forced, follow_redirects=False)
    assert "MARTIN" in gp.get(path).text
    assert "DURAND" not in gp.get(path).text


def test_a_stale_form_changes_nothing(scene: Scene, new_client: NewClient) -> None:
    gp, path = sign_in(new_client(), "gp"), f"/patients/{scene.home.care.patient}/identity"
    old = {**fields_on(gp.get(path).text), "used_name": "Petit", "reason": "usage"}
    assert gp.post(path, data=old, follow_redirects=False).status_code == 303
    again = gp.post(path, data={**old, "used_name": "Grand"})
    assert again.status_code == 422
    assert "entre-temps" in again.text
    assert 'value="Grand"' in again.text


def test_two_records_are_merged_and_separated_by_the_officer(
    scene: Scene, new_client: NewClient, database: Database
) -> None:
    officer = make_post("Claire Vigie", "Centre hospitalier", "identity_officer")
    open_account(officer.person, "officer")
    identity.register_patient(
        birth_name="Martín",
        birth_first_names="Jeanne",
        birth_date=date(1951, 4, 2),
        sex="female",
    )
    found = one_value(database, "select id from identity.suspected_duplicate")
    client, pair = sign_in(new_client(), "officer"), f"/patients/duplicates/{found}"
    assert pair in client.get("/patients/duplicates").text
    assert client.post(pair, data={"verdict": "same", "reason": "vu"}).status_code == 422
    keep = {"verdict": "same", "keep": str(scene.home.care.patient)}
    assert client.post(pair, data={**keep, "reason": " "}).status_code == 422
    done = client.post(pair, data={**keep, "reason": "vue au guichet"})
    assert "désormais réunis" in done.text
    assert "vue au guichet" in done.text
    (link,) = re.findall(r"/patients/merges/([0-9a-f-]+)/end", done.text)
    parted = client.post(f"/patients/merges/{link}/end", data={"reason": "erreur"})
    assert "à nouveau séparés" in parted.text
    gone = client.get(pair)
    assert "Quelqu’un a déjà décidé" in gone.text


@pytest.mark.promise("S1")
@pytest.mark.parametrize("path", ["/patients/search", "/patients/new", "/patients/duplicates", "/"])
def test_a_patient_has_no_tools_of_professionals(
    scene: Scene, new_client: NewClient, path: str
) -> None:
    page = sign_in(new_client(), "patient").get(path)
    assert path == "/" or page.status_code == 404
    assert "/patients/search" not in page.text


def test_home_leads_to_what_the_post_may_do(scene: Scene, new_client: NewClient) -> None:
    page = sign_in(new_client(), "gp").get("/").text
    assert "/patients/search" in page
    assert "/patients/new" in page
    assert "/patients/duplicates" not in page
    assert sign_in(new_client(), "gp").get("/patients/duplicates").status_code == 403
