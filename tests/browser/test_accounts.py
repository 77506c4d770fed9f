"""Accounts, connections and another provider as people see them, in a real browser."""

import re
import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from core.settings import settings
from identity import service as identity
from identity.edge import oidc
from tests.browser.conftest import SIZES, NewVisitor
from tests.integration.web.federation.signing import register_rpps
from tests.integration.web.scene import Scene, open_account
from tests.oidc_provider import OidcProvider, professional, run_provider


@pytest.fixture
def provider(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Iterator[OidcProvider]:
    """A provider in its own process, at which the site is registered."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with run_provider(port) as running:
        for prefix in ("PSC", "FC"):
            monkeypatch.setenv(f"CHEVET_{prefix}_ISSUER", running.issuer)
            monkeypatch.setenv(f"CHEVET_{prefix}_CLIENT_ID", "chevet")
            monkeypatch.setenv(f"CHEVET_{prefix}_CLIENT_SECRET", "from-the-environment")
        settings.cache_clear()
        oidc.directory.forget()
        yield running


def test_a_gp_comes_by_pro_sante_connect_and_leaves_there_too(
    scene: Scene, visitor: NewVisitor, provider: OidcProvider
) -> None:
    register_rpps(scene.home.care.gp.person)
    provider.user("paul", **professional())
    gp = visitor("phone")
    page = gp.page
    page.goto(f"{gp.url}/sign-in")
    gp.shot("sign-in-providers")
    page.get_by_role("link", name="S’identifier avec Pro Santé Connect").click()
    page.locator("input[name=sub]").fill("paul")
    page.get_by_role("button", name=re.compile("authorize", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes patients")
    page.get_by_role("button", name="Se déconnecter").first.click()
    page.wait_for_url(re.compile("end_session"))
    page.goto(gp.url + "/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")
    provider.user("stranger", **professional("10000000017"))
    page.get_by_role("link", name="S’identifier avec Pro Santé Connect").click()
    page.locator("input[name=sub]").fill("stranger")
    page.get_by_role("button", name=re.compile("authorize", re.IGNORECASE)).click()
    expect(page.get_by_role("alert")).to_contain_text("Personne n’est connu ici")
    gp.shot("federation-refused")


@pytest.mark.parametrize("size", SIZES)
def test_my_connections_and_my_substitutes(scene: Scene, visitor: NewVisitor, size: str) -> None:
    gp = visitor(size)
    gp.sign_in("gp")
    expect(gp.page.get_by_role("heading", level=1)).to_have_text("Mes patients")
    gp.page.goto(f"{gp.url}/account/sessions")
    gp.shot("sessions")
    gp.page.goto(f"{gp.url}/account/substitutes")
    gp.shot("substitutes-empty")
    gp.page.get_by_label("Identifiant ou numéro RPPS du remplaçant").fill("stranger")
    gp.page.get_by_label("Premier jour").fill("2099-01-01")
    gp.page.get_by_label("Dernier jour").fill("2099-01-08")
    gp.page.get_by_role("button", name="Me faire remplacer").click()
    expect(gp.page.get_by_role("status")).to_contain_text("C’est fait")
    gp.shot("substitutes")
    gp.page.goto(f"{gp.url}/patients/{scene.home.care.patient}/account")
    gp.shot("patient-account")
    gp.page.goto(f"{gp.url}/account/sign-in")
    gp.page.get_by_role("link", name="Mes connexions").click()
    expect(gp.page.get_by_role("heading", level=1)).to_have_text("Mes connexions")
    gp.page.goto(f"{gp.url}/account/sign-in")
    gp.shot("sign-in-settings")


@pytest.mark.parametrize("size", SIZES)
def test_an_administrator_invites_and_suspends(
    scene: Scene, visitor: NewVisitor, size: str
) -> None:
    person = identity.register_person("Ada Ministre")
    identity.give_post(person, scene.home.care.centre, "administrator")
    open_account(person, "admin")
    admin = visitor(size)
    admin.sign_in("admin")
    page = admin.page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.endswith("/admin/accounts")
    admin.shot("accounts")
    form = page.get_by_role("region", name="Inviter un professionnel")
    form.get_by_label("Prénom").fill("Lina")
    form.get_by_label("Nom", exact=True).fill("Petit")
    form.get_by_label("Numéro RPPS").fill("10000000008")
    form.get_by_label("Adresse électronique professionnelle").fill("lina.petit@centre.example")
    form.get_by_role("button", name="Inviter").click()
    page.get_by_role("link", name=re.compile("dernier chiffre")).click()
    expect(page.locator("#rpps-error")).to_be_in_viewport()
    admin.shot("accounts-error")
    form.get_by_label("Numéro RPPS").fill("10000000009")
    form.get_by_role("button", name="Inviter").click()
    expect(page.get_by_role("status")).to_contain_text("Donnez vous-même ce code")
    for summary in page.locator("article summary").all():
        summary.click()
    admin.shot("accounts-invited")
    card = page.get_by_role("article", name="Inès Moreau")
    card.get_by_role("button", name="Suspendre le compte maintenant").click()
    expect(page.get_by_role("article", name="Inès Moreau")).to_contain_text("Suspendu")
    admin.shot("accounts-suspended")
