"""The link of a message: whom it was written to, which alert it opens, and until when.

Sealed, not only signed: nobody reads from the address whose it is or what it leads to. It proves
that somebody has the message, and nothing more: a code of that very person comes after it.
"""

import base64
from binascii import Error as BadBase64
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from core.errors import ConfigurationError
from core.sealing import seal, unseal

LINK_LASTS: Final = timedelta(hours=24)
"""How long the link of a message may be used (proposed)."""
_PURPOSE: Final = "alert-link"
_UUID_BYTES: Final = 16
_TIME_BYTES: Final = 5
_BYTES: Final = 2 * _UUID_BYTES + _TIME_BYTES
_SEALED_BYTES: Final = 12 + _BYTES + 16  # nonce and tag of `core.sealing`


def write_link(person: UUID, alert: UUID, now: datetime) -> str:
    """Return the link by which a person opens an alert, for an address; another one each time."""
    ends = int((now + LINK_LASTS).timestamp()).to_bytes(_TIME_BYTES, "big")
    sealed = seal(person.bytes + alert.bytes + ends, _PURPOSE)
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def read_link(link: str, now: datetime) -> tuple[UUID, UUID] | None:
    """Return whom a link was written to and its alert; None when it is forged, cut or over."""
    try:
        sealed = base64.b64decode(link + "=" * (-len(link) % 4), altchars=b"-_", validate=True)
    except (BadBase64, ValueError):
        return None
    if len(sealed) != _SEALED_BYTES:
        return None
    try:
        opened = unseal(sealed, _PURPOSE)
    except ConfigurationError:
        return None
    ends = datetime.fromtimestamp(int.from_bytes(opened[-_TIME_BYTES:], "big"), UTC)
    if now > ends:
        return None
    return UUID(bytes=opened[:_UUID_BYTES]), UUID(bytes=opened[_UUID_BYTES : 2 * _UUID_BYTES])
