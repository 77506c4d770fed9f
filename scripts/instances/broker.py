"""Mosquitto with TLS, one credential per gateway, and access by pattern."""

import base64
import hashlib
import re
import secrets
import signal

from instances.inside import Inside
from instances.place import REPOSITORY, Instance, ServicesError
from instances.probe import broker_accepts, port_answers
from instances.process import running_pid, send, wait_for

STOP = signal.SIGTERM
ITERATIONS = 1000  # the passwords are random and 192 bits long: stretching adds nothing


def prepare(inside: Inside, values: dict[str, str]) -> None:
    """Lay out configuration and certificates; the passwords of gateways are kept."""
    inside.make_folder()
    listener = f"listener {values['mosquitto_port']} 127.0.0.1"
    settings = (REPOSITORY / "deploy/mosquitto/mosquitto.conf").read_text()
    settings = settings.replace("listener 8883", listener)
    for folder in ("tls", "config", "data"):
        settings = settings.replace(f"/mosquitto/{folder}/", f"{inside.path}/")
    inside.put("mosquitto.conf", settings)
    inside.put_copy("acl", REPOSITORY / "deploy/mosquitto/acl")
    for name in ("server.crt", "server.key"):
        inside.put_copy(name, inside.instance.certificates / name)
    store_password(inside, "ingest", values["broker_password"])


def command(inside: Inside, values: dict[str, str]) -> list[str]:
    return inside.as_user("/usr/sbin/mosquitto", "-c", f"{inside.path}/mosquitto.conf")


def answers(inside: Inside, values: dict[str, str]) -> bool:
    """Does it let the platform's own user in?"""
    return accepts(inside.instance, values, "ingest", values["broker_password"])


def finish(inside: Inside, values: dict[str, str]) -> None:
    """Nothing is left to do once it answers."""


def accepts(instance: Instance, values: dict[str, str], user: str, password: str) -> bool:
    port = int(values["mosquitto_port"])
    return broker_accepts("127.0.0.1", port, instance.certificates / "ca.crt", user, password)


def renew_credential(inside: Inside, values: dict[str, str], gateway: str) -> str:
    """Give the gateway a new password; a running broker is told, and has taken it on return."""
    password = new_password(gateway)
    store_password(inside, gateway, password)
    pid = running_pid(inside.instance, "mosquitto")
    if pid is not None and port_answers("127.0.0.1", int(values["mosquitto_port"])):
        send(pid, signal.SIGHUP)
        if not wait_for(lambda: accepts(inside.instance, values, gateway, password), 10):
            raise ServicesError(f"the broker does not take the new password of {gateway}")
    return password


def new_password(gateway: str) -> str:
    """A random password for a gateway whose name fits into a topic and is nobody else's."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", gateway) or gateway == "ingest":
        raise ServicesError(f"not a name for a gateway: {gateway!r}")
    return secrets.token_hex(24)


def store_password(inside: Inside, user: str, password: str) -> None:
    """Replace the user's line in the password file."""
    path = inside.folder / "passwords"
    before = path.read_text() if path.is_file() else ""
    inside.put("passwords", with_password(before, user, password))


def with_password(before: str, user: str, password: str) -> str:
    """The text of the password file with that user's line made or replaced."""
    kept = [line for line in before.splitlines() if not line.startswith(f"{user}:")]
    return "".join(f"{line}\n" for line in (*kept, password_line(user, password)))


def password_line(user: str, password: str) -> str:
    """One line as mosquitto_passwd writes it: PBKDF2-HMAC-SHA512, `$7$iterations$salt$hash`."""
    salt = secrets.token_bytes(12)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    encoded = (base64.b64encode(part).decode() for part in (salt, digest))
    return f"{user}:$7${ITERATIONS}$" + "$".join(encoded)
