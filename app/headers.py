"""What every answer says to a browser about what it may do with it. Pure.

Sources: OWASP Secure Headers Project; OWASP ASVS 5.0, 3.4 (HSTS of a year and more, with
subdomains), 3.4.3–3.4.8, 14.3.2 (no-store); W3C Permissions Policy.
"""

from collections.abc import Iterable
from typing import Final

from starlette.datastructures import MutableHeaders

_CLOSED: Final = (
    "accelerometer", "ambient-light-sensor", "autoplay", "bluetooth", "browsing-topics", "camera",
    "display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope",
    "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials",
    "payment", "picture-in-picture", "screen-wake-lock", "serial", "storage-access", "usb",
    "web-share", "window-management", "xr-spatial-tracking",
)  # fmt: skip
_OWN: Final = ("publickey-credentials-create", "publickey-credentials-get")
"""Passkeys, on our own pages alone."""

SAFE_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer: with it browsers hide the origin of our own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "origin-agent-cluster": "?1",
    "x-permitted-cross-domain-policies": "none",
    "permissions-policy": ", ".join(
        [*(f"{name}=()" for name in _CLOSED), *(f"{name}=(self)" for name in _OWN)]
    ),
}
BARE_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""For an answer that is no page of ours: it may load and do nothing."""
HSTS: Final = "max-age=63072000; includeSubDomains"
"""Two years; the whole host, which an installation has to itself."""
KEPT: Final = ("/static/", "/console/assets/", "/console/_dash-component-suites/")
"""Files without anybody's data, which a browser may keep."""
STATIC_KEPT_SECONDS: Final = 3600
_UNSAID: Final = ("server", "x-powered-by")


def dress(headers: MutableHeaders, *, path: str, status: int, secure: bool) -> None:
    """Add what is missing; what a page says for itself stands."""
    for name in _UNSAID:
        if name in headers:
            del headers[name]
    headers.setdefault("content-security-policy", BARE_POLICY)
    for name, value in SAFE_HEADERS.items():
        headers.setdefault(name, value)
    if not path.startswith(KEPT) or status >= 400:
        headers["cache-control"] = "no-store"
    else:
        headers.setdefault("cache-control", f"public, max-age={STATIC_KEPT_SECONDS}")
    if secure:
        headers.setdefault("strict-transport-security", HSTS)


def host_of(value: str) -> str:
    """Return the name in a Host header, without its port, in small letters."""
    if value.startswith("["):
        return value.partition("]")[0].removeprefix("[").lower()
    return value.partition(":")[0].lower()


def is_among(host: str, allowed: Iterable[str]) -> bool:
    """Say whether a Host header names one of ours."""
    return bool(host) and host_of(host) in set(allowed)
