"""Shared notes through the pages: signed once, read by roles, hidden from whom the patient says."""

import re
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest

from core import clock
from core.doors import Service, serving
from identity import service as identity
from tests.conftest import Database
from tests.integration.web.scene import NewClient, open_account, sign_in
from tests.people import Care, make_care, make_gp

TEXT = "Chute sans gravité ce matin.\nÀ revoir jeudi."


@dataclass(frozen=True)
class Notes:
    """A patient, his nurse, his GP, a home nurse; the nurse of the centre has signed a note."""

    care: Care
    home_nurse: UUID

    @property
    def notes(self) -> str:
        return f"/patients/{self.care.patient}/notes"


@pytest.fixture
def notes(new_client: NewClient) -> Notes:
    care = make_care()
    home_nurse = identity.register_person("Marc Dubois")
    identity.join_circle(care.patient, home_nurse, "home_nurse")
    for person, login in (
        (care.nurse.person, "nurse"),
        (care.gp.person, "gp"),
        (care.patient, "patient"),
        (home_nurse, "marc"),
        (make_gp("Dr Anne Inconnue").person, "stranger"),
    ):
        open_account(person, login)
    return Notes(care, home_nurse)


def sign_one(notes: Notes, client, text: str = TEXT, **more: str) -> UUID:
    item = uuid4()
    answer = client.post(notes.notes, data={"item_id": str(item), "text": text, **more})
    assert answer.status_code == 200, answer.text
    assert "ni modifiée ni supprimée" in answer.text
    return item


def test_a_note_is_signed_once_and_read_by_the_circle(
    notes: Notes, new_client: NewClient, database: Database
) -> None:
    nurse, gp, patient = (sign_in(new_client(), who) for who in ("nurse", "gp", "patient"))
    item = sign_one(notes, nurse)
    twice = nurse.post(notes.notes, data={"item_id": str(item), "text": TEXT})
    assert twice.status_code == 200
    other = nurse.post(notes.notes, data={"item_id": str(item), "text": "Autre texte"})
    assert other.status_code == 422
    assert "Autre texte</textarea>" in other.text
    page = gp.get(notes.notes).text
    assert page.count("Chute sans gravité") == 1
    assert "Autre texte" not in page
    assert "Inès Moreau" in page
    assert "Infirmier(ère) de télésuivi · Centre de télésuivi" in page
    assert "Chute sans gravité" in patient.get("/p/notes").text
    assert patient.get(f"/p/notes/{item}").status_code == 200
    assert sign_in(new_client(), "stranger").get(notes.notes).status_code == 404
    assert patient.post(notes.notes, data={"item_id": str(uuid4())}).status_code == 403
    with psycopg.connect(database.dsn("OWNER")) as conn:
        traces = conn.execute(
            "select action, outcome, permission from audit.event where person = %s and "
            "permission in ('notes:read', 'notes:write') order by id",
            [notes.care.gp.person],
        ).fetchall()
    assert traces == [("R", "success", "notes:read")]


def test_bad_notes_are_named(notes: Notes, new_client: NewClient) -> None:
    nurse = sign_in(new_client(), "nurse")
    empty = nurse.post(notes.notes, data={"item_id": str(uuid4()), "text": " \r\n "})
    assert empty.status_code == 422
    assert "avant de signer" in empty.text
    long = nurse.post(notes.notes, data={"item_id": str(uuid4()), "text": "a" * 10_001})
    assert long.status_code == 422
    assert "10 000 caractères" in long.text
    assert nurse.get(f"{notes.notes}/{uuid4()}").status_code == 404
    assert nurse.get(f"{notes.notes}/nothing").status_code == 404


def test_the_patient_hides_a_note_and_is_told_who_cannot_help(
    notes: Notes, new_client: NewClient, database: Database
) -> None:
    nurse, marc, patient, gp = (
        sign_in(new_client(), who) for who in ("nurse", "marc", "patient", "gp")
    )
    item = sign_one(notes, nurse)
    assert "Chute" in marc.get(notes.notes).text
    form = {"audience": f"party:{notes.home_nurse}", "reason": "Trop de monde le sait"}
    told = patient.post(f"/p/items/note/{item}/hide", data=form)
    assert "Marc Dubois ne voit pas ceci et ne peut pas en tenir compte." in told.text
    assert "Chute" not in marc.get(notes.notes).text
    hidden, absent = marc.get(f"{notes.notes}/{item}"), marc.get(f"{notes.notes}/{uuid4()}")
    assert (hidden.status_code, hidden.text) == (404, absent.text)
    assert "Marc Dubois ne voit pas ceci" in gp.get(notes.notes).text
    again = patient.post(f"/p/items/note/{item}/hide", data=form)
    assert (again.status_code, "déjà masqué" in again.text) == (422, True)
    # The author cannot undo what the patient decided; the patient can.
    (hiding,) = re.findall(r'name="hiding" value="([^"]+)"', patient.get(f"/p/notes/{item}").text)
    base = f"/patients/{notes.care.patient}/items/note/{item}"
    assert nurse.post(f"{base}/show", data={"hiding": hiding}).status_code == 403
    shown = patient.post(f"/p/items/note/{item}/show", data={"hiding": hiding})
    assert "de nouveau visible" in shown.text
    assert "Chute" in marc.get(notes.notes).text
    with psycopg.connect(database.dsn("OWNER")) as conn:
        refused = conn.execute(
            "select count(*) from audit.event where person = %s and outcome = 'refused'",
            [notes.home_nurse],
        ).fetchone()
    assert refused == (2,)


def test_what_cannot_be_hidden_is_refused_in_words(notes: Notes, new_client: NewClient) -> None:
    patient, nurse, gp = (sign_in(new_client(), who) for who in ("patient", "nurse", "gp"))
    item = sign_one(notes, nurse)
    form = {"audience": f"party:{notes.care.gp.person}"}
    for kind in ("vitals", "alerts", "allergies"):
        refused = patient.post(f"/p/items/{kind}/{uuid4()}/hide", data=form)
        assert refused.status_code == 422
        assert "ne peuvent pas être masquées" in refused.text
    assert patient.post(f"/p/items/thoughts/{item}/hide", data=form).status_code == 404
    assert patient.post(f"/p/items/document/{item}/hide", data=form).status_code == 404
    url = f"/p/items/note/{item}/hide"
    for audience in ("", "role:king", "party:x", f"party:{uuid4()}", "role:telemonitoring_centre"):
        nobody = patient.post(url, data={"audience": audience})
        assert (nobody.status_code, "aujourd’hui" in nobody.text) == (422, True)
    author = patient.post(url, data={"audience": f"party:{notes.care.nurse.person}"})
    assert author.status_code == 422
    own = f"/patients/{notes.care.patient}/items/note/{item}/hide"
    assert "masqué au patient" in nurse.post(own, data={"audience": "role:patient"}).text
    assert gp.post(own, data=form).status_code == 403


def test_a_sensitive_note_stays_with_the_doctor_and_the_patient(
    notes: Notes, new_client: NewClient
) -> None:
    nurse, marc, patient, gp = (
        sign_in(new_client(), who) for who in ("nurse", "marc", "patient", "gp")
    )
    item = sign_one(notes, nurse, sensitive="yes")
    for reader in (nurse, gp):
        assert "Chute" in reader.get(notes.notes).text
    assert "Chute" not in marc.get(notes.notes).text
    page = patient.get(f"/p/notes/{item}").text
    assert "Marc Dubois" in page
    lifted = patient.post(f"/p/items/note/{item}/flag", data={"sensitive": "no"})
    assert "n’est plus sensible" in lifted.text
    assert "Chute" in marc.get(notes.notes).text
    # Flagged by the patient, the author does not lift it.
    patient.post(f"/p/items/note/{item}/flag", data={"sensitive": "yes"})
    own = f"/patients/{notes.care.patient}/items/note/{item}/flag"
    assert nurse.post(own, data={"sensitive": "no"}).status_code == 403
    assert "Chute" not in marc.get(notes.notes).text


def test_who_has_left_keeps_what_he_signed_and_nothing_else(
    notes: Notes, new_client: NewClient, database: Database
) -> None:
    nurse, marc, gp = (sign_in(new_client(), who) for who in ("nurse", "marc", "gp"))
    sign_one(notes, nurse)
    sign_one(notes, marc, "Pansement refait.")
    extract = f"/account/contributions/{notes.care.patient}"
    assert "aucun cercle" in marc.get("/account/contributions").text
    assert marc.get(extract).status_code == 404
    with serving(Service.ADMINISTRATION) as conn:
        conn.execute(
            "update access.membership set ends_at = %s where party = %s",
            [clock.now(), notes.home_nurse],
        )
        conn.execute("update identity.patient set used_name = 'Durand', birth_date = '1952-05-03'")
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute(
            "update access.party set name = 'Jeanne Durand' where id = %s", [notes.care.patient]
        )
    assert marc.get(notes.notes).status_code == 404
    assert "Jeanne Martin" in marc.get("/account/contributions").text
    page = marc.get(extract).text
    assert "Pansement refait." in page
    assert "Jeanne Martin" in page
    assert "2 avr. 1951" in page
    for kept_out in ("Chute", "Durand", "1952", "Inès", "Lefèvre"):
        assert kept_out not in page
    assert gp.get(extract).status_code == 404
    with psycopg.connect(database.dsn("OWNER")) as conn:
        traces = conn.execute(
            "select person, patient_id, outcome from audit.event "
            "where permission = 'contributions:read'"
        ).fetchall()
    assert traces == [(notes.home_nurse, notes.care.patient, "success")] * 2


def test_rights_are_shown_and_explained(notes: Notes, new_client: NewClient) -> None:
    nurse, patient, gp = (sign_in(new_client(), who) for who in ("nurse", "patient", "gp"))
    table = nurse.get("/rights").text
    assert "Réglage proposé, à valider" in table
    assert "votre rôle" in table
    item = sign_one(notes, nurse)
    sign_one(notes, nurse, sensitive="yes")
    patient.post(f"/p/items/note/{item}/hide", data={"audience": "role:home_nurse"})
    explain = f"/patients/{notes.care.patient}/explain"
    assert nurse.get(explain).status_code == 403
    asked = {"person": str(notes.home_nurse), "permission": "notes:read"}
    page = gp.get(explain, params=asked).text
    assert "Autorisé : Infirmier(ère) à domicile (IDEL), au titre de l’équipe de soins" in page
    assert "masquée au rôle" in page
    assert "elle est sensible" in page
    assert page.count("Inès Moreau") >= 2
    denied = patient.get(explain, params=asked | {"permission": "social:read"}).text
    assert "il faut l’accord enregistré du patient" in denied
    through = gp.get(
        explain, params={"person": str(notes.care.nurse.person), "permission": "vitals:read"}
    ).text
    assert "chez Centre de télésuivi" in through
    assert gp.get(explain, params=asked | {"person": str(uuid4())}).status_code == 404
    assert gp.get(explain, params=asked | {"permission": "everything"}).status_code == 200


def test_the_command_explains_and_its_question_is_audited(
    notes: Notes, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    from app.explain import explain

    ask = ("marc", str(notes.care.patient))
    assert explain(*ask, "notes:read", print) == 0
    assert explain(*ask, "queue:read", print) == 1
    assert explain("stranger", ask[1], "notes:read", print) == 1
    assert explain("nobody-here", ask[1], "notes:read", print) == 2
    assert explain("marc", "no-id", "notes:read", print) == 2
    assert explain(*ask, "notes:all", print) == 2
    said = capsys.readouterr().out
    assert "Marc Dubois, notes:read: Allowed as Home nurse, as part of the care team" in said
    assert "Never in the circle" in said
    with psycopg.connect(database.dsn("OWNER")) as conn:
        asked = conn.execute(
            "select count(*) from audit.event where service = 'administration'"
            " and purpose = 'explain'"
        ).fetchone()
    assert asked == (3,)
