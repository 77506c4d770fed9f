"""Signing in as people see it: a passkey of a virtual authenticator, codes, paper, a phone."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.sync_api import Page, expect

from core import clock
from core.settings import settings
from identity import activation_service, reset_service
from identity.activation_service import invite
from identity.factor_service import remove_totp
from identity.factors import step_of
from identity.origin import Origin
from tests.browser.conftest import SIZES, NewVisitor, Visitor
from tests.codes import code_of
from tests.integration.web.scene import PASSWORD, Scene

NEW_PASSWORD = "quatre girafes mauves au balcon"
HAND = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def named(scene: Scene, visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch) -> NewVisitor:
    """Visitors of the site by its name: passkeys belong to a name, never to an address."""

    def make(size: str) -> Visitor:
        one = visitor(size)
        url = f"http://localhost:{urlsplit(one.url).port}"
        monkeypatch.setenv("CHEVET_BASE_URL", url)
        settings.cache_clear()
        return replace(one, url=url)

    return make


def give_hand(page: Page, *, verified: bool = True) -> None:
    """Give the browser a device that holds passkeys."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {**HAND, "isUserVerified": verified}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def first_factor(one: Visitor, login: str, password: str = PASSWORD) -> None:
    one.page.goto(one.url + "/sign-in")
    one.page.fill("#login", login)
    one.page.fill("#password", password)
    one.page.click("form[action='/sign-in'] button")


def second_factor(one: Visitor, code: str) -> None:
    one.page.fill("#code", code)
    one.page.click("form[action='/sign-in/second'] button")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.promise("S13")
def test_a_passkey_is_made_and_opens_alone(scene: Scene, named: NewVisitor, size: str) -> None:
    gp = named(size)
    page = gp.page
    give_hand(page)
    first_factor(gp, "gp")
    gp.shot("second")
    second_factor(gp, "000000")
    expect(page.get_by_role("alert").first).to_be_visible()
    gp.shot("second-wrong")
    second_factor(gp, code_of("gp"))
    page.goto(gp.url + "/sign-in/set-up?next=/account/sign-in")
    page.fill("#passkey-name", "La clé du cabinet")
    gp.shot("set-up")
    page.click("[data-passkey=add] button")
    page.wait_for_url(re.compile("recovery-codes"))
    gp.shot("recovery")
    page.click("form[action='/account/recovery-codes'] button")
    expect(page.locator(".paper-codes li")).to_have_count(10)
    gp.shot("recovery-codes")
    page.goto(gp.url + "/account/sign-in")
    expect(page.get_by_text("La clé du cabinet").first).to_be_visible()
    gp.shot("settings-professional")
    page.get_by_role("button", name="Se déconnecter").first.click()
    page.wait_for_url(re.compile("/sign-in$"))
    page.click("[data-passkey=prove] button")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes patients")


@pytest.mark.promise("S13")
def test_a_passkey_whose_owner_is_not_verified_opens_nothing(
    scene: Scene, named: NewVisitor
) -> None:
    gp = named("desk")
    page = gp.page
    give_hand(page, verified=False)
    first_factor(gp, "gp")
    second_factor(gp, code_of("gp"))
    page.goto(gp.url + "/sign-in/set-up")
    page.click("[data-passkey=add] button")
    expect(page.locator("[data-passkey=add] [role=alert]")).to_be_visible()
    page.goto(gp.url + "/account/sign-in")
    expect(page.get_by_text("Clé d’accès")).to_have_count(0)


@pytest.mark.parametrize("size", SIZES)
def test_a_patient_opens_her_account_and_has_her_phone_remembered(
    scene: Scene, named: NewVisitor, monkeypatch: pytest.MonkeyPatch, size: str
) -> None:
    tokens = list[str]()
    monkeypatch.setattr(
        activation_service, "seal_text", lambda text, _: tokens.append(text) or "sealed"
    )
    patient = scene.home.care.patient
    remove_totp(patient)
    jeanne = named(size)
    page = jeanne.page
    code = invite(patient, "jeanne@maison.example")
    page.goto(f"{jeanne.url}/activate/{tokens[0]}")
    jeanne.shot("activate")
    for field, typed in (("#code", code), ("#new", "motdepasse"), ("#again", "motdepasse")):
        page.fill(field, typed)
    page.locator("main form button").first.click()
    jeanne.shot("activate-weak")
    for field, typed in (("#code", code), ("#new", NEW_PASSWORD), ("#again", NEW_PASSWORD)):
        page.fill(field, typed)
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile("set-up"))
    jeanne.shot("set-up-first")
    page.goto(jeanne.url + "/sign-in/set-up/totp")
    page.locator("main summary").click()
    jeanne.shot("totp")
    secret = page.locator(".key code").inner_text().replace(" ", "")
    page.fill("#code", pyotp.TOTP(secret).at(clock.now()))
    page.click("form[action='/sign-in/set-up/totp'] button")
    page.wait_for_url(re.compile("recovery-codes"))
    page.goto(jeanne.url + "/sign-in")
    page.context.clear_cookies()
    first_factor(jeanne, "patient", NEW_PASSWORD)
    page.check("input[name=remember]")
    jeanne.shot("second-patient")
    second_factor(jeanne, pyotp.TOTP(secret).generate_otp(step_of(clock.now()) + 1))
    page.goto(jeanne.url + "/account/sign-in")
    jeanne.shot("settings-patient")
    page.context.clear_cookies(name="chevet_session")
    page.goto(jeanne.url + "/p")
    jeanne.shot("phone-remembered")
    page.goto(jeanne.url + "/p/journal")
    expect(page.locator("#password")).to_be_visible()
    jeanne.shot("step-up")


@pytest.mark.parametrize("size", SIZES)
def test_a_forgotten_password(
    scene: Scene, named: NewVisitor, monkeypatch: pytest.MonkeyPatch, size: str
) -> None:
    tokens = list[str]()
    monkeypatch.setattr(reset_service, "seal_text", lambda text, _: tokens.append(text) or "sealed")
    gp = named(size)
    page = gp.page
    page.goto(gp.url + "/forgotten")
    gp.shot("forgotten")
    page.fill("#login", "gp")
    page.click("form[action='/forgotten'] button")
    gp.shot("forgotten-asked")
    reset_service.ask("gp", Origin())
    page.goto(f"{gp.url}/reset/{tokens[-1]}")
    gp.shot("reset")
    for field, typed in (
        ("#code", code_of("gp")),
        ("#new", NEW_PASSWORD),
        ("#again", NEW_PASSWORD),
    ):
        page.fill(field, typed)
    page.locator("main form button").first.click()
    gp.shot("reset-done")
    page.goto(f"{gp.url}/reset/{tokens[-1]}")
    gp.shot("link-expired")


def test_english_pages(scene: Scene, named: NewVisitor) -> None:
    gp = named("phone")
    gp.page.context.add_cookies([{"name": "chevet_language", "value": "en", "url": gp.url}])
    gp.page.goto(gp.url + "/sign-in")
    expect(gp.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    gp.shot("sign-in-english")
    gp.page.goto(gp.url + "/forgotten")
    gp.shot("forgotten-english")
