"""Refuses to start what would run unsafely: published or weak secrets, plain HTTP, nobody to call.

The message names the setting and says what to do. `chevet doctor` shows the same findings.
Production is judged in full; the demonstration and the tests may do as they like, on loopback.
"""

import ipaddress
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import structlog
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import Error as PsycopgError

from app.known_secrets import SHORTEST, digest_of, known_digests
from core.sealing import KEY_COMMAND, WHAT_A_KEY_IS, usable_key
from core.settings import Settings, settings
from identity.edge.terms_files import is_template, terms_in_force
from messages.edge.push import public_key
from messages.edge.webhook import may_be_told
from messages.webhook import SHORTEST_SECRET

_log = structlog.get_logger("startup")

EXIT_CONFIGURATION: Final = 78
"""EX_CONFIG of sysexits.h."""
FEWEST_SYMBOLS: Final = 6
"""Different characters a secret has at least: « aaaaaaaaaaaaaaaa » is none (proposed)."""
SECRET_ENDINGS: Final = ("_password", "_secret", "_key", "_token")
NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "web": ("app_dsn", "gate_dsn", "sealing_key"),
    "console": ("app_dsn", "gate_dsn", "sealing_key"),
    "ingest": ("ingest_dsn", "mqtt_ingest_password"),
    "sentinel": ("worker_dsn", "sealing_key"),
    "auditor": ("worker_dsn",),
    "worker": ("worker_dsn", "redis_url", "sealing_key"),
    "beat": ("redis_url",),
    "migrate": ("owner_dsn",),
}
"""Settings without which a process cannot work."""
SHOWING: Final = frozenset({"web", "console"})
"""Processes that show pages to people."""
NOTIFYING: Final = frozenset({"web", "sentinel", "worker"})
"""Processes that let browsers subscribe or send them notifications."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One setting that is not as it must be; a grave one keeps a process from starting."""

    setting: str
    words: str
    grave: bool = True

    def __str__(self) -> str:
        return f"CHEVET_{self.setting.upper()}: {self.words}"


def refuse_unsafe_start(process: str) -> None:
    """End this process with what is wrong on stderr, or log what is only doubtful."""
    found = list(find_faults(settings(), process))
    for fault in found:
        if not fault.grave:
            _log.warning("setting_doubtful", setting=f"CHEVET_{fault.setting.upper()}")
    grave = [str(fault) for fault in found if fault.grave]
    if grave:
        lines = "\n".join(f"  {line}" for line in grave)
        print(f"chevet {process} does not start:\n{lines}", file=sys.stderr)
        raise SystemExit(EXIT_CONFIGURATION)


def find_faults(wanted: Settings, process: str = "") -> Iterator[Fault]:
    """Yield what is wrong with the settings, for one process or for all that is set here."""
    if wanted.profile != "production":
        yield from _stays_on_loopback(wanted)
        return
    yield from _transport(wanted)
    for name in NEEDED.get(process, ()):
        if not getattr(wanted, name):
            yield Fault(setting=name, words="it is not set and this process needs it.")
    yield from _secrets(wanted)
    if process in ("", "auditor"):
        yield from _watch(wanted)
    if not process or process in NOTIFYING:
        yield from _notifications(wanted)
    if process in ("", "sentinel", "worker"):
        yield from _webhook(wanted)
    if not process or process in SHOWING:
        yield from _people(wanted)


def _stays_on_loopback(wanted: Settings) -> Iterator[Fault]:
    for name in ("base_url", "console_url"):
        url = getattr(wanted, name)
        if url and not is_loopback(url):
            words = (
                f"the profile « {wanted.profile} » has no safety and stays on loopback; "
                "set CHEVET_PROFILE=production (CHEVET_TRAINING=true for training)."
            )
            yield Fault(setting=name, words=words)


def _transport(wanted: Settings) -> Iterator[Fault]:
    if not wanted.cookie_secure:
        yield Fault(
            setting="cookie_secure",
            words="sessions would travel in the clear; remove the setting (it is on by itself).",
        )
    for name in ("base_url", "console_url"):
        url = getattr(wanted, name)
        if url and urlsplit(url).scheme != "https" and not is_loopback(url):
            yield Fault(
                setting=name, words="it is not https; put a proxy that ends TLS in front of it."
            )


def _notifications(wanted: Settings) -> Iterator[Fault]:
    if not wanted.vapid_private_key:
        words = "no browser gets notifications; make a key: chevet push-keys"
        yield Fault(setting="vapid_private_key", words=words, grave=False)
        return
    if not public_key(wanted.vapid_private_key):
        words = "it must be 32 bytes in URL-safe base64; make one: chevet push-keys"
        yield Fault(setting="vapid_private_key", words=words)
    if not wanted.vapid_subject.startswith(("mailto:", "https://")):
        words = "services of notifications need an address, mailto: or https://, to turn to."
        yield Fault(setting="vapid_subject", words=words)


def _webhook(wanted: Settings) -> Iterator[Fault]:
    if not wanted.webhook_url:
        return
    if not may_be_told(wanted.webhook_url):
        yield Fault(setting="webhook_url", words="it must be https.")
    if len(wanted.webhook_secret) < SHORTEST_SECRET:
        words = f"it signs what another system is told: {SHORTEST_SECRET} characters or more."
        yield Fault(setting="webhook_secret", words=words)


def _watch(wanted: Settings) -> Iterator[Fault]:
    url = wanted.heartbeat_url
    if not url:
        words = "nobody outside notices when everything here has stopped; name a heartbeat."
        yield Fault(setting="heartbeat_url", words=words, grave=False)
    elif urlsplit(url).scheme != "https" and not is_loopback(url):
        yield Fault(setting="heartbeat_url", words="it is a secret and must be https.")
    if not wanted.operator_mail:
        words = "the auditor has nobody to write to."
        yield Fault(setting="operator_mail", words=words, grave=False)


def _people(wanted: Settings) -> Iterator[Fault]:
    where = "people in need read it on « Aide et contact »; set it."
    for name in ("site_name", "help_phone", "help_mail"):
        if not getattr(wanted, name).strip():
            yield Fault(setting=name, words=f"it is empty, and {where}")
    if not terms_in_force():
        words = (
            "the folder holds no `<version>.fr.md` with its `.en.md`; put the terms of use there."
        )
        yield Fault(setting="terms_folder", words=words)
    if is_template():
        words = "the terms of use are the template: have your own validated, and name their folder."
        yield Fault(setting="terms_folder", words=words, grave=False)
    for name in ("site_address", "help_hours", "operator_mail"):
        if not getattr(wanted, name).strip():
            yield Fault(setting=name, words="it is empty.", grave=False)


def _secrets(wanted: Settings) -> Iterator[Fault]:
    known = known_digests(Path(str(files("app"))))
    if known is None:
        words = "the list of published secrets is missing here; install the wheel, or a checkout."
        yield Fault(setting="profile", words=words)
    for name, secret in secrets_of(wanted):
        make = KEY_COMMAND if name == "sealing_key" else f"openssl rand -hex {SHORTEST + 8}"
        if not secret:
            yield Fault(setting=name, words="it carries no password; give the role one of its own.")
        elif len(secret) < SHORTEST or len(set(secret)) < FEWEST_SYMBOLS:
            yield Fault(setting=name, words=f"its secret is too weak; make one: {make}")
        elif known and digest_of(secret) in known:
            words = (
                "its secret stands in the published repository, so everybody has it; "
                f"make one: {make}"
            )
            yield Fault(setting=name, words=words)
        elif name == "sealing_key" and usable_key(secret) is None:
            yield Fault(setting=name, words=f"it must be {WHAT_A_KEY_IS}")


def secrets_of(wanted: Settings) -> Iterator[tuple[str, str]]:
    """Yield each setting that carries a secret, with the secret; unset ones are left out."""
    for name in type(wanted).model_fields:
        raw = getattr(wanted, name)
        value = raw.get_secret_value() if hasattr(raw, "get_secret_value") else raw
        if not isinstance(value, str) or not value:
            continue
        if name.endswith("_dsn"):
            yield name, _password_of_dsn(value)
        elif name == "redis_url" or (name.endswith("_url") and "@" in value):
            yield name, unquote(urlsplit(value).password or "")
        elif name.endswith(SECRET_ENDINGS):
            yield name, value


def _password_of_dsn(dsn: str) -> str:
    try:
        return str(conninfo_to_dict(dsn).get("password") or "")
    except PsycopgError:
        return ""


def is_loopback(url: str) -> bool:
    """Say whether an address names this machine alone."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
