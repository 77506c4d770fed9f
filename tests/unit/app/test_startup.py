"""A process in production does not start with a secret everybody has, or a weak one, or none."""

import base64
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import known_secrets, startup
from app.doctor import examine
from core.settings import Settings, settings
from tests.conftest import SEALING_KEY

GOOD = {
    "profile": "production",
    "base_url": "https://chevet.example",
    "site_name": "Télésuivi",
    "help_phone": "01 99 00 12 34",
    "help_mail": "aide@chevet.example",
}
DSN = "postgresql://chevet_app:{}@db/chevet"


def faults(process: str = "", **given: object) -> dict[str, str]:
    made = Settings(**{**GOOD, **given})  # type: ignore[arg-type]
    return {one.setting: one.words for one in startup.find_faults(made, process) if one.grave}


def fresh() -> str:
    return secrets.token_hex(24)


def fresh_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import os

    for name in [one for one in os.environ if one.startswith("CHEVET_")]:
        monkeypatch.delenv(name)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_a_site_in_order_starts() -> None:
    dsn, gate = DSN.format(fresh()), DSN.format(fresh())
    assert faults("web", app_dsn=dsn, gate_dsn=gate, sealing_key=fresh_key()) == {}


@pytest.mark.parametrize("process", ["web", "console", "sentinel", "worker"])
def test_who_seals_or_unseals_needs_the_key(process: str) -> None:
    assert "not set" in faults(process)["sealing_key"]
    assert "sealing_key" not in faults(process, sealing_key=fresh_key())


@pytest.mark.parametrize("process", ["ingest", "beat", "migrate", ""])
def test_who_never_seals_needs_no_key(process: str) -> None:
    assert "sealing_key" not in faults(process)


def test_a_key_that_cannot_seal_is_refused_with_the_command_that_makes_one() -> None:
    sixteen = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode()
    for key in (fresh(), sixteen, fresh_key().rstrip("="), "é" * 43 + "=", "short"):
        words = faults("web", sealing_key=key)["sealing_key"]
        assert "openssl rand -base64 32 | tr '+/' '-_'" in words, key
        assert "-hex" not in words


def test_a_published_key_is_answered_with_the_command_that_makes_one() -> None:
    words = faults("web", sealing_key=SEALING_KEY)["sealing_key"]
    assert "openssl rand -base64 32" in words


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("app_dsn", ""),
        ("app_dsn", DSN.replace(":{}", "")),
        ("app_dsn", DSN.format("short")),
        ("app_dsn", DSN.format("a" * 40)),
        ("app_dsn", DSN.format(SEALING_KEY.rstrip("="))),
        ("sealing_key", SEALING_KEY),
        ("psc_client_secret", "changeme"),
        ("redis_url", "redis://valkey/0"),
        ("redis_url", "redis://:" + "x" * 30 + "@valkey/0"),
        ("cookie_secure", False),
        ("base_url", "http://chevet.example"),
        ("help_phone", " "),
    ],
)
def test_what_is_unsafe_keeps_it_from_starting(setting: str, value: object) -> None:
    whole = {"app_dsn": DSN.format(fresh()), "gate_dsn": DSN.format(fresh())}
    assert setting in faults("web", **{**whole, setting: value})


def test_production_needs_terms_of_use(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHEVET_TERMS_FOLDER", str(tmp_path))
    settings.cache_clear()
    assert "terms_folder" in faults("web")


def test_the_start_ends_with_the_setting_named_and_the_secret_untold(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHEVET_SEALING_KEY", SEALING_KEY)
    settings.cache_clear()
    with pytest.raises(SystemExit) as ended:
        startup.refuse_unsafe_start("web")
    assert ended.value.code == startup.EXIT_CONFIGURATION
    told = capsys.readouterr().err
    assert "CHEVET_SEALING_KEY: its secret stands in the published repository" in told
    assert "CHEVET_GATE_DSN: it is not set" in told
    assert SEALING_KEY not in told


def test_the_doctor_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEVET_SEALING_KEY", SEALING_KEY)
    monkeypatch.setenv("CHEVET_MQTT_PORT", "1")
    settings.cache_clear()
    said: list[str] = []
    assert examine(said.append) == 1
    (line,) = [one for one in said if "CHEVET_SEALING_KEY" in one]
    assert line.startswith("BAD")
    assert SEALING_KEY not in line


def test_the_demonstration_stays_on_loopback() -> None:
    assert faults(profile="demo", base_url="http://127.0.0.1:8080") == {}
    assert "base_url" in faults(profile="demo", base_url="http://192.0.2.1:8080")


def test_with_the_list_of_published_secrets_empty_the_check_finds_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(startup, "known_digests", lambda _: frozenset())
    assert "sealing_key" not in faults(sealing_key=SEALING_KEY)


def test_the_wheel_knows_what_the_checkout_knows(tmp_path: Path) -> None:
    package = tmp_path / "app"
    package.mkdir()
    assert known_secrets.known_digests(package) is None
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "x.env").write_text(f"KEY={SEALING_KEY}\n")
    known_secrets.write_list(tmp_path / "made", package / known_secrets.LIST_NAME)
    known = known_secrets.known_digests(package)
    assert known is not None
    assert known_secrets.digest_of(SEALING_KEY.rstrip("=")) in known


@pytest.mark.parametrize("process", ["sentinel", "worker", ""])
def test_another_system_is_told_over_tls_and_signed(process: str) -> None:
    told = {"webhook_url": "http://his.example/chevet", "webhook_secret": "short"}
    assert {"webhook_url", "webhook_secret"} <= set(faults(process, **told))
    told = {"webhook_url": "https://his.example/chevet", "webhook_secret": fresh()}
    assert not {"webhook_url", "webhook_secret"} & set(faults(process, **told))
    assert not {"webhook_url", "webhook_secret"} & set(faults(process))
