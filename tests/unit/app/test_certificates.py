"""The certificates of the settings: one that ends within a month, or is none, is a trouble."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.technical import CERTIFICATE_DAYS, Kind, Name
from app.certificates import certificate_troubles
from core.settings import Settings
from tests.certificates import write_certificates

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
MONTH = timedelta(days=CERTIFICATE_DAYS)
DAY = timedelta(days=1)
NAMES = ["CHEVET_MQTT_CA", "CHEVET_AUDIT_SYSLOG_CA"]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def site(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for each in NAMES:
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv(name, str(tmp_path / "ca.pem"))
    return Settings()


def test_it_is_told_a_month_before_its_end_and_after(
    site: Settings, name: str, tmp_path: Path
) -> None:
    for left, told in ((MONTH + DAY, False), (MONTH, True), (-DAY, True)):
        write_certificates(tmp_path / "ca.pem", NOW + left)
        found = [one.name for one in certificate_troubles(site, NOW)]
        assert found == ([Name(Kind.CERTIFICATE_ENDS, name)] if told else []), left


def test_of_a_chain_the_one_that_ends_first_counts(site: Settings, tmp_path: Path) -> None:
    write_certificates(tmp_path / "ca.pem", NOW + 3 * MONTH, NOW + DAY)
    (found,) = certificate_troubles(site, NOW)
    assert found.detail == {"since": (NOW + DAY).isoformat()}


def test_one_that_is_missing_or_unreadable_is_a_trouble(site: Settings, tmp_path: Path) -> None:
    (missing,) = certificate_troubles(site, NOW)
    (tmp_path / "ca.pem").write_text("no certificate")
    (unreadable,) = certificate_troubles(site, NOW)
    assert missing == unreadable
    assert missing.detail == {"unreadable": True}
