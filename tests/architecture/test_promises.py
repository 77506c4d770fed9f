"""What `make promise` says last: kept only if every test behind the promise ran and passed."""

from pathlib import Path

import pytest

import app.promises
from tests.conftest import ROOT

CONFTEST = "from tests.conftest import pytest_addoption, pytest_collection_modifyitems\n"
SETTINGS = f"[pytest]\nmarkers = promise(id): p\nfilterwarnings = error\npythonpath = {ROOT}\n"
KEPT = """
def test_a(record_property):
    record_property("counts", "sent 3; stored 3; seed 7")
"""
BROKEN = "def test_a():\n    assert 1 == 2\n"
SKIPPED = "@pytest.mark.skip\ndef test_a():\n    pass\n"
UNREADABLE = "import nothing_of_that_name\n"
OTHER = "def test_b():\n    assert 1 == 2\n"
HEAD = 'import pytest\n\npytestmark = pytest.mark.promise("{}")\n\n'


@pytest.mark.parametrize(
    ("files", "status", "said"),
    [
        ({"R1": KEPT, "R2": OTHER}, 0, "R1 kept: {}; tests 1; sent 3; stored 3; seed 7"),
        ({"R1": BROKEN}, 1, "R1 BROKEN: {}; tests 1; no counts"),
        ({"R1": SKIPPED}, 1, "R1 BROKEN: {}; tests 1; not run 1; no counts"),
        (
            {"R1": KEPT, "R2": UNREADABLE},
            1,
            "R1 BROKEN: {}; tests 1; some tests cannot be collected; sent 3; stored 3; seed 7",
        ),
        ({"R2": KEPT}, 2, "R1 not yet covered: {}"),
    ],
)
def test_the_last_line_says_whether_the_promise_is_kept(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, str],
    status: int,
    said: str,
) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pytest.ini").write_text(SETTINGS)
    for name, text in files.items():
        (tmp_path / f"test_{name.lower()}.py").write_text(HEAD.format(name) + text)
    monkeypatch.setattr(app.promises, "ROOT", tmp_path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    assert app.promises.keep("r1") == status
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == said.format(app.promises.PROMISES["R1"])


def test_a_promise_nobody_made_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.promises.keep("R99") == 2
    assert capsys.readouterr().out == "R99: no such promise; there are R1 to R15 and S1 to S14.\n"
