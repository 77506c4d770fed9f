"""Help, terms of use and the training banner, at both widths, under the policy of the pages."""

import pytest
from playwright.sync_api import expect

from core.settings import settings
from identity import service as identity
from identity.edge.terms_files import TEMPLATE
from identity.training_service import enter_training
from tests.browser.conftest import SIZES, NewVisitor
from tests.integration.web.scene import Scene, open_account


@pytest.mark.parametrize("size", SIZES)
def test_help_terms_and_training(
    scene: Scene, visitor: NewVisitor, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pupil = enter_training(identity.register_person("Paul Élève"))
    open_account(pupil, "pupil")
    monkeypatch.setenv("CHEVET_SITE_NAME", "Télésuivi de Brie")
    monkeypatch.setenv("CHEVET_SITE_ADDRESS", "1 rue de Brie, 77000 Melun")
    monkeypatch.setenv("CHEVET_HELP_PHONE", "+33199001234")
    monkeypatch.setenv("CHEVET_TERMS_FOLDER", str(TEMPLATE))
    settings.cache_clear()
    trained = visitor(size)
    trained.sign_in("pupil")
    page = trained.page
    expect(page.get_by_text("Formation – données fictives")).to_be_visible()
    expect(page.get_by_role("button", name="Accepter et continuer")).to_be_visible()
    trained.shot("terms")
    page.get_by_label("J").first.check()
    page.get_by_role("button", name="Accepter et continuer").click()
    page.get_by_role("link", name="Aide et contact").first.click()
    expect(page.get_by_text("1 rue de Brie, 77000 Melun")).to_be_visible()
    trained.shot("help-training")
