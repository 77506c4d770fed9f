"""The timeline through its pages: one order, filters, zoom, what is new, paper and file."""

import csv
import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from io import StringIO
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from core.i18n import zone
from identity import service as identity
from tests.as_owner import rows, run
from tests.days import day_in_france
from tests.integration.web.scene import NewClient, Scene, open_account, sign_in

IN_A_MONTH = str(day_in_france() + timedelta(days=30))
HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script> \"><img src=x onerror=alert(2)>"
PARIS = zone("Europe/Paris")


@dataclass(frozen=True)
class Record:
    """A record with an alert, and a home nurse who writes notes."""

    scene: Scene
    gp: TestClient
    marc: TestClient
    patient: TestClient

    @property
    def address(self) -> str:
        return f"/patients/{self.scene.home.care.patient}/timeline"

    def sign(self, text: str, **more: object) -> UUID:
        item = uuid4()
        form = {"item_id": str(item), "kind": "visit", "text": text, **more}
        answer = self.marc.post(f"/patients/{self.scene.home.care.patient}/notes", data=form)
        assert answer.status_code == 200, answer.text
        return item

    def withhold(self, text: str) -> UUID:
        return self.sign(
            text, withheld="yes", cause="abuse", reason="Dit par la voisine", review_on=IN_A_MONTH
        )


def words(client: TestClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.fixture
def record(scene: Scene, new_client: NewClient) -> Record:
    marc = identity.register_person("Marc Dubois")
    identity.join_circle(scene.home.care.patient, marc, "home_nurse")
    open_account(marc, "marc")
    gp, nurse, patient = (sign_in(new_client(), who) for who in ("gp", "marc", "patient"))
    return Record(scene, gp, nurse, patient)


def test_one_page_holds_what_every_room_tells(record: Record) -> None:
    record.sign("Plaie sèche, pansement refait")
    said = words(record.gp, record.address)
    for part in (
        "Plaie sèche, pansement refait",
        "SpO₂ (saturation) – L’alerte s’est déclenchée",
        "SpO₂ (saturation) : 90 % – 96 %",
        "Marc Dubois (Infirmier",
        "entre dans le cercle",
    ):
        assert part in said, part
    only = words(record.gp, record.address + "?kind=notes")
    assert "Plaie sèche" in only
    assert "90 %" not in only
    two = words(record.gp, record.address + "?kind=notes&kind=readings")
    assert "Plaie sèche" in two
    assert "90 %" in two


def test_it_zooms_from_years_to_one_reading(record: Record) -> None:
    ((at,),) = rows("select max(measured_at) from vitals.reading where value = 90")
    local = at.astimezone(PARIS)
    steps = ("years", f"{local:%Y}", f"{local:%Y-%m}", f"{local:%Y-%m-%d}", f"{local:%Y-%m-%dT%H}")
    for step, further in pairwise(steps):
        page = record.gp.get(f"{record.address}?span={step}")
        assert page.status_code == 200
        assert f"timeline?span={further}" in page.text, (step, further)
    assert f"{local.hour} h {local.minute:02d}" in words(
        record.gp, f"{record.address}?span={steps[-1]}"
    )
    for nothing in ("2026-13", "26", "2026-11-24T99", "x" * 20, "٢٠٢٦", "0000", "2026-11-24 "):
        assert record.gp.get(record.address, params={"span": nothing}).status_code == 404, nothing


def test_what_is_new_is_what_came_since_the_last_visit(record: Record) -> None:
    assert "première visite" in words(record.gp, record.address + "?span=new")
    run("update coordination.record_visit set last_at = last_at - interval '2 hours'")
    record.sign("Après la visite")
    said = words(record.gp, record.address + "?span=new")
    assert "Après la visite" in said
    assert "Marc Dubois (Infirmier" in said
    assert "première visite" not in said
    again = words(record.gp, record.address + "?span=new")
    assert "Après la visite" in again, "looks within half an hour are one visit"
    run("update coordination.record_visit set before_at = last_at")
    assert "Après la visite" not in words(record.gp, record.address + "?span=new")


def test_nothing_betrays_what_is_not_communicable(record: Record) -> None:
    """The patient's pages are the same, byte by byte but for the clock, with and without it."""

    def seen() -> list[str]:
        year = str(day_in_france().year)
        pages = (
            "",
            "?kind=notes",
            f"?span={year}",
            "?span=years",
            f"?span={day_in_france():%Y-%m}",
        )
        files = ("/print", "/file")
        return [words(record.patient, record.address + page) for page in (*pages, *files)]

    record.sign("Pour tous")
    before = seen()
    record.withhold("Le fils garde sa pension")
    assert seen() == before
    nurse = words(record.marc, record.address)
    assert "Le fils garde sa pension" in nurse
    assert "non communicable" in nurse.lower()
    for page in ("/print", "/file"):
        assert "pension" not in words(record.marc, record.address + page)


def test_a_hidden_note_is_nowhere(record: Record) -> None:
    item = record.sign("Entre nous")
    assert "Entre nous" in words(record.gp, record.address)
    gp = record.scene.home.care.gp.person
    hidden = record.patient.post(
        f"/p/items/note/{item}/hide", data={"audience": f"party:{gp}", "reason": ""}
    )
    assert hidden.status_code == 200
    for page in ("", "/print", "/file", f"?span={day_in_france().year}", "?kind=notes"):
        said = words(record.gp, record.address + page)
        assert "Entre nous" not in said
    assert "Notes partagées 1" not in words(
        record.gp, f"{record.address}?span={day_in_france().year}"
    )


def test_hostile_words_are_words_on_pages_on_paper_and_in_files(record: Record) -> None:
    record.sign(HOSTILE)
    carer = identity.register_person("=2+5+cmd|' /C calc'!A0")
    identity.join_circle(record.scene.home.care.patient, carer, "home_nurse")
    for page in ("", "/print"):
        answer = record.gp.get(record.address + page)
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
        assert "&lt;script&gt;" in answer.text
    file = record.gp.get(record.address + "/file")
    assert file.headers["content-type"].startswith("text/csv")
    lines = list(csv.reader(StringIO(file.text.removeprefix("\ufeff")), delimiter=";"))
    assert all(not cell.startswith(("=", "+", "@")) for line in lines for cell in line)
    assert any("<script>alert(1)</script>" in line[3] for line in lines)


def test_pages_follow_one_another_and_hold_everything_once(record: Record) -> None:
    for number in range(45):
        record.sign(f"Note numéro {number:02d}.")
    seen, address = list[str](), record.address + "?kind=notes"
    for _ in range(3):
        page = record.gp.get(address)
        seen += re.findall(r"Note numéro (\d\d)\.", page.text)
        older = re.search(r'href="([^"]*before_at[^"]*)"', page.text)
        if older is None:
            break
        address = unescape(older[1])
    assert seen == [f"{number:02d}" for number in reversed(range(45))]


def test_each_right_that_is_used_leaves_its_trace(record: Record) -> None:
    asked = "select permission from audit.event where person = %s and detail->>'what' = 'timeline'"
    words(record.gp, record.address)
    gp = record.scene.home.care.gp.person
    found = {permission for (permission,) in rows(asked, gp)}
    assert {"circle:read", "notes:read", "vitals:read", "alerts:read", "answers:read"} <= found
    words(record.patient, record.address)
    found = {permission for (permission,) in rows(asked, record.scene.home.care.patient)}
    assert "alerts:read" not in found
