"""Where files are kept: put, get, delete, exists, over a folder; each object is sealed alone.

The database holds what an object is and its SHA-256, this folder holds the bytes, and the key of
both is a setting: whoever steals one of the three reads nothing. An object is AES-256-GCM (NIST SP
800-38D) under a key of its own, which is sealed in the same way under the key of the service; both
are bound to the name of the object, so that one put in the place of another is refused.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.sealing import key_of_objects
from core.settings import settings

MAGIC: Final = b"chevet-object-1\n"
_NONCE: Final = 12
_WRAPPED: Final = 32 + 16
_FOLDER_MODE: Final = 0o700


@dataclass(frozen=True, slots=True)
class Missing:
    """No object has that name."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """The bytes are not those that were kept, or were kept under another key."""


class Place(Protocol):
    """Where sealed objects lie; an object store of the network answers the same four words."""

    def put(self, name: UUID, sealed: bytes) -> None:
        """Keep an object, whole or not at all, safe when this returns."""

    def get(self, name: UUID) -> bytes | None:
        """Return an object, None when there is none."""

    def delete(self, name: UUID) -> None:
        """Forget an object; nothing happens when there is none."""

    def exists(self, name: UUID) -> bool:
        """Whether there is such an object."""


class Folder:
    """A folder of this machine, or one that is mounted: a file for each object."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _path(self, name: UUID) -> Path:
        digest = hashlib.sha256(name.bytes).hexdigest()
        return self._root / digest[:2] / name.hex

    def put(self, name: UUID, sealed: bytes) -> None:
        """Write beside, sync, rename: a crash leaves the whole object or none, its folder too."""
        path = self._path(name)
        path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
        _sync(path.parent)
        _sync(self._root)

    def get(self, name: UUID) -> bytes | None:
        """Return an object, None when there is none."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, name: UUID) -> None:
        """Forget an object; nothing happens when there is none."""
        self._path(name).unlink(missing_ok=True)

    def exists(self, name: UUID) -> bool:
        """Whether there is such an object."""
        return self._path(name).is_file()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def the_place() -> Place:
    """Return where this installation keeps its files."""
    return Folder(settings().objects_folder or settings().state_dir / "objects")


def digest_of(data: bytes) -> bytes:
    """Return the digest by which the database knows the bytes of an object."""
    return hashlib.sha256(data).digest()


def keep(name: UUID, data: bytes) -> bytes:
    """Seal and keep an object; return its digest. Its name is never used for another one."""
    the_place().put(name, _seal(name, data))
    return digest_of(data)


def fetch(name: UUID, digest: bytes) -> bytes | Missing | Damaged:
    """Return an object in clear, as long as it is the one with that digest."""
    sealed = the_place().get(name)
    if sealed is None:
        return Missing()
    data = _unseal(name, sealed)
    if data is None or digest_of(data) != digest:
        return Damaged()
    return data


def forget(name: UUID) -> None:
    """Take an object away for good."""
    the_place().delete(name)


def _seal(name: UUID, data: bytes) -> bytes:
    bound, own = MAGIC + name.bytes, AESGCM.generate_key(256)
    first, second = os.urandom(_NONCE), os.urandom(_NONCE)
    wrapped = AESGCM(key_of_objects()).encrypt(first, own, bound)
    return MAGIC + first + wrapped + second + AESGCM(own).encrypt(second, data, bound)


def _unseal(name: UUID, sealed: bytes) -> bytes | None:
    bound, at = MAGIC + name.bytes, len(MAGIC)
    first, wrapped = sealed[at : at + _NONCE], sealed[at + _NONCE : at + _NONCE + _WRAPPED]
    rest = sealed[at + _NONCE + _WRAPPED :]
    try:
        own = AESGCM(key_of_objects()).decrypt(first, wrapped, bound)
        return AESGCM(own).decrypt(rest[:_NONCE], rest[_NONCE:], bound)
    except (InvalidTag, ValueError):
        return None
