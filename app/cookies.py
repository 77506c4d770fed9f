"""Gives cookies the prefix `__Host-` on the way out, and takes it off on the way in. Pure.

A browser accepts such a cookie only over HTTPS, for the whole site, from this very host: a
neighbouring subdomain cannot plant one. Without the prefix a cookie of ours is not believed.
Source: RFC 6265bis §4.1.3.2; OWASP ASVS 5.0, 3.3.1.
"""

from collections.abc import Iterable
from typing import Final

PREFIX: Final = b"__Host-"
OURS: Final = b"chevet_"


def read_inward(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return request headers in which only prefixed cookies of ours are left, without prefix."""
    return [
        (name, _inward(value)) if name == b"cookie" else (name, value) for name, value in headers
    ]


def _inward(raw: bytes) -> bytes:
    kept = []
    for part in raw.split(b";"):
        cookie = part.strip()
        if cookie.startswith(PREFIX + OURS):
            kept.append(cookie.removeprefix(PREFIX))
        elif not cookie.startswith(OURS):
            kept.append(cookie)
    return b"; ".join(kept)


def write_outward(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return response headers in which cookies of ours carry the prefix and what it asks for."""
    return [
        (name, _outward(value))
        if name.lower() == b"set-cookie" and value.startswith(OURS)
        else (name, value)
        for name, value in headers
    ]


def _outward(raw: bytes) -> bytes:
    first, *attributes = [part.strip() for part in raw.split(b";")]
    kept = [
        attribute
        for attribute in attributes
        if attribute.split(b"=")[0].lower() not in (b"domain", b"path", b"secure")
    ]
    return b"; ".join([PREFIX + first, *kept, b"Path=/", b"Secure"])
