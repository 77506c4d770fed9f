"""The generated reference pages say what the code says, and every setting is described."""

import pytest

from app.reference import FOLDER, PAGES, settings_page
from core.settings import Settings


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_fresh(name: str) -> None:
    assert (FOLDER / name).read_text() == PAGES[name](), "run make docs"


def test_every_setting_is_described() -> None:
    page = settings_page()
    assert [name for name in Settings.model_fields if f"CHEVET_{name.upper()}`" not in page] == []
