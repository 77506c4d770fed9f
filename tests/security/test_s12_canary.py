"""No name and no clinical value leaves through a side door: logs, addresses, mails, counters.

A canary patient is read, written about, measured, alarmed about and called for by everybody of a
circle, and by strangers; then all that the run wrote elsewhere than on a page is searched.
"""

import pytest
from starlette.testclient import TestClient

from tests.security.canary import run
from tests.security.cast import Cast

pytestmark = pytest.mark.promise("S12")


def test_nothing_of_the_canary_stands_aside(
    cast: Cast,
    client: TestClient,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = run(cast, client, capfd, monkeypatch, whole=True)
    assert written.leaks() == []
    assert written.asked > 800
    assert {to.rpartition("@")[2] for to in written.told} == {
        "nurse.example",
        "gp.example",
        "operator.example",
    }
    assert [where for where, text in written.texts.items() if not text] == []
