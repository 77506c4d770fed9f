"""Passkeys in a real browser, whose authenticator is driven over the DevTools protocol."""

import base64
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import CDPSession, Page, Response, expect

from core.settings import settings
from identity import passkey_service
from tests.as_owner import rows
from tests.browser.conftest import SIZES, NewVisitor, Visitor
from tests.integration.web.scene import PASSWORD, Scene

pytestmark = pytest.mark.promise("S13")
USE = "Se connecter avec une clé d’accès"


@dataclass(frozen=True)
class Authenticator:
    """The authenticator of one browser, as its owner or a thief has it."""

    wire: CDPSession
    id: str

    def known(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._send("getCredentials")["credentials"]
        return found

    def forge(self) -> None:
        """Keep the passkey's name, and sign with a key of one's own."""
        (known,) = self.known()
        own = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
        )
        self._send("removeCredential", credentialId=known["credentialId"])
        forged = {**known, "privateKey": base64.b64encode(own).decode()}
        self._send("addCredential", credential=forged)

    def owner_is_away(self) -> None:
        self._send("setUserVerified", isUserVerified=False)

    def _send(self, what: str, **more: Any) -> Any:
        return self.wire.send(f"WebAuthn.{what}", {"authenticatorId": self.id, **more})


def authenticator(page: Page) -> Authenticator:
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return Authenticator(wire, made["authenticatorId"])


@pytest.fixture(autouse=True)
def named_host(site: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Passkeys belong to a name: browsers make none for a bare address."""
    url = site.replace("127.0.0.1", "localhost")
    monkeypatch.setenv("CHEVET_BASE_URL", url)
    monkeypatch.setenv("CHEVET_ALLOWED_HOSTS", "localhost")
    settings.cache_clear()
    return url


def take_other_factors(login: str) -> None:
    with psycopg.connect(settings().owner_dsn) as conn:
        conn.execute(
            "delete from identity.totp where person ="
            " (select person from identity.account where login = %s)",
            [login],
        )


def make_passkey(someone: Visitor, url: str) -> Authenticator:
    """Come with a password and no second factor, and make a passkey."""
    take_other_factors("gp")
    page, made = someone.page, authenticator(someone.page)
    page.goto(f"{url}/sign-in")
    page.get_by_label("Identifiant").fill("gp")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/sign-in/set-up*")
    someone.shot("set-up-passkey")
    page.get_by_label("Nom de cet appareil").fill("Mon téléphone")
    page.get_by_role("button", name="Créer une clé d’accès").click()
    page.wait_for_url("**/account/recovery-codes*")
    return made


def sign_out(page: Page, url: str) -> None:
    page.goto(f"{url}/")
    page.get_by_role("button", name="Se déconnecter").first.click()
    page.wait_for_url("**/sign-in")


def use_passkey(page: Page) -> Response:
    """Press the button and return what the site answered to the signature."""
    with page.expect_response(lambda answer: answer.url.endswith("/sign-in/passkey")) as found:
        page.get_by_role("button", name=USE).click()
    return found.value


@pytest.mark.parametrize("size", SIZES)
def test_a_passkey_is_two_factors_at_once(
    scene: Scene, visitor: NewVisitor, named_host: str, size: str
) -> None:
    gp = visitor(size)
    made = make_passkey(gp, named_host)
    assert [key["rpId"] for key in made.known()] == ["localhost"]
    sign_out(gp.page, named_host)
    answer = use_passkey(gp.page)
    assert answer.status == 200
    expect(gp.page.get_by_role("heading", level=1)).to_have_text("Mes patients")
    gp.page.goto(named_host + scene.page)
    expect(gp.page.get_by_role("heading", level=1)).to_have_text("MARTIN Jeanne")
    assert rows("select aal from identity.session where ended_at is null") == [("two",)]
    # The very same signature, sent once more by whoever saw it pass, opens nothing.
    again = gp.page.request.post(
        answer.url,
        data=answer.request.post_data,
        headers={"content-type": "application/json", "origin": named_host},
    )
    assert again.status == 401
    gp.page.goto(f"{named_host}/account/sign-in")
    expect(gp.page.get_by_text("Mon téléphone")).to_be_visible()
    gp.shot("sign-in-settings-passkey")


def test_a_key_of_ones_own_opens_nobodys_account(
    scene: Scene, visitor: NewVisitor, named_host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    thief = visitor("desk")
    made = make_passkey(thief, named_host)
    sign_out(thief.page, named_host)
    made.forge()
    assert use_passkey(thief.page).status == 401
    expect(thief.page.get_by_role("alert")).to_contain_text("n’a pas fonctionné")
    # Without the check of the signature the same key would open it: the refusal above is its.
    monkeypatch.setattr(passkey_service, "_signed_by", lambda *_: True)
    assert use_passkey(thief.page).status == 200


def test_a_passkey_whose_owner_is_not_there_is_refused(
    scene: Scene, visitor: NewVisitor, named_host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A device left lying about has one factor; a page that does not ask for the other is met."""
    finder = visitor("desk")
    made = make_passkey(finder, named_host)
    sign_out(finder.page, named_host)
    made.owner_is_away()
    finder.page.route("**/sign-in/passkey/options", _ask_for_less)
    assert use_passkey(finder.page).status == 401
    verify = passkey_service.verify_authentication_response

    def careless(**asked: Any) -> Any:
        return verify(**{**asked, "require_user_verification": False})

    monkeypatch.setattr(passkey_service, "verify_authentication_response", careless)
    assert use_passkey(finder.page).status == 200


def _ask_for_less(route: Any) -> None:
    """Change the options on their way to the browser: no owner has to show himself."""
    told = route.fetch()
    begun = told.json()
    begun["options"]["userVerification"] = "discouraged"
    route.fulfill(response=told, json=begun)
