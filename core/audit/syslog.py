"""An event, or a seal, as a Syslog message, and the way it goes to a collector.

Format: RFC 5424, facility 13 (log audit), the FHIR AuditEvent as the text. Way: TCP or TLS with
octet counting (RFC 5425 §4.3, RFC 6587 §3.4.1). TCP says nothing of what the other side has read,
so a batch counts as taken only when the collector has closed its side after ours.
"""

import json
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from core.audit.events import Event, Seal
from core.errors import ConfigurationError

FACILITY: Final = 13
NOTICE, WARNING = 5, 4
CONNECT_SECONDS: Final = 5.0
SEND_SECONDS: Final = 15.0
"""A collector that takes longer is not waited for: the batch is sent again later."""
_BOM: Final = b"\xef\xbb\xbf"
_NOT_PRINTABLE: Final = re.compile(r"[^\x21-\x7e]")
_MOST_SEQUENCE: Final = 2147483647


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """Where Syslog messages go."""

    host: str
    port: int
    tls: bool
    ca: Path | None = None


def parse_collector(url: str, ca: Path | None = None) -> Collector:
    """Return the collector of `tcp://host:port` or `tls://host:port`; ConfigurationError else."""
    parts = urlsplit(url)
    default = {"tcp": 514, "tls": 6514}.get(parts.scheme)
    if default is None or not parts.hostname:
        raise ConfigurationError(
            f"not a Syslog collector: {url!r}; tcp://host:514, tls://host:6514"
        )
    return Collector(
        host=parts.hostname, port=parts.port or default, tls=parts.scheme == "tls", ca=ca
    )


def event_message(event: Event, resource: dict[str, Any], host: str) -> bytes:
    """Return the message of an event; `resource` is its AuditEvent."""
    severity = WARNING if event.outcome == "refused" else NOTICE
    sequence = (event.id - 1) % _MOST_SEQUENCE + 1
    return _message(severity, event.at, host, event.source, "AuditEvent", _json(resource), sequence)


def seal_message(seal: Seal, host: str) -> bytes:
    """Return the message of a seal: the collector then holds the heads of the chain too."""
    said = {
        "seal": seal.id,
        "chain": seal.chain,
        "before_xid": seal.before_xid,
        "count": seal.count,
        "digest": seal.digest.hex(),
    }
    sequence = (seal.id - 1) % _MOST_SEQUENCE + 1
    return _message(NOTICE, seal.sealed_at, host, "sealer", "AuditSeal", _json(said), sequence)


def _json(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _message(
    severity: int, at: datetime, host: str, process: str, kind: str, text: str, sequence: int
) -> bytes:
    priority = FACILITY * 8 + severity
    instant = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    head = (
        f"<{priority}>1 {instant} {_word(host, 255)} chevet {_word(process, 128)} {kind} "
        f'[meta sequenceId="{sequence}"] '
    )
    return head.encode() + _BOM + text.encode()


def _word(text: str, most: int) -> str:
    return _NOT_PRINTABLE.sub("_", text)[:most] or "-"


def framed(message: bytes) -> bytes:
    """Return the message with its length before it."""
    return str(len(message)).encode() + b" " + message


class Link:
    """An open connection to a collector."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def send(self, message: bytes) -> None:
        """Send one message; OSError when the collector does not take it in time."""
        self._sock.sendall(framed(message))


@contextmanager
def connected(collector: Collector) -> Iterator[Link]:
    """Connect, and when all is sent wait until the collector has closed too; OSError otherwise."""
    address = (collector.host, collector.port)
    with socket.create_connection(address, timeout=CONNECT_SECONDS) as plain:
        plain.settimeout(SEND_SECONDS)
        if not collector.tls:
            yield Link(plain)
            plain.shutdown(socket.SHUT_WR)
            _wait_for_end(plain)
            return
        context = ssl.create_default_context(cafile=str(collector.ca) if collector.ca else None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        with context.wrap_socket(plain, server_hostname=collector.host) as secure:
            yield Link(secure)
            # close_notify both ways: the collector has read all that came before ours.
            secure.unwrap()


def _wait_for_end(sock: socket.socket) -> None:
    while sock.recv(4096):
        pass
