"""Notes through the pages: mentioned, answered, added to, found again, reminded of, withheld."""

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from identity import service as identity
from tests.conftest import Database
from tests.days import day_in_france
from tests.integration.web.scene import NewClient, open_account, sign_in
from tests.people import Care, make_care

TOMORROW = str(day_in_france() + timedelta(days=1))
WRITES = "écrire des notes partagées"


@dataclass(frozen=True)
class Circle:
    """A patient, his GP, and a home nurse who writes."""

    care: Care
    gp: TestClient
    marc: TestClient
    patient: TestClient

    @property
    def notes(self) -> str:
        return f"/patients/{self.care.patient}/notes"

    def sign(self, text: str, **more: object) -> UUID:
        item = uuid4()
        form = {"item_id": str(item), "kind": "visit", "text": text, **more}
        answer = self.marc.post(self.notes, data=form)
        assert answer.status_code == 200, answer.text
        return item

    def words(self, page: TestClient, path: str) -> str:
        answer = page.get(path)
        assert answer.status_code == 200, answer.text
        return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


@pytest.fixture
def circle(new_client: NewClient, database: Database) -> Circle:
    care = make_care()
    marc = identity.register_person("Marc Dubois")
    identity.join_circle(care.patient, marc, "home_nurse")
    for person, login in ((care.gp.person, "gp"), (marc, "marc"), (care.patient, "patient")):
        open_account(person, login)
    gp, nurse, patient = (sign_in(new_client(), who) for who in ("gp", "marc", "patient"))
    return Circle(care, gp, nurse, patient)


def test_a_note_is_mentioned_answered_added_to_and_found(circle: Circle) -> None:
    gp, marc = circle.gp, circle.marc
    gp_id = str(circle.care.gp.person)
    typed = {
        "item_id": str(uuid4()),
        "kind": "visit",
        "text": "Plaie **sèche**",
        "tags": "Plaie",
        "mention": gp_id,
        "remind_on": "hier",
        "reason": "gardé",
    }
    bad = marc.post(circle.notes, data=typed)
    assert bad.status_code == 422
    for kept in ("Plaie **sèche**", 'value="Plaie"', 'value="hier"', 'value="gardé"'):
        assert kept in bad.text
    assert re.search(rf'value="{circle.care.gp.person}" checked', bad.text)
    item = circle.sign(
        "Plaie **sèche** <script>x</script>", tags="Plaie", mention=str(circle.care.gp.person),
        remind_on=str(day_in_france()), remind_whom="role:gp",
    )  # fmt: skip
    here = f"{circle.notes}/{item}"
    for path in ("/", "/notes/waiting"):
        assert "À votre attention" in circle.words(gp, path)
    page = gp.get(here).text
    assert "Plaie <strong>sèche</strong> &lt;script&gt;" in page
    waiting = circle.words(gp, "/notes/waiting")
    assert ("À votre attention" in waiting, "Rappel" in waiting) == (False, True)
    assert "Lu par (1)" in circle.words(marc, here)
    assert "Dr Paul Lefèvre" in circle.words(marc, here)
    # The answer, and a text of nothing, which comes back with the page.
    answer = {"new": str(uuid4()), "text": "Continuez ainsi."}
    assert gp.post(f"{here}/answers", data={"text": " "}).status_code == 422
    assert "Votre réponse est signée" in gp.post(f"{here}/answers", data=answer).text
    assert gp.post(f"{here}/answers", data={**answer, "adds": "yes"}).status_code == 403
    added = {"new": str(uuid4()), "adds": "yes", "text": "Pansement gras."}
    assert "complément est signé" in marc.post(f"{here}/answers", data=added).text
    thread = circle.words(gp, here)
    assert thread.index("Continuez ainsi.") < thread.index("Pansement gras.")
    assert "Réponses et compléments : 2" in circle.words(marc, circle.notes).replace("\xa0", " ")
    # Done is done.
    (reminder,) = re.findall(r'name="reminder" value="([^"]+)"', gp.get(here).text)
    assert marc.post(f"{here}/reminders/done", data={"reminder": reminder}).status_code == 200
    twice = gp.post(f"{here}/reminders/done", data={"reminder": reminder})
    assert "plus rien à rappeler" in twice.text
    assert "Aucune note" in circle.words(gp, "/notes/waiting")

    def found(**sought: str) -> str:
        return gp.post(f"{circle.notes}/search", data=sought).text

    assert f'{here}"' in found(words="SECHE plaie", kind="visit", tag="plaie")
    assert "Pansement gras" in found(words="gras")
    for nothing in ({"words": "seche absent"}, {"kind": "call"}, {"unread": "yes"}, {"words": "%"}):
        assert f'{here}"' not in found(**nothing) or nothing == {"words": "%"}


def test_a_withheld_note_is_nothing_to_the_patient(circle: Circle) -> None:
    withheld = {"withheld": "yes", "cause": "abuse", "reason": "Dit par la voisine",
                "review_on": TOMORROW}  # fmt: skip
    told = {**withheld, "mention": str(circle.care.patient)}
    refused = circle.marc.post(
        circle.notes, data={"item_id": str(uuid4()), "text": "Secret", "kind": "social", **told}
    )
    assert (refused.status_code, "ne peuvent pas être avertis" in refused.text) == (422, True)
    before = circle.patient.get("/p/notes").text
    item = circle.sign("Le fils prend son argent", tags="argent", **withheld)
    journal = circle.words(circle.patient, "/p/journal")
    assert "Marc Dubois" in journal
    assert WRITES not in journal
    circle.sign("Pansement refait")
    assert WRITES in circle.words(circle.patient, "/p/journal")
    page = circle.words(circle.gp, f"{circle.notes}/{item}")
    assert "Dit par la voisine" in page
    assert "les réponses restent non communicables" in page
    assert "argent" in circle.words(circle.gp, circle.notes)
    printed = circle.words(circle.gp, f"{circle.notes}/print")
    assert ("Pansement refait" in printed, "argent" in printed) == (True, False)
    after = circle.patient.get("/p/notes").text
    assert "argent" not in after
    assert "Pansement refait" in after
    assert "Non communicable" not in after + before
    found = circle.patient.post("/p/notes/search", data={"words": "argent"})
    none = circle.patient.post("/p/notes/search", data={"words": "argenterie"})
    assert found.text.replace("argent", "") == none.text.replace("argenterie", "")
    absent = uuid4()
    for path in ("/p/notes/{}", "/p/items/note/{}/hide", "/p/items/note/{}/show",
                 "/p/items/note/{}/flag"):  # fmt: skip
        answers = []
        for one in (item, absent):
            ask = circle.patient.get if path == "/p/notes/{}" else circle.patient.post
            sent = ask(path.format(one))
            answers.append((sent.status_code, sent.text.replace(str(one), "")))
        assert answers[0] == answers[1]
    for act in ("answers", "reminders", "reminders/done", "withheld"):
        codes = {circle.patient.post(f"{circle.notes}/{one}/{act}").status_code
                 for one in (item, absent)}  # fmt: skip
        assert len(codes) == 1
    # Judged again: kept with a day, then shown.
    here = f"{circle.notes}/{item}"
    wrong = circle.gp.post(f"{here}/withheld", data={"kept": "yes", "reason": "Toujours vrai"})
    assert (wrong.status_code, 'value="Toujours vrai"' in wrong.text) == (422, True)
    circle.gp.post(f"{here}/withheld", data={"kept": "no", "reason": "Levé"})
    assert "argent" in circle.patient.get("/p/notes").text
