"""The circle, consents and emergencies as people see them, on a phone and at a desk."""

import pytest
from playwright.sync_api import expect

from identity import service as identity
from tests.browser.conftest import SIZES, NewVisitor
from tests.days import day_in_france
from tests.integration.web.emergency.breaking import REASON, posted
from tests.integration.web.scene import PASSWORD, Scene


@pytest.mark.parametrize("size", SIZES)
def test_a_circle_grows_and_the_patient_reads_it_and_takes_a_consent_back(
    scene: Scene, visitor: NewVisitor, size: str
) -> None:
    circle = f"/patients/{scene.home.care.patient}/circle"
    identity.register_organisation("Domicile Services 95")
    posted(scene.home.care.centre, "Claire Martin", "claire", "home_nurse")
    gp, patient = visitor(size), visitor(size)
    gp.sign_in("gp", circle)
    page = gp.page
    page.locator("#login").fill("claire")
    page.locator("#role").select_option("trusted_person")
    page.get_by_role("button", name="Continuer").click()
    gp.shot("circle-joining")
    page.locator("[name=groups][value=values]").check(force=True)
    page.locator("#consent_means").select_option("spoken")
    page.locator("#consent_on").fill(day_in_france().isoformat())
    page.locator("main form.card button").click()
    expect(page.get_by_role("status")).to_be_visible()
    gp.shot("circle")
    page.locator("#search").fill("domicile")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_text("Domicile Services 95")).to_be_visible()
    gp.shot("circle-organisations")
    patient.sign_in("patient")
    patient.page.goto(f"{patient.url}/p/circle")
    patient.shot("circle-own")
    patient.page.goto(f"{patient.url}/p/consents")
    patient.shot("consents-own")
    patient.page.get_by_role("button", name="Prévenir Claire Martin").click()
    expect(patient.page.get_by_role("status")).to_contain_text("recevra un message")
    patient.page.get_by_role("button", name="Ne plus prévenir Claire Martin").click()
    expect(patient.page.get_by_role("status")).to_contain_text("ne recevra plus")
    patient.page.locator("summary", has_text="urgence").click()
    patient.page.locator("button[name=opposed]").click()
    expect(patient.page.get_by_role("status")).to_be_visible()
    patient.shot("consents-opposed")


@pytest.mark.parametrize("size", SIZES)
def test_an_emergency_from_the_search_to_the_review(
    scene: Scene, visitor: NewVisitor, size: str
) -> None:
    hospital = identity.register_organisation("Hôpital d’Argenteuil")
    posted(hospital, "Dr Sonia Garde", "urgent", "hospital_doctor")
    posted(hospital, "Rita Relit", "reviewer", "access_reviewer")
    doctor, reviewer, patient = visitor(size), visitor(size), visitor(size)
    doctor.sign_in("urgent", "/emergency")
    doctor.page.goto(f"{doctor.url}/emergency")
    doctor.shot("emergency-search")
    doctor.page.locator("#name").fill("Martin")
    doctor.page.locator("#first_name").fill("Jeanne")
    doctor.page.locator("#birth_date").fill("1951-04-03")
    doctor.page.locator("main form button").click()
    expect(doctor.page.get_by_role("alert")).to_be_visible()
    doctor.shot("emergency-none")
    doctor.page.locator("#birth_date").fill("1951-04-02")
    doctor.page.locator("main form button").click()
    doctor.page.locator("#reason").fill(REASON)
    doctor.page.locator("#secret").fill("wrong")
    doctor.page.locator("main form button").click()
    expect(doctor.page.locator("#secret-error")).to_be_visible()
    doctor.shot("emergency-reason")
    doctor.page.locator("#secret").fill(PASSWORD)
    doctor.page.locator("main form button").click()
    expect(doctor.page.get_by_role("status").first).to_be_visible()
    doctor.shot("emergency-record")
    reviewer.sign_in("reviewer", "/emergency/reviews")
    reviewer.page.goto(f"{reviewer.url}/emergency/reviews")
    reviewer.shot("emergency-reviews")
    reviewer.page.locator("a[href^='/emergency/reviews/']").first.click()
    reviewer.shot("emergency-review")
    reviewer.page.get_by_label("Justifié", exact=True).check()
    reviewer.page.locator("#note").fill("SAMU confirmé.")
    reviewer.page.locator("main form button").click()
    expect(reviewer.page.get_by_role("status")).to_be_visible()
    reviewer.shot("emergency-judged")
    patient.sign_in("patient", "/p/journal")
    patient.page.goto(f"{patient.url}/p/journal")
    patient.shot("journal-emergency")
