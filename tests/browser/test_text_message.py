"""Codes by text message as a patient sees them, and where to turn once everything is lost."""

import psycopg
import pytest
from playwright.sync_api import expect

from core.settings import settings
from identity import factor_service
from tests.browser.conftest import SIZES, NewVisitor, Visitor
from tests.integration.web.scene import PASSWORD, Scene

CODE = "048215"


def give_password(someone: Visitor) -> None:
    someone.page.goto(f"{someone.url}/sign-in")
    someone.page.get_by_label("Identifiant").fill("patient")
    someone.page.get_by_label("Mot de passe").fill(PASSWORD)
    someone.page.get_by_role("button", name="Se connecter", exact=True).click()


@pytest.mark.parametrize("size", SIZES)
def test_a_patient_gets_codes_by_text_message(
    scene: Scene, visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch, size: str
) -> None:
    monkeypatch.setenv("CHEVET_SMS_URL", "json://127.0.0.1:9/?to={to}")
    monkeypatch.setattr(factor_service, "new_short_code", lambda: CODE)
    settings.cache_clear()
    with psycopg.connect(settings().owner_dsn) as conn:
        conn.execute("delete from identity.totp where person = %s", [scene.home.care.patient])
    jeanne = visitor(size)
    page = jeanne.page
    give_password(jeanne)
    page.get_by_role("link", name="Un SMS").click()
    page.get_by_label("Mon téléphone portable").fill("01 23")
    page.get_by_role("button", name="M’envoyer un code").click()
    expect(page.get_by_role("alert")).to_be_visible()
    jeanne.shot("sms-number-wrong")
    page.get_by_label("Mon téléphone portable").fill("06 98 76 54 32")
    page.get_by_role("button", name="M’envoyer un code").click()
    expect(page.get_by_role("status")).to_contain_text("06 98 76 54 32")
    jeanne.shot("sms-sent")
    page.get_by_label("Code à six chiffres").fill("111111")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Code à six chiffres").fill(CODE)
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url("**/account/recovery-codes*")
    page.context.clear_cookies()
    give_password(jeanne)
    page.get_by_role("button", name="M’envoyer un code par SMS").click()
    expect(page.get_by_role("status")).to_contain_text("32")
    page.get_by_text("Je n’ai pas accès à mon code").click()
    expect(page.get_by_text("votre compte sera ouvert de nouveau")).to_be_visible()
    jeanne.shot("second-by-text")
    page.get_by_label("Code à six chiffres").fill(CODE)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Jeanne")
