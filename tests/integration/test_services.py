"""The services an instance gets: closed, durable, and able to come back after a SIGKILL."""

import contextlib
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.integration.trial import (
    INSTANCE,
    ROOT,
    Client,
    ask,
    gateway_password,
    read_env,
    services,
)

LOGINS = ("OWNER", "APP", "WORKER", "INGEST", "GATE")


@pytest.fixture(scope="module")
def env() -> Iterator[dict[str, str]]:
    """Addresses of an instance of these tests' own, gone afterwards."""
    services("up")
    try:
        yield read_env()
    finally:
        services("remove")


@pytest.fixture
def mended(env: dict[str, str]) -> Iterator[None]:
    """For a test that breaks a service: all are up again for the next one."""
    yield
    services("up")


@pytest.mark.parametrize("login", LOGINS)
def test_each_role_signs_in_and_has_no_power_over_others(env: dict[str, str], login: str) -> None:
    dsn = env[f"CHEVET_{login}_DSN"]
    powers = "rolsuper or rolcreaterole or rolbypassrls or rolreplication"
    query = f"select current_user || ' ' || ({powers}) || ' ' || rolcreatedb from pg_roles"
    expected = f"chevet_{login.lower()} false {str(login == 'OWNER').lower()}"
    assert ask(dsn, f"{query} where rolname = current_user") == expected
    member = "select count(*) from pg_auth_members m join pg_roles r on r.oid = m.member"
    assert ask(dsn, f"{member} where r.rolname = current_user") == 0


@pytest.mark.parametrize("login", LOGINS[1:])
def test_only_the_owner_may_create_anything(env: dict[str, str], login: str) -> None:
    for statement in ("create schema x", "create table public.x ()", "create database x"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(env[f"CHEVET_{login}_DSN"], statement)


def test_a_wrong_password_is_refused(env: dict[str, str]) -> None:
    wrong = re.sub(r":[0-9a-f]{48}@", ":wrong@", env["CHEVET_APP_DSN"])
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        ask(wrong, "select 1")


def test_the_owner_makes_hypertables_and_clones_databases(env: dict[str, str]) -> None:
    owner = env["CHEVET_OWNER_DSN"]
    assert ask(owner, "select extname from pg_extension where extname = 'timescaledb'")
    ask(owner, "drop database if exists trial_copy")
    ask(owner, "drop database if exists trial_template")
    ask(owner, "create database trial_template")
    template = owner.rsplit("/", 1)[0] + "/trial_template"
    ask(template, "create table public.reading (at timestamptz not null)")
    assert ask(template, "select (create_hypertable('public.reading', 'at')).created") is True
    ask(owner, "create database trial_copy template trial_template")
    copy = owner.rsplit("/", 1)[0] + "/trial_copy"
    assert ask(copy, "select count(*) from timescaledb_information.hypertables") == 1


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("password_encryption", "scram-sha-256"),
        ("timescaledb.telemetry_level", "off"),
        ("listen_addresses", "127.0.0.1"),
        ("max_connections", "200"),
        ("shared_buffers", "256MB"),
    ],
)
def test_the_database_is_durable_and_closed(env: dict[str, str], setting: str, value: str) -> None:
    assert ask(env["CHEVET_SUPERUSER_DSN"], f"show {setting}") == value


def test_the_broker_refuses_the_anonymous_and_the_wrong_password(env: dict[str, str]) -> None:
    with Client(env, None, "") as nobody, Client(env, "ingest", "wrong") as impostor:
        assert nobody.refused
        assert impostor.refused


def test_only_the_instance_s_own_authority_vouches_for_the_broker(env: dict[str, str]) -> None:
    place = (env["CHEVET_MQTT_HOST"], int(env["CHEVET_MQTT_PORT"]))
    ours = ssl.create_default_context(cafile=env["CHEVET_MQTT_CA"])
    with socket.create_connection(place, 5) as wire:
        ours.wrap_socket(wire, server_hostname=place[0]).close()
    machine = ssl.create_default_context()
    with socket.create_connection(place, 5) as wire, pytest.raises(ssl.SSLCertVerificationError):
        machine.wrap_socket(wire, server_hostname=place[0])


def test_the_broker_does_not_speak_without_tls(env: dict[str, str]) -> None:
    place = (env["CHEVET_MQTT_HOST"], int(env["CHEVET_MQTT_PORT"]))
    with socket.create_connection(place, 5) as wire:
        wire.sendall(b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04test")
        try:
            said = wire.recv(4)
        except ConnectionResetError:
            said = b""
        assert not said.startswith(b"\x20")


def test_a_gateway_has_its_own_four_topics_and_no_other(env: dict[str, str]) -> None:
    password = gateway_password("gw-a")
    gateway_password("gw-b")
    with (
        Client(env, "ingest", env["CHEVET_MQTT_INGEST_PASSWORD"]) as platform,
        Client(env, "gw-a", password) as gateway,
    ):
        platform.subscribe("$share/ingest/chevet/v1/gw/+/up")
        platform.subscribe("chevet/v1/gw/+/status")
        gateway.subscribe("chevet/v1/gw/+/ack")
        gateway.subscribe("#")
        for topic in ("gw-b/up", "gw-b/status", "gw-a/ack", "gw-a/else"):
            # The broker cuts the connection of whoever publishes where he may not.
            with Client(env, "gw-a", password) as intruder:
                intruder.publish(f"chevet/v1/gw/{topic}", b"word")
        gateway.publish("chevet/v1/gw/gw-a/status", b"word")
        gateway.publish("chevet/v1/gw/gw-a/up", b"last")
        assert platform.arrived.wait(5)
        own = {"chevet/v1/gw/gw-a/status": b"word", "chevet/v1/gw/gw-a/up": b"last"}
        assert platform.received == own
        for topic in ("gw-b/ack", "gw-b/cmd", "gw-a/cmd"):
            platform.publish(f"chevet/v1/gw/{topic}", b"word")
        platform.publish("chevet/v1/gw/gw-a/ack", b"last")
        assert gateway.arrived.wait(5)
        assert gateway.received == {
            "chevet/v1/gw/gw-a/cmd": b"word",
            "chevet/v1/gw/gw-a/ack": b"last",
        }


def test_a_renewed_credential_replaces_the_old_one(env: dict[str, str]) -> None:
    old = gateway_password("gw-c")
    new = gateway_password("gw-c")
    with Client(env, "gw-c", old) as stale, Client(env, "gw-c", new) as fresh:
        assert stale.refused
        assert fresh.refused is False


@pytest.mark.parametrize("name", ["ingest", "a/b", "+", "#", "", "a:b", "x" * 65])
def test_a_name_that_would_reach_beyond_one_gateway_is_refused(
    env: dict[str, str], name: str
) -> None:
    refused = services("gateway", name, check=False)
    assert refused.returncode == 1
    assert "not a name for a gateway" in refused.stderr


def test_a_message_too_large_does_not_stop_those_behind_it(env: dict[str, str]) -> None:
    password = gateway_password("gw-d")
    with (
        Client(env, "ingest", env["CHEVET_MQTT_INGEST_PASSWORD"]) as platform,
        Client(env, "gw-d", password) as gateway,
    ):
        platform.subscribe("chevet/v1/gw/+/up")
        gateway.client.publish("chevet/v1/gw/gw-d/up", b"x" * 5_000_000, qos=1)
        gateway.client.publish("chevet/v1/gw/gw-d/up", b"last", qos=1)
        assert platform.arrived.wait(10)


@pytest.mark.usefixtures("mended")
def test_committed_rows_survive_sigkill_of_the_whole_cluster(env: dict[str, str]) -> None:
    owner = env["CHEVET_OWNER_DSN"]
    ask(owner, "drop table if exists public.survivor")
    ask(owner, "create table public.survivor as select 1 as n")
    with contextlib.closing(psycopg.connect(owner)) as connection:
        connection.execute("insert into public.survivor values (2)")
        services("kill", "postgres")
    assert services("status", check=False).returncode == 1
    services("start", "postgres")
    assert ask(owner, "select array_agg(n) from public.survivor") == [1]
    assert services("status").stdout.count("answers") == 3


@pytest.mark.usefixtures("env", "mended")
def test_up_restarts_what_died_and_leaves_the_rest_alone() -> None:
    pids = ROOT / ".state" / INSTANCE / "pids"
    before = (pids / "postgres").read_text()
    services("kill", "mosquitto")
    services("kill", "valkey")
    services("up")
    assert (pids / "postgres").read_text() == before
    assert services("status").stdout.count("answers") == 3


@pytest.mark.usefixtures("mended")
def test_a_port_taken_meanwhile_is_given_up(env: dict[str, str]) -> None:
    services("stop", "valkey")
    port = urlsplit(env["CHEVET_REDIS_URL"]).port
    with socket.create_server(("127.0.0.1", port or 0)):
        services("up")
        assert urlsplit(read_env()["CHEVET_REDIS_URL"]).port != port
        assert services("status").stdout.count("answers") == 3


def test_services_run_without_any_privilege(env: dict[str, str]) -> None:
    for service in ("postgres", "mosquitto", "valkey"):
        pid = (ROOT / ".state" / INSTANCE / "pids" / service).read_text().split()[0]
        status = Path(f"/proc/{pid}/status").read_text()
        uids = re.search(r"^Uid:\t(\d+)\t(\d+)\t(\d+)\t(\d+)$", status, re.M)
        assert uids is not None
        assert "0" not in uids.groups()
        assert re.search(r"^CapEff:\t0+$", status, re.M)


def test_the_addresses_are_private(env: dict[str, str]) -> None:
    folder = ROOT / ".state" / INSTANCE
    assert (folder / "env").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_another_instance_never_mistakes_these_addresses_for_given_ones(
    env: dict[str, str],
) -> None:
    """With one instance's addresses in the environment, another still gets its own."""
    code = "from instances.given import addresses_are_given as f; print(f())"
    path = {"PYTHONPATH": str(ROOT / "scripts"), "PATH": "/usr/bin:/bin"}
    for environment, expected in (
        (env, "False"),
        ({key: env[key] for key in env if key != "CHEVET_INSTANCE"}, "True"),
    ):
        call = [sys.executable, "-B", "-c", code]
        said = subprocess.run(call, env={**path, **environment}, capture_output=True, text=True)
        assert said.stdout.strip() == expected
