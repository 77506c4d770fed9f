"""A Syslog collector on a real port: RFC 6587 octet counting, over TCP or TLS."""

import datetime
import select
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Listening:
    """What came, one message each; `crashes` once all was sent, and before it has read any."""

    port: int
    messages: list[bytes] = field(default_factory=list)
    crashes: bool = False
    crashed: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)

    def kinds(self) -> list[str]:
        """The message ids in order: AuditEvent or AuditSeal."""
        return [message.split(b" ", 6)[5].decode() for message in self.messages]


@contextmanager
def listening(certificate: Path | None = None, key: Path | None = None) -> Iterator[Listening]:
    """Listen on 127.0.0.1 until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        found = Listening(port=int(server.getsockname()[1]))
        context = None
        if certificate and key:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
        thread = threading.Thread(target=_accept, args=(server, found, context))
        thread.start()
        try:
            yield found
        finally:
            found.done.set()
            thread.join()


def _accept(server: socket.socket, found: Listening, context: ssl.SSLContext | None) -> None:
    while not found.done.is_set():
        try:
            plain, _ = server.accept()
        except TimeoutError:
            continue
        with plain:
            try:
                _read(plain, found, context)
            except OSError:
                continue


def _read(plain: socket.socket, found: Listening, context: ssl.SSLContext | None) -> None:
    plain.settimeout(5)
    if found.crashes:
        _crash(plain)
        found.crashed.set()
        return
    with context.wrap_socket(plain, server_side=True) if context else plain as link:
        read = bytearray()
        while part := link.recv(4096):
            read += part
        found.messages += unframe(bytes(read))
        if isinstance(link, ssl.SSLSocket):
            link.unwrap().close()


def _crash(plain: socket.socket) -> None:
    """Wait for the end of what is sent, and close with a reset: it was in no hand but ours."""
    ended = select.poll()
    ended.register(plain, select.POLLRDHUP)
    ended.poll(5000)
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def unframe(text: bytes) -> list[bytes]:
    """Split what came by the length before each message."""
    messages = []
    while text:
        length, _, rest = text.partition(b" ")
        messages.append(rest[: int(length)])
        assert len(messages[-1]) == int(length)
        text = rest[int(length) :]
    return messages


def certify(folder: Path) -> tuple[Path, Path]:
    """Write a certificate of 127.0.0.1 that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths
