"""Does it answer? One small question to each kind of service, over the wire it serves."""

import contextlib
import socket
import ssl
import struct
from pathlib import Path

PATIENCE_S = 3.0


def port_answers(host: str, port: int) -> bool:
    """Does somebody accept connections there?"""
    with contextlib.suppress(OSError), socket.create_connection((host, port), PATIENCE_S):
        return True
    return False


def broker_accepts(host: str, port: int, ca: Path, user: str, password: str) -> bool:
    """Does the broker accept this user over TLS? (MQTT 3.1.1: CONNECT, then CONNACK 0.)"""
    fields = (b"", user.encode(), password.encode())  # an empty client id: the broker makes one
    payload = b"".join(struct.pack(">H", len(field)) + field for field in fields)
    body = b"\x00\x04MQTT\x04\xc2\x00\x05" + payload  # user, password, clean session; 5 s
    with (
        contextlib.suppress(OSError),
        socket.create_connection((host, port), PATIENCE_S) as plain,
        ssl.create_default_context(cafile=str(ca)).wrap_socket(plain, server_hostname=host) as tls,
    ):
        tls.sendall(b"\x10" + bytes([len(body)]) + body)
        return tls.recv(4) == b"\x20\x02\x00\x00"
    return False


def valkey_answers(host: str, port: int, password: str) -> bool:
    """Does it take the password and answer PING? (It refuses while it loads its file.)"""
    with (
        contextlib.suppress(OSError),
        socket.create_connection((host, port), PATIENCE_S) as wire,
    ):
        wire.sendall(f"AUTH {password}\r\nPING\r\n".encode())
        said = b""
        while said.count(b"\r\n") < 2 and (more := wire.recv(256)):
            said += more
        return said == b"+OK\r\n+PONG\r\n"
    return False
