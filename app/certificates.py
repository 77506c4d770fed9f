"""The certificates this installation relies on, and when they end."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cryptography import x509

from alerts.technical import Found, Kind, Name, certificate_trouble
from core.settings import Settings


def certificate_troubles(site: Settings, now: datetime) -> tuple[Found, ...]:
    """Return the certificates of the settings that end soon, have ended or cannot be read."""
    found = (_trouble(name, path, now) for name, path in _files(site) if path is not None)
    return tuple(one for one in found if one is not None)


def _files(site: Settings) -> Iterable[tuple[str, Path | None]]:
    return (("CHEVET_MQTT_CA", site.mqtt_ca), ("CHEVET_AUDIT_SYSLOG_CA", site.audit_syslog_ca))


def _trouble(name: str, path: Path, now: datetime) -> Found | None:
    try:
        chain = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        return Found(name=Name(Kind.CERTIFICATE_ENDS, name), detail={"unreadable": True})
    return certificate_trouble(name, min(one.not_valid_after_utc for one in chain), now)
