"""What must be read again but not by whoever steals the database: sealed with the service's key.

AES-256-GCM (NIST SP 800-38D), a random nonce of 96 bits before each text. Short codes are kept as
keyed digests (HMAC-SHA-256, RFC 2104): without the key a code of six digits cannot be tried out.
"""

import base64
import hashlib
import hmac
import os
from binascii import Error as BadBase64
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import ConfigurationError
from core.settings import settings

KEY_BYTES: Final = 32
KEY_COMMAND: Final = "openssl rand -base64 32 | tr '+/' '-_'"
WHAT_A_KEY_IS: Final = f"32 random bytes in URL-safe base64; make one: {KEY_COMMAND}"
_NONCE_BYTES: Final = 12
SEALED: Final = "sealed:"
"""How a sealed text in a column of texts begins."""


def seal(secret: bytes, purpose: str) -> bytes:
    """Return `secret` sealed; only `unseal` with the same purpose opens it."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(_key()).encrypt(nonce, secret, purpose.encode())


def unseal(sealed: bytes, purpose: str) -> bytes:
    """Return what was sealed; ConfigurationError when the key or the purpose is another."""
    try:
        return AESGCM(_key()).decrypt(
            sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode()
        )
    except InvalidTag:
        raise ConfigurationError(
            "A secret was sealed with another CHEVET_SEALING_KEY: give back the one it had."
        ) from None


def seal_text(text: str, purpose: str) -> str:
    """Return a text sealed, as a text."""
    return SEALED + base64.urlsafe_b64encode(seal(text.encode(), purpose)).decode()


def unseal_text(text: str, purpose: str) -> str:
    """Return the text that was sealed; one that was not sealed is returned as it is."""
    if not text.startswith(SEALED):
        return text
    return unseal(base64.urlsafe_b64decode(text.removeprefix(SEALED)), purpose).decode()


def keyed_digest(text: str, purpose: str) -> bytes:
    """Return the 32 bytes by which a code is recognised and from which it cannot be found."""
    return hmac.new(_key(), f"{purpose}\0{text}".encode(), hashlib.sha256).digest()


def usable_key(text: str) -> bytes | None:
    """Return the key a setting holds; None when it is not 32 bytes in base64."""
    try:
        key = base64.urlsafe_b64decode(text)
    except (BadBase64, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


def key_of_objects() -> bytes:
    """Return the key of kept files: its own setting, else drawn from that of the service."""
    if settings().objects_key:
        key = usable_key(settings().objects_key)
        if key is None:
            raise ConfigurationError(f"CHEVET_OBJECTS_KEY must be {WHAT_A_KEY_IS}")
        return key
    derive = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"chevet objects 1")
    return derive.derive(_key())


def _key() -> bytes:
    key = usable_key(settings().sealing_key)
    if key is None:
        raise ConfigurationError(f"CHEVET_SEALING_KEY must be {WHAT_A_KEY_IS}")
    return key
