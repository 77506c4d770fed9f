"""Slowing guesses down without ever shutting the owner out. Pure.

Attempts are counted per thing guessed at and per place: a network, a browser in which the owner
has given two factors before (OWASP, « Slow down online guessing attacks with device cookies »), or
a live session. Whoever guesses elsewhere has another count.
"""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Final, Literal

Guessed = Literal["password", "code", "recovery", "activation", "sms"]

TOO_MANY_HERE: Final = 10
"""Wrong attempts from one place in 15 minutes, after which it has to wait (promise S13)."""
TOO_MANY_CODES: Final = 100
"""Wrong codes in a day from everywhere the owner is not known (NIST SP 800-63B-4 §3.2.2: 100).

Codes have six digits, and only somebody with the password gets to try them. A known browser, a
passkey and a recovery code remain open to the owner.
"""
TOO_MANY_TEXTS: Final = 5
"""Text messages asked for in 15 minutes (proposed: they cost money, and annoy)."""
_NETWORK_BITS: Final = 64
"""An IPv6 subscriber has a network of this size (RFC 6177): its addresses count as one place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """How often something was guessed at, this attempt among them."""

    attempt: int
    here: int
    """From this place, in 15 minutes."""
    anywhere: int
    """From all places that are not known, in a day."""
    known: bool
    """Whether the owner gave two factors in this place before."""


def must_wait(kind: Guessed, tries: Tries) -> bool:
    """Say whether an attempt is not judged at all."""
    if tries.here > (TOO_MANY_TEXTS if kind == "sms" else TOO_MANY_HERE):
        return True
    return kind == "code" and not tries.known and tries.anywhere > TOO_MANY_CODES


def network_of(address: str) -> str:
    """Return the place of an IP address: itself, or the network of an IPv6 subscriber."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address[:64]
    if not isinstance(ip, IPv6Address):
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return f"{IPv6Address(int(ip) >> _NETWORK_BITS << _NETWORK_BITS)}/{_NETWORK_BITS}"
