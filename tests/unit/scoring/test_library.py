"""Every score has its vignettes and its page, and those made for hospitals alert nobody at home."""

import ast
import json

import pytest

from scoring.library import SCORES
from tests.conftest import ROOT

HOSPITAL_ONLY = {"scoring.rox", "scoring.mortality_4c", "scoring.priest", "scoring.qsofa"}


@pytest.mark.parametrize("name", SCORES)
def test_every_score_has_vignettes_with_their_source_and_a_page(name: str) -> None:
    files = list((ROOT / "tests/vignettes" / name).glob("*.json"))
    vignettes = [one for file in files for one in json.loads(file.read_text())]
    assert vignettes
    assert all(one["source"] and one["expected"] for one in vignettes)
    if name != "priest":
        refused = [one for one in vignettes if "refused" in one["expected"]]
        assert 0 < len(refused) < len(vignettes)
    pages = "".join(page.read_text() for page in (ROOT / "docs/clinical").glob("*.md"))
    assert f"`{name}`" in pages


def test_no_alert_comes_from_a_score_made_for_hospitals() -> None:
    asking = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "alerts").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module in HOSPITAL_ONLY
    ]
    assert asking == []
