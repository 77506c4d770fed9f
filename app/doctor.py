"""Says what runs, in which version and under which licence, and what is wrong with it."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import distributions

import psycopg
import redis

from app.model_gauges import age_seconds, load_watched
from app.startup import find_faults
from coordination.reaching.service import followed_departments
from core import clock
from core.doors import Service, serving
from core.heartbeat import last_beats
from core.settings import settings
from core.sqlfile import load_queries

_EDITIONS = {"apache": "Apache-2.0 edition", "timescale": "Community edition (Timescale License)"}
LOOK_LATE_SECONDS = 2 * 6 * 3600
"""A look that is due every six hours is amiss after two of them (proposed)."""
_QUIET_SECONDS = {"ingest": 30, "sentinel": 30, "auditor": 90}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: its name, what was found, and whether it is as it must be."""

    name: str
    found: str
    well: bool


def examine(echo: Callable[[str], None]) -> int:
    """Print every finding; return 0 when all is well."""
    findings = [*_configuration(), *_services(), *_processes(), *model_findings(), *samu_numbers(),
                *_libraries()]  # fmt: skip
    for finding in findings:
        echo(f"{'ok ' if finding.well else 'BAD'}  {finding.name:<22} {finding.found}")
    return 0 if all(finding.well for finding in findings) else 1


def _configuration() -> Iterator[Finding]:
    wanted = settings()
    faults = list(find_faults(wanted))
    for fault in faults:
        yield Finding(f"CHEVET_{fault.setting.upper()}", fault.words, not fault.grave)
    if not faults:
        yield Finding("settings", f"profile {wanted.profile}: nothing unsafe was found", True)


def _services() -> Iterator[Finding]:
    for name, probe in (
        ("PostgreSQL", _postgresql),
        ("TimescaleDB", _timescaledb),
        ("durability", _durability),
        ("MQTT broker", _broker),
        ("Valkey", _valkey),
        ("SMTP relay", _smtp),
    ):
        try:
            yield Finding(name, probe(), True)
        except (
            Exception,
            SystemExit,
        ) as error:  # every failure of a probe is a finding, not a crash
            yield Finding(name, f"{type(error).__name__}: {error}".splitlines()[0], False)


def _ask(name: str) -> tuple[str, ...]:
    with serving(Service.HEARTBEAT) as conn:
        row = conn.execute(load_queries("app")[name]).fetchone()
        if row is None:
            raise psycopg.DataError("no answer")
        return tuple(str(field) for field in row)


def _postgresql() -> str:
    return f"{_ask('doctor_postgresql')[0]}, PostgreSQL Licence"


def _timescaledb() -> str:
    version, licence = _ask("doctor_timescaledb")
    return f"{version}, {_EDITIONS.get(licence, licence)}"


def _durability() -> str:
    values = _ask("doctor_durability")
    if "off" in values:
        raise psycopg.DataError("confirmed readings may be lost: a durability setting is off")
    return "fsync {}, full_page_writes {}, synchronous_commit {}".format(*values)


def _broker() -> str:
    wanted = settings()
    context = ssl.create_default_context(cafile=str(wanted.mqtt_ca) if wanted.mqtt_ca else None)
    address = (wanted.mqtt_host, wanted.mqtt_port)
    with (
        socket.create_connection(address, timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=wanted.mqtt_host) as secure,
    ):
        return f"answers over {secure.version()} at {wanted.mqtt_host}:{wanted.mqtt_port}"


def _valkey() -> str:
    with redis.Redis.from_url(settings().redis_url, socket_timeout=5) as client:
        info = client.info("server")
    return f"{info.get('valkey_version') or info.get('redis_version')}, BSD-3-Clause"


def _smtp() -> str:
    with smtplib.SMTP(settings().smtp_host, settings().smtp_port, timeout=5) as relay:
        code, _ = relay.noop()
    return f"answers {code} at {settings().smtp_host}:{settings().smtp_port}"


def _processes() -> Iterator[Finding]:
    try:
        with serving(Service.HEARTBEAT) as conn:
            beats = {beat.process: beat.at for beat in last_beats(conn)}
    except (psycopg.Error, SystemExit):
        return
    for process in ("ingest", "sentinel", "auditor"):
        at = beats.get(process)
        if at is None:
            yield Finding(process, "never seen", False)
            continue
        age = (clock.now() - at).total_seconds()
        yield Finding(process, f"last sign of life {age:.0f} s ago", age < _QUIET_SECONDS[process])


def model_findings() -> Iterator[Finding]:
    try:
        found = load_watched()
    except (psycopg.Error, SystemExit):
        return
    age = age_seconds(found, clock.now())
    if found.version is None or age is None:
        said = "none in use: the rules speak alone"
        if found.stands:
            said += "; the newest look took it back"
        yield Finding("model", said, True)
        return
    if found.last_look is None:
        said = f"{found.version}, in use for {age / 3600:.0f} h, nobody has looked since"
    else:
        said = f"{found.version}, looked at {age / 3600:.0f} h ago: {found.verdict}"
    yield Finding("model", said, age < LOOK_LATE_SECONDS)


def samu_numbers() -> Iterator[Finding]:
    """Yield which followed patients could not be told to a SAMU by its ten digits."""
    try:
        followed = followed_departments()
    except (psycopg.Error, SystemExit):
        return
    numbers = settings().samu()
    lacking = [one for one in followed if one.department and one.department not in numbers]
    unknown = sum(one.patients for one in followed if not one.department)
    for one in lacking:
        found = f"no number of the SAMU {one.department}; patients followed there: {one.patients}"
        yield Finding("CHEVET_SAMU_NUMBERS", found, False)
    if unknown:
        found = f"patients followed whose département nobody has said: {unknown}"
        yield Finding("home sheets", found, True)
    if not lacking and not unknown:
        yield Finding("SAMU numbers", f"of {len(numbers)} départements; none is missing", True)


def _libraries() -> Iterator[Finding]:
    wanted = {"bleak", "celery", "dash", "fastapi", "paho-mqtt", "plotly", "psycopg", "pandas"}
    for found in sorted(distributions(), key=lambda one: one.name.lower()):
        if found.name.lower() in wanted:
            said = found.metadata.json
            licence = said.get("license_expression") or said.get("license") or "see its files"
            line = str(licence).splitlines()[0][:40]
            yield Finding(found.name, f"{found.version}, {line}", True)
