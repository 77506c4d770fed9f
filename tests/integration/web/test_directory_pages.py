"""The directory over real HTTP: searching, starring, saying, inviting, and what stays."""

from uuid import UUID

import psycopg
import pytest

from tests.conftest import Database
from tests.integration.identity.officers import make_post
from tests.integration.identity.test_finding import NURSE, PRIVATE, extract, person_of
from tests.integration.web.scene import NewClient, Scene, open_account, sign_in


@pytest.fixture
def nurse(scene: Scene, database: Database) -> UUID:
    """A nurse of the directory with an account, a work number and a private one."""
    extract()
    person = person_of(database, NURSE)
    open_account(person, "luc")
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute(
            "insert into identity.directory_private values (%s, %s, %s, now())",
            [person, PRIVATE, person],
        )
        conn.execute(
            "insert into identity.directory_offer values (%s, 'Pansements', 'Libre', '0199000102',"
            " %s, now() - interval '40 days')",
            [person, person],
        )
    return person


def test_a_private_number_leaves_by_no_page_file_or_answer(
    new_client: NewClient, nurse: UUID
) -> None:
    gp = sign_in(new_client(), "gp")
    asked = {"words": "aubepnie"}
    answers = [
        gp.post("/directory", data=asked),
        gp.post("/directory", data={**asked, "part": "list"}),
        gp.post("/directory/found.json", data=asked),
        gp.post("/directory/found.csv", data=asked),
        gp.get(f"/directory/{nurse}"),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert "0199000102" in answer.text.replace(" ", "")
        assert PRIVATE not in answer.text.replace(" ", "")
        assert "tel:0639" not in answer.text
    assert "<html" not in answers[1].text
    assert answers[2].json()["found"][0]["offers"] == "Pansements"
    assert answers[3].headers["content-disposition"].endswith('"annuaire.csv"')
    own = sign_in(new_client(), "luc").get("/account/directory")
    assert PRIVATE in own.text.replace(" ", "")


def test_an_old_note_is_shown_as_old_until_it_is_said_again(
    new_client: NewClient, nurse: UUID
) -> None:
    luc = sign_in(new_client(), "luc")
    assert "peut ne plus être vrai" in luc.get(f"/directory/{nurse}").text
    wrong = luc.post("/account/directory", data={"offers": "x" * 301, "phone": "non"})
    assert wrong.status_code == 422
    assert "300 caractères au plus" in wrong.text
    said = luc.post(
        "/account/directory",
        data={"offers": "Perfusions", "availability": "Complet", "phone": "01 99 00 01 03"},
    )
    assert "à la date d’aujourd’hui" in said.text
    page = luc.get(f"/directory/{nurse}").text
    assert "Complet" in page
    assert "peut ne plus être vrai" not in page


def test_an_administrator_speaks_for_those_of_his_organisation_alone(
    new_client: NewClient, nurse: UUID, database: Database
) -> None:
    open_account(make_post("Léa Admin", "Hôpital Fictif", "administrator").person, "lea")
    lea, page = sign_in(new_client(), "lea"), f"/admin/directory/entries/{nurse}"
    for entry in (page, f"/admin/directory/entries/{UUID(int=1)}"):
        shown = lea.get(entry)
        assert "Rien ne peut être changé ici" in shown.text
        assert "Vous n’êtes pas dans l’annuaire" not in shown.text
    refused = lea.post(page, data={"offers": "Autre chose"})
    assert refused.status_code == 409
    assert PRIVATE not in (shown.text + refused.text).replace(" ", "")
    with psycopg.connect(database.dsn("OWNER")) as conn:
        kept = conn.execute(
            "select offers from identity.directory_offer where party = %s", [nurse]
        ).fetchone()
        assert kept == ("Pansements",)
        conn.execute(
            "update access.post set organisation = (select organisation from access.post p"
            " join identity.account a on a.person = p.person where a.login = 'lea')"
            " where person = %s",
            [nurse],
        )
    assert PRIVATE not in lea.get(page).text.replace(" ", "")  # what he said of himself is his
    said = lea.post(page, data={"offers": "Perfusions", "private": PRIVATE})
    assert "à la date d’aujourd’hui" in said.text


def test_a_star_is_set_and_undone_and_an_empty_search_says_so(
    new_client: NewClient, nurse: UUID
) -> None:
    gp = sign_in(new_client(), "gp")
    assert "Aucun favori" in gp.get("/directory").text
    starred = gp.post(f"/directory/{nurse}/star", data={"starred": "yes"})
    assert "Retirer des favoris" in starred.text
    assert "Aucun favori" in gp.post(f"/directory/{nurse}/star", data={"starred": "no"}).text
    assert gp.post(f"/directory/{UUID(int=1)}/star").status_code == 404
    assert gp.get(f"/directory/{UUID(int=1)}").status_code == 404
    assert "Rien d’approchant" in gp.post("/directory", data={"words": "zzyzx"}).text
    short = gp.post("/directory", data={"words": "x"})
    assert short.status_code == 422
    assert "au moins deux lettres" in short.text
    assert gp.post("/directory/found.json", data={"words": "x"}).status_code == 422


def test_the_gp_invites_from_the_directory_in_one_tap(
    scene: Scene, new_client: NewClient, nurse: UUID
) -> None:
    record = f"/patients/{scene.home.care.patient}"
    gp = sign_in(new_client(), "gp")
    page = gp.post(f"{record}/directory", data={"words": "aubepine"})
    assert "Inviter dans le cercle" in page.text
    asked = {"kind": "person", "party": str(nurse), "role": "home_nurse"}
    assert "Aubépine" in gp.post(f"{record}/circle/prepare", data=asked).text
    patient = sign_in(new_client(), "patient").post(
        f"{record}/directory", data={"words": "aubepine"}
    )
    assert "ouvert aux professionnels" in patient.text
    assert "Aubépine" not in patient.text
    assert sign_in(new_client(), "stranger").get(f"{record}/directory").status_code == 404
