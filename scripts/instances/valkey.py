"""Valkey: the queue of the workers."""

import signal

from instances.inside import Inside
from instances.place import REPOSITORY
from instances.probe import valkey_answers

STOP = signal.SIGTERM


def prepare(inside: Inside, values: dict[str, str]) -> None:
    """Lay out the configuration; the password stands in the file, not on the command line."""
    inside.make_folder()
    settings = (REPOSITORY / "deploy/valkey/valkey.conf").read_text()
    own = f"bind 127.0.0.1\nport {values['valkey_port']}\ndir {inside.path}\ndaemonize no\n"
    inside.put("valkey.conf", f"{settings}{own}requirepass {values['valkey_password']}\n")


def command(inside: Inside, values: dict[str, str]) -> list[str]:
    return inside.as_user("/usr/bin/valkey-server", f"{inside.path}/valkey.conf")


def answers(inside: Inside, values: dict[str, str]) -> bool:
    return valkey_answers("127.0.0.1", int(values["valkey_port"]), values["valkey_password"])


def finish(inside: Inside, values: dict[str, str]) -> None:
    """Nothing is left to do once it answers."""
