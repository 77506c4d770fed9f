"""Asks a clamd whether a file is known to be harmful: its INSTREAM command, over a socket.

https://docs.clamav.net/manual/Usage/Scanning.html#clamd
"""

import socket
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

_PATIENCE: Final = 10.0
_CHUNK: Final = 64 * 1024


class Verdict(StrEnum):
    """What the antivirus says."""

    CLEAN = "clean"
    FOUND = "found"
    NO_ANSWER = "no_answer"


def scan(address: str, data: bytes) -> Verdict:
    """Show a file to the antivirus at `tcp://host:port` or `unix:/path`."""
    try:
        with _connected(address) as way:
            way.sendall(b"zINSTREAM\0")
            for at in range(0, len(data), _CHUNK):
                part = data[at : at + _CHUNK]
                way.sendall(len(part).to_bytes(4, "big") + part)
            way.sendall(bytes(4))
            said = _read_all(way)
    except (OSError, ValueError):
        return Verdict.NO_ANSWER
    if said.endswith(b"FOUND"):
        return Verdict.FOUND
    return Verdict.CLEAN if said == b"stream: OK" else Verdict.NO_ANSWER


def _connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        way = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        way.settimeout(_PATIENCE)
        way.connect(parts.path)
        return way
    return socket.create_connection((parts.hostname or "", parts.port or 3310), _PATIENCE)


def _read_all(way: socket.socket) -> bytes:
    said = b""
    while len(said) < 4096:
        part = way.recv(4096)
        said += part
        if not part or said.endswith(b"\0"):
            break
    return said.strip(b"\0\n ")
