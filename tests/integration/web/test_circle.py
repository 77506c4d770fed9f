"""The circle: who enters and leaves, why, for how long; leaving closes the record at once."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from starlette.testclient import TestClient

from core import clock
from core.doors import Service, serving
from identity import service as identity
from tests.as_owner import run
from tests.days import day_in_france
from tests.integration.alerts.home import rows
from tests.integration.web.scene import NewClient, Scene, open_account, sign_in

DAY = timedelta(days=1)


def circle_of(scene: Scene) -> str:
    return f"/patients/{scene.home.care.patient}/circle"


def version(client: TestClient, circle: str) -> str:
    found = re.search(r"Version (\d+) du cercle", client.get(circle).text)
    assert found is not None
    return found[1]


def add(client: TestClient, circle: str, **form: object) -> httpx2.Response:
    """Send the form of a new member with the circle's version of this moment."""
    return client.post(circle, data={"version": version(client, circle), **form})


def end(client: TestClient, circle: str, name: str, **form: str) -> httpx2.Response:
    page = client.get(circle).text
    (action,) = re.findall(rf"{name}</span></summary>\s*<form[^>]+action=\"([^\"]+/end)\"", page)
    return client.post(action, data={"version": version(client, circle), **form})


def make_person(name: str, login: str) -> UUID:
    person = identity.register_person(name)
    open_account(person, login)
    return person


@pytest.mark.promise("S9")
def test_a_gp_adds_a_nurse_who_can_then_read_and_ends_it(
    scene: Scene, new_client: NewClient
) -> None:
    make_person("Marc Dubois", "marc")
    gp, marc = sign_in(new_client(), "gp"), sign_in(new_client(), "marc")
    circle = circle_of(scene)
    assert marc.get(circle).status_code == 404
    form = {"party": " Marc ", "role": "home_nurse"}
    prepared = gp.post(f"{circle}/prepare", data=form)
    assert prepared.status_code == 200
    assert "Marc Dubois" in prepared.text
    assert marc.get(circle).status_code == 404
    assert "Marc Dubois" in add(gp, circle, **form).text
    page = marc.get(scene.page)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    again = add(gp, circle, **form)
    assert again.status_code == 422
    assert "déjà ce rôle" in again.text
    gone = end(gp, circle, "Marc Dubois", reason="Fin de mission")
    assert "désormais fermé" in gone.text
    assert "Fin de mission" in gone.text
    assert marc.get(scene.page).status_code == 404
    assert "Fin de mission" not in marc.get("/").text


def test_two_people_never_undo_each_other_unseen(scene: Scene, new_client: NewClient) -> None:
    make_person("Marc Dubois", "marc")
    make_person("Lise Roy", "lise")
    gp, circle = sign_in(new_client(), "gp"), circle_of(scene)
    shown = version(gp, circle)
    add(gp, circle, party="lise", role="pharmacist")
    form = {"party": "marc", "role": "home_nurse", "reason": "Pansements", "version": shown}
    stale = gp.post(circle, data=form)
    assert stale.status_code == 409
    assert "Le cercle a changé" in stale.text
    assert 'value="Pansements"' in stale.text
    assert "Lise Roy" in stale.text
    assert rows("select 1 from access.membership where role = 'home_nurse'") == []
    (fresh,) = re.findall(r'name="version" value="(\d+)"', stale.text)
    assert "Marc Dubois" in gp.post(circle, data={**form, "version": fresh}).text
    page = gp.get(circle).text
    (action,) = re.findall(r"Marc Dubois</span></summary>\s*<form[^>]+action=\"([^\"]+)\"", page)
    refused = gp.post(action, data={"version": shown, "reason": "Fin de mission"})
    assert refused.status_code == 409
    assert 'value="Fin de mission"' in refused.text
    manager = {"organisation": str(scene.home.care.centre), "version": shown}
    assert gp.post(f"{circle}/manager", data=manager).status_code == 409
    manager["version"] = version(gp, circle)
    assert "Centre de télésuivi</strong>" in gp.post(f"{circle}/manager", data=manager).text
    manager["organisation"] = str(identity.register_organisation("Ailleurs"))
    manager["version"] = version(gp, circle)
    gp.post(f"{circle}/manager", data=manager)
    assert "Ailleurs" not in gp.get(circle).text


def test_a_stay_has_its_days_and_may_come_again(
    scene: Scene, new_client: NewClient, clock_file: Path
) -> None:
    make_person("Marc Dubois", "marc")
    gp, circle = sign_in(new_client(), "gp"), circle_of(scene)
    today = day_in_france()
    form = {"party": "marc", "role": "home_nurse"}
    for first, last in ((today - DAY, today), (today + 5 * DAY, today), ("demain", "")):
        days = {"starts_on": str(first), "ends_on": str(last)}
        assert add(gp, circle, **form, **days).status_code == 422
    days = {"starts_on": str(today + 2 * DAY), "ends_on": str(today + 4 * DAY)}
    assert "Participations à venir" in add(gp, circle, **form, **days).text
    overlap = add(gp, circle, **form, starts_on=str(today + 4 * DAY))
    assert "déjà ce rôle" in overlap.text
    later = add(gp, circle, **form, starts_on=str(today + 6 * DAY))
    assert later.status_code == 200
    for days_on, status in ((0, 404), (3, 200), (5, 404), (7, 200)):
        clock_file.write_text(str(days_on * 86400))
        assert sign_in(new_client(), "marc").get(circle).status_code == status, days_on


def test_a_family_member_sees_what_the_patient_agreed_to_until_he_takes_it_back(
    scene: Scene, new_client: NewClient
) -> None:
    make_person("Claire Martin", "claire")
    gp, circle = sign_in(new_client(), "gp"), circle_of(scene)
    form = {"party": "claire", "role": "trusted_person", "groups": ["values", "identity"]}
    assert "Dites comment" in add(gp, circle, **form).text
    agreed = {**form, "consent_means": "spoken", "consent_on": str(day_in_france())}
    tomorrow = str(day_in_france() + 2 * DAY)
    assert "Dites quel jour" in add(gp, circle, **{**agreed, "consent_on": tomorrow}).text
    assert "Claire Martin" in add(gp, circle, **agreed).text
    kept = rows(
        "select text_id, text_version, wording, means, permissions, given_by"
        " from coordination.consent"
    )
    assert kept[0][:2] == ("outside_care_team", 1)
    assert "J’accepte que Claire Martin" in str(kept[0][2])
    assert kept[0][3:] == (
        "spoken",
        ["answers:read", "identity:read", "vitals:read"],
        scene.home.care.patient,
    )
    claire, patient = sign_in(new_client(), "claire"), sign_in(new_client(), "patient")
    assert claire.get(circle).status_code == 200
    assert claire.get(scene.page).status_code == 403
    own = patient.get("/p/circle").text
    assert "parce que vous avez donné votre accord" in own
    assert "mesures, réponses aux questionnaires" in own
    (action,) = re.findall(
        r'action="(/p/consents/[^"]+/withdraw)"', patient.get("/p/consents").text
    )
    assert "L’accord est retiré" in patient.post(action).text
    assert claire.get(circle).status_code == 404
    assert "Vous avez retiré cet accord" in patient.get("/p/consents").text
    assert gp.post(action).status_code == 404


def test_a_consent_taken_back_leaves_who_had_ended_the_stay(
    scene: Scene, new_client: NewClient
) -> None:
    gp, circle = sign_in(new_client(), "gp"), circle_of(scene)
    make_person("Claire Martin", "claire")
    agreed = {"consent_means": "spoken", "consent_on": str(day_in_france())}
    form = {"party": "claire", "role": "trusted_person", "groups": ["values"], **agreed}
    assert "Claire Martin" in add(gp, circle, **form).text
    run("update access.membership set basis = 'care_team' where role = 'trusted_person'")
    end(gp, circle, "Claire Martin", ends_on=str(day_in_france() + DAY))
    stay = (
        "select ended_by, cardinality(agreed) from access.membership where role = 'trusted_person'"
    )
    assert rows(stay) == [(scene.home.care.gp.person, 2)]
    patient = sign_in(new_client(), "patient")
    (action,) = re.findall(
        r'action="(/p/consents/[^"]+/withdraw)"', patient.get("/p/consents").text
    )
    patient.post(action)
    assert rows(stay) == [(scene.home.care.gp.person, 0)]


def test_a_measure_says_what_it_covers(scene: Scene, new_client: NewClient) -> None:
    for name, login in (("Anne Tutrice", "anne"), ("Léo Curateur", "leo")):
        make_person(name, login)
    gp, circle = sign_in(new_client(), "gp"), circle_of(scene)
    form = {"party": "anne", "role": "legal_representative"}
    assert "Dites ce que couvre" in add(gp, circle, **form).text
    assert add(gp, circle, **form, scope="both").status_code == 200
    add(gp, circle, party="leo", role="legal_representative", scope="property")
    found = rows(
        "select role, basis, measure_scope from access.membership"
        " where measure_scope is not null order by role"
    )
    assert found == [
        ("legal_representative", "legal_representative", "both"),
        ("property_representative", "legal_representative", "property"),
    ]
    anne, leo = sign_in(new_client(), "anne"), sign_in(new_client(), "leo")
    journal = f"/patients/{scene.home.care.patient}/journal"
    assert anne.get(journal).status_code == 200
    assert leo.get(journal).status_code == 403


def test_a_home_help_comes_with_her_employer_and_what_was_agreed(
    scene: Scene, new_client: NewClient
) -> None:
    helper = make_person("Nadia Costa", "nadia")
    employer = identity.register_organisation("Domicile Services 95")
    post = identity.give_post(helper, employer, "home_help")
    gp, circle = sign_in(new_client(), "gp"), circle_of(scene)
    assert add(gp, circle, party="nadia", role="home_help").status_code == 422
    nadia = sign_in(new_client(), "nadia")
    assert nadia.get(circle).status_code == 404
    found = gp.post(f"{circle}/prepare", data={"kind": "organisation", "party": "domicile"})
    assert str(employer) in found.text
    form = {"kind": "organisation", "party": str(employer), "role": "home_help_service"}
    assert "Dites comment" in add(gp, circle, **form).text
    agreed = {"consent_means": "paper", "consent_on": str(day_in_france()), "groups": ["notes"]}
    assert "Domicile Services 95" in add(gp, circle, **form, **agreed).text
    assert nadia.get(circle).status_code == 200
    own = sign_in(new_client(), "patient").get("/p/circle").text
    assert "Seulement les personnes qui y travaillent" in own
    with serving(Service.ADMINISTRATION) as conn:
        conn.execute("update access.post set ends_at = %s where id = %s", [clock.now(), post])
    assert nadia.get(circle, follow_redirects=False).status_code in (303, 404)
    end(gp, circle, "Domicile Services 95")
    assert (
        rows("select 1 from access.membership where ends_at is null and role like 'home%%'") == []
    )


def test_bad_requests_for_the_circle_are_named(scene: Scene, new_client: NewClient) -> None:
    gp, circle = sign_in(new_client(), "gp"), circle_of(scene)
    nobody = gp.post(f"{circle}/prepare", data={"party": "nobody-here", "role": "gp"})
    assert nobody.status_code == 422
    assert 'value="nobody-here"' in nobody.text
    for role in ("patient", "root", "emergency", "ward"):
        assert add(gp, circle, party="nurse", role=role).status_code == 422
    organisation = {"kind": "organisation", "party": str(scene.home.care.centre)}
    assert add(gp, circle, **organisation, role="gp").status_code == 422
    assert add(gp, circle, kind="organisation", party="x", role="ward").status_code == 422


def test_a_nurse_sees_the_circle_but_does_not_change_it(
    scene: Scene, new_client: NewClient
) -> None:
    nurse, circle = sign_in(new_client(), "nurse"), circle_of(scene)
    page = nurse.get(circle)
    assert "Dr Paul Lefèvre" in page.text
    assert "/end" not in page.text
    assert "Accords et oppositions" not in page.text
    assert nurse.post(circle, data={"party": "stranger", "role": "gp"}).status_code == 403
    assert nurse.get(f"/patients/{scene.home.care.patient}/journal").status_code == 403
    gp = sign_in(new_client(), "gp")
    assert gp.get(f"/patients/{scene.home.care.patient}/journal").status_code == 200
