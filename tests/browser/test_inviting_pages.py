"""A GP invites a physiotherapist nobody knows here, from the mail to the record, on a phone."""

import re

import pytest
from playwright.sync_api import expect

from core import clock
from core.settings import settings
from identity import service as identity
from identity.factor_service import give_totp
from messages import service as messages
from tests.as_owner import rows
from tests.browser.conftest import NewVisitor, Visitor
from tests.codes import code_of, secret_of
from tests.integration.web.inviting.inviting import MAIL, RPPS, SECRET
from tests.integration.web.scene import Scene, open_account
from tests.mailbox import Mailbox, open_mailbox


def link_in(box: Mailbox, path: str) -> str:
    """Return the link that the last mail to her holds, after a pass of the sender."""
    messages.send_due(clock.now())
    body = box.to(MAIL)[-1].mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "Martin" not in text
    found = re.search(rf"https?://\S+{path}/\S+", text)
    assert found is not None, text
    return found[0]


def narrow(someone: Visitor) -> Visitor:
    someone.page.set_viewport_size({"width": 360, "height": 800})
    return someone


def test_a_gp_invites_a_physiotherapist_not_yet_registered(
    scene: Scene, visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((practice,),) = rows(
        "select organisation from access.post where person = %s", scene.home.care.gp.person
    )
    ada = identity.register_person("Ada Ministre")
    identity.give_post(ada, practice, "administrator")  # type: ignore[arg-type]
    open_account(ada, "admin")
    circle = f"/patients/{scene.home.care.patient}/circle"
    gp, lina, admin = narrow(visitor("phone")), narrow(visitor("phone")), visitor("desk")
    with open_mailbox() as box:
        monkeypatch.setenv("CHEVET_SMTP_PORT", str(box.port))
        settings.cache_clear()
        gp.enter("gp")
        gp.page.goto(gp.url + circle)
        gp.page.get_by_role("link", name="Inviter par courriel").click()
        gp.page.get_by_label("Rôle dans le cercle").select_option("physiotherapist")
        gp.page.get_by_label("Nom de la personne invitée").fill("Lina Petit")
        gp.page.get_by_label("Adresse électronique").fill("lina.petit")
        gp.page.evaluate("document.querySelectorAll('form').forEach(f => f.noValidate = true)")
        gp.page.get_by_role("button", name="Envoyer l’invitation").click()
        expect(gp.page.locator("#address-error")).to_be_visible()
        gp.shot("invitations-error")
        gp.page.get_by_label("Adresse électronique").fill(MAIL)
        gp.page.get_by_role("button", name="Envoyer l’invitation").click()
        expect(gp.page.get_by_role("status")).to_contain_text("est partie")
        gp.shot("invitations")
        her_link = link_in(box, "/invitations")
        lina.page.goto(her_link)
        expect(lina.page.get_by_text("Dr Paul Lefèvre vous invite")).to_be_visible()
        lina.page.locator("summary").click()
        lina.page.locator("#given").fill("Lina")
        lina.page.locator("#family").fill("Petit")
        lina.page.get_by_label("Numéro RPPS").fill(RPPS)
        lina.shot("invitation-link")
        lina.page.get_by_role("button", name="Demander un compte").click()
        expect(lina.page.get_by_text("Votre demande est arrivée")).to_be_visible()
        admin.enter("admin")
        admin.page.goto(admin.url + "/admin/accounts")
        admin.page.get_by_role("link", name="Professionnels invités").click()
        admin.both_sizes("accounts-asked")
        admin.page.get_by_role("button", name="Je confirme").click()
        code = admin.page.locator("strong.number").inner_text()
        lina.page.goto(link_in(box, "/activate"))
        lina.page.locator("#code").fill(code)
        lina.page.locator("#new").fill(SECRET)
        lina.page.locator("#again").fill(SECRET)
        lina.page.get_by_role("button", name="Ouvrir mon compte").click()
        lina.page.wait_for_url("**/sign-in/set-up*")
    ((person,),) = rows("select person from identity.account where login = %s", MAIL)
    give_totp(person, secret_of(MAIL))  # type: ignore[arg-type]
    lina.page.context.clear_cookies()
    lina.page.goto(her_link)
    lina.page.get_by_role("link", name="J’ai un compte").click()
    lina.page.get_by_label("Identifiant").fill(MAIL)
    lina.page.get_by_label("Mot de passe").fill(SECRET)
    lina.page.get_by_role("button", name="Se connecter", exact=True).click()
    lina.page.get_by_label("Code à six chiffres").fill(code_of(MAIL))
    lina.page.get_by_role("button", name="Continuer").click()
    expect(lina.page.get_by_text("Cercle de Jeanne Martin")).to_be_visible()
    lina.shot("my-invitations")
    lina.page.get_by_role("button", name="Accepter").click()
    expect(lina.page.get_by_role("status")).to_contain_text("Vous faites maintenant partie")
    lina.page.goto(f"{lina.url}/account/coordinates")
    lina.page.get_by_label("Téléphone").fill("06 39 98 01 15")
    lina.shot("own-coordinates")
    lina.page.get_by_role("button", name="Enregistrer").click()
    gp.page.goto(f"{gp.url}{circle}/contacts")
    expect(gp.page.locator("a[href='tel:0639980115']")).to_be_visible()
    gp.page.locator("summary", has_text="Lina Petit").click()
    gp.shot("contacts")
    gp.page.goto(f"{gp.url}{circle}/sees")
    gp.shot("circle-sees")
    lina.page.goto(lina.url + scene.page)
    expect(lina.page.get_by_role("heading", level=1)).to_contain_text("Jeanne")
