"""Services started from the Debian 13 root by chroot, as unprivileged users, on loopback.

Their data lies inside the root, under /srv/chevet/<instance>, so that nothing of the machine's
need be mounted and removing the state folder cannot reach beyond it. The databases of tests lie
there too, on a tmpfs when there is memory for it.
"""

import os
import shutil
import signal
from dataclasses import dataclass
from typing import Protocol

from instances import broker, in_memory, postgres, valkey
from instances.certificates import make_certificates
from instances.debian_root import ROOT, ensure_root
from instances.inside import Inside
from instances.place import (
    SERVICES,
    Instance,
    ServicesError,
    addresses,
    load_or_make_values,
    locked,
    read_values,
    remove_folder,
    write_values,
)
from instances.process import kill, launch, running_pid, stop, wait_until_answers


class Kind(Protocol):
    """What a module of one kind of service gives."""

    STOP: signal.Signals

    def prepare(self, inside: Inside, values: dict[str, str]) -> None: ...
    def command(self, inside: Inside, values: dict[str, str]) -> list[str]: ...
    def answers(self, inside: Inside, values: dict[str, str]) -> bool: ...
    def finish(self, inside: Inside, values: dict[str, str]) -> None: ...


KINDS: dict[str, Kind] = {"postgres": postgres, "mosquitto": broker, "valkey": valkey}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """The services of one instance in the sandbox."""

    instance: Instance

    def up(self) -> None:
        """Bring up what is not up; what already answers is left alone."""
        require_root()
        ensure_root()
        self.instance.make_folders()
        with locked("ports"):
            running = [each for each in SERVICES if running_pid(self.instance, each) is not None]
            values = load_or_make_values(self.instance, running)
        make_certificates(self.instance.certificates)
        for service in SERVICES:
            self.start(service)
        database = self._inside("postgres")
        tools = {"CHEVET_PG_BIN": str(postgres.write_tools(database))}
        where = {"CHEVET_IN_MEMORY": "yes"} if in_memory.holds(database.folder) else {}
        given = {**addresses(self.instance, values), **tools, **where}
        write_values(self.instance.env_file, given)

    def start(self, service: str) -> None:
        """Start one service and wait until it answers; a running one is only waited for."""
        require_root()
        kind, inside, values = KINDS[service], self._inside(service), self._values()
        if running_pid(self.instance, service) is None:
            kind.prepare(inside, values)
            launch(self.instance, service, kind.command(inside, values))
        wait_until_answers(self.instance, service, lambda: kind.answers(inside, values))
        kind.finish(inside, values)

    def stop(self, service: str) -> None:
        """End one service as its administrator would."""
        require_root()
        stop(self.instance, service, KINDS[service].STOP)

    def kill(self, service: str) -> None:
        """End one service as a power cut would."""
        require_root()
        kill(self.instance, service)

    def down(self) -> None:
        """End all services; their data stay for the next time."""
        for service in reversed(SERVICES):
            self.stop(service)

    def status(self) -> list[tuple[str, str, str]]:
        """Rows of service, address, state; a state of `answers` is the good one."""
        values = self._values()
        places = ((each, f"127.0.0.1:{values[f'{each}_port']}") for each in SERVICES)
        return [(each, address, self._state(each)) for each, address in places]

    def gateway(self, name: str) -> str:
        """Make or renew the broker's credential of one gateway; returns the password."""
        require_root()
        return broker.renew_credential(self._inside("mosquitto"), self._values(), name)

    def remove(self) -> None:
        """End all services and forget everything of this instance."""
        self.down()
        in_memory.give_back(self._inside("postgres").folder)
        shutil.rmtree(ROOT / "srv" / "chevet" / self.instance.name, ignore_errors=True)
        remove_folder(self.instance)

    def _state(self, service: str) -> str:
        if running_pid(self.instance, service) is None:
            return "down"
        answers = KINDS[service].answers(self._inside(service), self._values())
        return "answers" if answers else "silent"

    def _inside(self, service: str) -> Inside:
        return Inside(instance=self.instance, service=service, root=ROOT)

    def _values(self) -> dict[str, str]:
        values = read_values(self.instance.folder / "secrets")
        if not values:
            raise ServicesError(f"instance {self.instance.name} was never brought up")
        return values


def require_root() -> None:
    if os.geteuid() != 0:
        raise ServicesError("the sandbox needs root: run as root, or install sudo")
