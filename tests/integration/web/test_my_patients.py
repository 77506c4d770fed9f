"""The list of one's patients: by family name, a page at a time, narrowed by a name."""

import re

import pytest

from coordination import service
from identity import service as identity
from tests.as_owner import run
from tests.integration.web.scene import NewClient, Scene, sign_in
from tests.people import make_patient


def names(text: str) -> list[str]:
    return re.findall(r'<li class="patient-line">.*?<strong>([^<]+)</strong>', text)


@pytest.fixture
def three(scene: Scene) -> Scene:
    """The GP follows three people."""
    for family, first in (("Le Gall", "Zoé"), ("N’Diaye", "Aïcha")):
        identity.join_circle(make_patient(family, first), scene.home.care.gp.person, "gp")
    make_patient("Martin", "Inconnue")
    return scene


def test_patients_come_by_family_name_and_are_found_by_any_name(
    three: Scene, new_client: NewClient
) -> None:
    gp = sign_in(new_client(), "gp")
    assert names(gp.get("/").text) == ["Zoé Le Gall", "Jeanne Martin", "Aïcha N’Diaye"]
    found = gp.post("/", data={"name": " mart"})
    assert names(found.text) == ["Jeanne Martin"]
    assert 'value="mart"' in found.text
    assert names(gp.post("/", data={"name": "AICHA"}).text) == ["Aïcha N’Diaye"]
    nobody = gp.post("/", data={"name": "zzz"}).text
    assert "Aucun de vos patients n’a un nom qui commence ainsi." in nobody
    assert "Toute la liste" in nobody


def test_a_long_list_has_pages(
    three: Scene, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_PATIENTS", 2)
    gp = sign_in(new_client(), "gp")
    first = gp.get("/").text
    assert names(first) == ["Zoé Le Gall", "Jeanne Martin"]
    (onward,) = re.findall(r'href="(/\?after=[^"]+)"', first)
    last = gp.get(onward).text
    assert names(last) == ["Aïcha N’Diaye"]
    assert "after=" not in last
    assert "(3)" in first


def test_a_record_for_exercises_is_marked_and_no_other(three: Scene, new_client: NewClient) -> None:
    gp = sign_in(new_client(), "gp")
    assert "EXERCICE" not in gp.get("/").text
    run(
        "insert into alerts.drill_plan (organisation, patient_id, day, at, changed_by, changed_at)"
        " select %s, p.id, 1, '10:00', %s, now() from access.party y"
        " join access.patient p on p.id = y.id where y.name = 'Zoé Le Gall'",
        three.home.care.centre, three.home.care.nurse.person,
    )  # fmt: skip
    link = r"<strong>([^<]+)</strong><span[^>]*>[^<]*</span></a><strong>EXERCICE</strong>"
    marked = re.findall(link, gp.get("/").text)
    assert marked == ["Zoé Le Gall"]
