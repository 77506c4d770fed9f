"""What must be true of an identity token besides its signature. Pure.

Source: OpenID Connect Core 1.0 §3.1.3.7; levels of eIDAS as the provider names them in `acr`.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from identity.federation.provider import Provider

LEEWAY_S: Final = 30
"""How far the provider's clock may be from ours, in seconds (proposed)."""
OLDEST_S: Final = 600
"""A token is made within the ten minutes a sign-in may take (proposed)."""


@dataclass(frozen=True, slots=True)
class BadToken:
    """The token must not be believed; `check` names what failed, for the operator's log."""

    check: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What this sign-in expects of its token."""

    provider: Provider
    nonce: str
    now: datetime


Claims = dict[str, Any]


def _issuer(claims: Claims, expected: Expected) -> bool:
    return claims.get("iss") == expected.provider.issuer


def _audience(claims: Claims, expected: Expected) -> bool:
    audience = claims.get("aud")
    ours = expected.provider.client_id
    if audience == ours or audience == [ours]:
        return bool(claims.get("azp", ours) == ours)
    return isinstance(audience, list) and ours in audience and claims.get("azp") == ours


def _expiry(claims: Claims, expected: Expected) -> bool:
    ends = _seconds(claims.get("exp"))
    return ends is not None and ends > expected.now.timestamp() - LEEWAY_S


def _issued_at(claims: Claims, expected: Expected) -> bool:
    made = _seconds(claims.get("iat"))
    now = expected.now.timestamp()
    return made is not None and now - OLDEST_S <= made <= now + LEEWAY_S


def _nonce(claims: Claims, expected: Expected) -> bool:
    return hmac.compare_digest(str(claims.get("nonce", "")).encode(), expected.nonce.encode())


def _level(claims: Claims, expected: Expected) -> bool:
    return claims.get("acr") in expected.provider.acr_accepted


def _subject(claims: Claims, expected: Expected) -> bool:
    subject = claims.get("sub")
    return isinstance(subject, str) and 0 < len(subject) <= 255


def _seconds(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


CHECKS: Final[dict[str, Callable[[Claims, Expected], bool]]] = {
    "issuer": _issuer,
    "audience": _audience,
    "expiry": _expiry,
    "issued_at": _issued_at,
    "nonce": _nonce,
    "level": _level,
    "subject": _subject,
}


def check_token(claims: Claims, expected: Expected) -> BadToken | None:
    """Return the first check that fails, or None when all of them pass."""
    for name, holds in CHECKS.items():
        if not holds(claims, expected):
            return BadToken(name)
    return None
