"""The encrypted file: AES-256-GCM in chunks, for an X25519 key the server does not hold.

An ephemeral key and the recipient's public key give a secret (X25519), the secret a file key
(HKDF-SHA256), the file key chunks of one mebibyte. Each chunk's nonce holds its number and whether
it is the last (STREAM: Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015), each is bound to the
header: a chunk flipped, moved, left out or cut off is refused. A stolen server reads no backup.
What this does not say is who made the file: anybody with the public key can make one. The audit
chain inside, held against anchors kept elsewhere, says that.
"""

import hashlib
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import BackupError

MAGIC: Final = b"chevet-backup-1\n"
CHUNK_BYTES: Final = 1024 * 1024
_TAG_BYTES: Final = 16
_MOST_HEADER_BYTES: Final = 4096
_PUBLIC, _PRIVATE = "chevet-backup-public ", "chevet-backup-private "


def make_keys(private: Path) -> Path:
    """Write a private key, and its public half beside it; return where the public one is.

    BackupError when one of the files exists.
    """
    public = private.with_name(private.name + ".pub")
    key = X25519PrivateKey.generate()
    try:
        _write_new(private, _PRIVATE + _text(key.private_bytes_raw()), 0o600)
        _write_new(public, _PUBLIC + _text(key.public_key().public_bytes_raw()), 0o644)
    except FileExistsError as error:
        raise BackupError(f"{error.filename} exists: a key is never written over") from None
    return public


def _write_new(path: Path, line: str, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def load_public(path: Path) -> X25519PublicKey:
    """Return the key backups are encrypted for; BackupError when the file holds none."""
    return X25519PublicKey.from_public_bytes(_load(path, _PUBLIC))


def load_private(path: Path) -> X25519PrivateKey:
    """Return the key that opens backups; BackupError when the file holds none."""
    return X25519PrivateKey.from_private_bytes(_load(path, _PRIVATE))


def _load(path: Path, prefix: str) -> bytes:
    try:
        line = path.read_text(encoding="ascii").strip()
        raw = b64decode(line.removeprefix(prefix), validate=True)
    except (OSError, ValueError) as error:
        raise BackupError(f"no key can be read from {path}: {type(error).__name__}") from None
    if not line.startswith(prefix) or len(raw) != 32:
        raise BackupError(f"{path} holds no {prefix.strip()} key")
    return raw


def fingerprint(key: X25519PublicKey) -> str:
    """Return 16 hexadecimal digits that name a public key."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


class Sealer:
    """Encrypts what is written to it into `file`; `close` writes the chunk that says it is all."""

    def __init__(self, file: BinaryIO, recipient: X25519PublicKey) -> None:
        ephemeral = X25519PrivateKey.generate()
        said = {
            "recipient": fingerprint(recipient),
            "ephemeral": _text(ephemeral.public_key().public_bytes_raw()),
            "nonce": _text(os.urandom(7)),
        }
        header = json.dumps(said).encode()
        self._file = file
        self._cipher = _Cipher(ephemeral.exchange(recipient), header, said["nonce"])
        self._left = bytearray()
        file.write(MAGIC + len(header).to_bytes(4, "big") + header)

    def write(self, data: bytes) -> None:
        """Take more; a chunk leaves when it is certain that it is not the last."""
        self._left += data
        while len(self._left) > CHUNK_BYTES:
            self._file.write(self._cipher.seal(bytes(self._left[:CHUNK_BYTES]), last=False))
            del self._left[:CHUNK_BYTES]

    def close(self) -> None:
        """Write the last chunk, empty if need be."""
        self._file.write(self._cipher.seal(bytes(self._left), last=True))


def opened(file: BinaryIO, key: X25519PrivateKey) -> Iterator[bytes]:
    """Yield what a file holds, chunk by chunk.

    BackupError for another key, and for a file that was cut, changed or put together anew. A chunk
    that is yielded is genuine; that the file is whole is known only at the end.
    """
    cipher = _read_header(file, key)
    block = file.read(CHUNK_BYTES + _TAG_BYTES)
    while True:
        following = file.read(CHUNK_BYTES + _TAG_BYTES)
        yield cipher.open(block, last=not following)
        if not following:
            return
        block = following


def _read_header(file: BinaryIO, key: X25519PrivateKey) -> "_Cipher":
    if file.read(len(MAGIC)) != MAGIC:
        raise BackupError("this is no backup of Chevet, or its beginning was changed")
    size = int.from_bytes(file.read(4), "big")
    header = file.read(min(size, _MOST_HEADER_BYTES))
    try:
        said = json.loads(header)
        recipient, nonce = str(said["recipient"]), str(said["nonce"])
        ephemeral = X25519PublicKey.from_public_bytes(b64decode(said["ephemeral"]))
        if recipient != fingerprint(key.public_key()):
            raise BackupError(
                f"this backup is for the key {recipient}, not for {fingerprint(key.public_key())}"
            )
        return _Cipher(key.exchange(ephemeral), header, nonce)
    except (ValueError, KeyError, TypeError):
        raise BackupError("the head of the backup was cut or changed") from None


class _Cipher:
    """Numbers, seals and opens the chunks of one file."""

    def __init__(self, secret: bytes, header: bytes, nonce: str) -> None:
        self._bound = hashlib.sha256(MAGIC + header).digest()
        derive = HKDF(algorithm=SHA256(), length=32, salt=self._bound, info=b"chevet backup 1")
        self._aead = AESGCM(derive.derive(secret))
        self._prefix = b64decode(nonce)
        self._number = 0
        if len(self._prefix) != 7:
            raise ValueError("a nonce of another length")

    def seal(self, chunk: bytes, *, last: bool) -> bytes:
        """Return the next chunk encrypted."""
        return self._aead.encrypt(self._next_nonce(last), chunk, self._bound)

    def open(self, block: bytes, *, last: bool) -> bytes:
        """Return the next chunk in clear; BackupError when it is not what was sealed."""
        number = self._number
        try:
            return self._aead.decrypt(self._next_nonce(last), block, self._bound)
        except (InvalidTag, ValueError):
            raise BackupError(
                f"the backup was changed or cut at chunk {number}: nothing of it is used"
            ) from None

    def _next_nonce(self, last: bool) -> bytes:
        number, self._number = self._number, self._number + 1
        return self._prefix + number.to_bytes(4, "big") + bytes([last])


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
