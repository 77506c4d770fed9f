"""The command `scripts/services`: which way the services are had, and what to do with them."""

import argparse
import os
import shutil
import subprocess
import sys

from instances.compose import Compose, compose_answers
from instances.debian_root import remove_root
from instances.given import Given, addresses_are_given
from instances.place import (
    REPOSITORY,
    SERVICES,
    STATE,
    Instance,
    ServicesError,
    known_instances,
    locked,
)
from instances.sandbox import Sandbox

Way = Given | Compose | Sandbox
WAYS: dict[str, type[Given] | type[Compose] | type[Sandbox]] = {
    "given": Given,
    "compose": Compose,
    "sandbox": Sandbox,
}


def main(arguments: list[str]) -> int:
    """Carry out one command; 0 when it worked, 1 with the reason on standard error when not."""
    options = parse(arguments)
    become_root_when_needed(arguments)
    try:
        return clean() if options.verb == "clean" else act(options)
    except ServicesError as reason:
        print(f"services: {reason}", file=sys.stderr)
        return 1


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/services", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, words in {
        "up": "bring up what is not up and wait until it answers",
        "down": "stop all services; their data stay",
        "status": "print a table; exit 0 only when everything answers",
        "remove": "stop all services and delete their data",
        "env": "print the path of the file of addresses",
        "clean": "remove every instance and the sandbox",
        "start": "start one service",
        "stop": "stop one service properly",
        "kill": "SIGKILL one service and its children",
        "gateway": "make or renew broker credentials; prints one password a line",
    }.items():
        one = verbs.add_parser(verb, help=words)
        if verb in ("start", "stop", "kill"):
            one.add_argument("service", choices=SERVICES)
        if verb == "gateway":
            one.add_argument("names", nargs="+", metavar="NAME")
        one.add_argument("--instance", default="dev", help="whose services (default: dev)")
    return parser.parse_args(arguments)


def become_root_when_needed(arguments: list[str]) -> None:
    """The sandbox needs root for chroot; with sudo that asks no question, take it."""
    if os.geteuid() == 0 or addresses_are_given() or compose_answers():
        return
    if (
        shutil.which("sudo")
        and subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0
    ):
        script = str(REPOSITORY / "scripts/services")
        os.execvp("sudo", ["sudo", "-n", "-E", script, *arguments])


def act(options: argparse.Namespace) -> int:
    """One verb on one instance, alone on it for as long as it takes."""
    instance = Instance(name=options.instance)
    if options.verb == "env":
        print(instance.env_file)
        return 0
    way = choose_way(instance, options.verb)
    if options.verb == "status":
        return show(way)
    with locked(f"instance-{instance.name}"):
        match options.verb:
            case "up":
                way.up()
                print(f"services of {instance.name} are up; addresses in {instance.env_file}")
            case "gateway":
                for name in options.names:
                    print(way.gateway(name))
            case "down" | "remove":
                getattr(way, options.verb)()
            case "start" | "stop" | "kill" as verb:
                getattr(way, verb)(options.service)
    return 0


def choose_way(instance: Instance, verb: str) -> Way:
    """The way recorded when the instance was brought up, else the first that is possible."""
    record = instance.folder / "way"
    if record.is_file() and not (verb == "up" and addresses_are_given()):
        return WAYS[record.read_text().strip()](instance=instance)
    if verb != "up":
        raise ServicesError(f"instance {instance.name} was never brought up")
    name = "given" if addresses_are_given() else "compose" if compose_answers() else "sandbox"
    instance.make_folders()
    record.write_text(f"{name}\n")
    return WAYS[name](instance=instance)


def show(way: Way) -> int:
    rows = way.status()
    for service, address, state in rows:
        print(f"{service:<12} {address:<22} {state}")
    return 0 if all(state == "answers" for _, _, state in rows) else 1


def clean() -> int:
    """Stop and remove every instance, then the sandbox and the whole folder of state."""
    for instance in known_instances():
        with locked(f"instance-{instance.name}"):
            choose_way(instance, "remove").remove()
    remove_root()
    if STATE.exists():
        shutil.rmtree(STATE)
    return 0
