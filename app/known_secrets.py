"""What stands in the repository for everybody to read, and therefore is nobody's secret.

A default key that was published is a key everybody has (ThingsBoard, CVE-2023-26462). In a
checkout the files are read; the wheel carries the digests of what they hold, made when it is
built. Nothing but the standard library: the build imports this file.
"""

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

SHORTEST: Final = 16
"""Characters a secret has at least (proposed: 64 bits in hex, and people choose no such keys).

Shorter ones are refused anyway, so shorter words of the repository need no digest.
"""
DIGEST_BYTES: Final = 8
LIST_NAME: Final = "known_secrets.bin"
_SKIPPED: Final = frozenset({"__pycache__", "dist", "build", "node_modules"})
_MOST_BYTES: Final = 1_000_000
_WORD: Final = re.compile(r"""[^\s"'`<>()\[\]{},;|\\]+""")
_PIECE: Final = re.compile(r"[^=:@/?&]+")
_QUOTED: Final = re.compile(r"""(["'`])((?:(?!\1)[^\n]){16,200})\1""")


def literals(text: str) -> Iterator[str]:
    """Yield all that could be somebody's secret: words, pieces of addresses, quoted texts."""
    for word in _WORD.findall(text):
        if len(word) >= SHORTEST:
            yield word
            yield from (piece for piece in _PIECE.findall(word) if len(piece) >= SHORTEST)
    for _, quoted in _QUOTED.findall(text):
        yield quoted


def digest_of(literal: str) -> bytes:
    """Return the digest by which a literal is known."""
    return hashlib.sha256(literal.encode()).digest()[:DIGEST_BYTES]


@lru_cache
def read_repository(root: Path) -> frozenset[bytes]:
    """Return the digests of everything written in the text files under `root`."""
    known = set[bytes]()
    for path in _files(root):
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError):
            continue
        known.update(digest_of(literal) for literal in literals(text))
    return frozenset(known)


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.iterdir()):
        if path.is_symlink() or path.name in _SKIPPED:
            continue
        if path.is_dir():
            if not path.name.startswith("."):
                yield from _files(path)
        elif path.stat().st_size <= _MOST_BYTES:
            yield path


def write_list(root: Path, target: Path) -> None:
    """Write the digests of a repository into the file that the wheel carries."""
    target.write_bytes(b"".join(sorted(read_repository(root))))


def known_digests(package: Path) -> frozenset[bytes] | None:
    """Return what is known: the wheel's list, else the checkout's files; None without either.

    `package` is the folder of `app`.
    """
    listed = package / LIST_NAME
    if listed.is_file():
        raw = listed.read_bytes()
        return frozenset(raw[at : at + DIGEST_BYTES] for at in range(0, len(raw), DIGEST_BYTES))
    root = package.parent
    return read_repository(root) if (root / "pyproject.toml").is_file() else None
