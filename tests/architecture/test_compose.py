"""docker-compose.yml: valid, complete, pinned, closed, and without a secret of its own."""

import copy
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
BOUGHT = {"timescaledb", "mosquitto", "valkey", "mail"}
OWN = {name: service for name, service in SERVICES.items() if name not in BOUGHT}
# The processes of the architecture, each with the command that starts it.
PROCESSES = ("migrate", "web", "console", "ingest", "sentinel", "worker", "beat", "gateway")


def complaints(document: dict[str, Any]) -> list[str]:
    schema = json.loads((DATA / "compose-spec.json").read_text())
    return [error.message for error in Draft202012Validator(schema).iter_errors(document)]


def test_the_file_obeys_the_compose_schema() -> None:
    assert complaints(COMPOSE) == []


def test_the_schema_is_the_published_one() -> None:
    noted = re.search(r"SHA-256 `([0-9a-f]{64})`", (DATA / "README.md").read_text())
    content = (DATA / "compose-spec.json").read_bytes()
    assert noted is not None
    assert hashlib.sha256(content).hexdigest() == noted[1]


@pytest.mark.parametrize("planted", [{"depend_on": ["x"]}, {"ports": 8000}, {"restart": 1}])
def test_the_schema_catches_a_planted_mistake(planted: dict[str, Any]) -> None:
    wrong = copy.deepcopy(COMPOSE)
    wrong["services"]["web"].update(planted)
    assert complaints(wrong) != []


def test_every_process_has_its_container_and_no_other_is_there() -> None:
    assert set(OWN) == set(PROCESSES)


def test_every_command_exists_on_the_command_line() -> None:
    for name, service in OWN.items():
        program, *rest = service["command"]
        if program == "chevet-gateway":
            continue
        call = [sys.executable, "-c", "from app.cli import main; main()", rest[0], "--help"]
        shown = subprocess.run(call, cwd=ROOT, capture_output=True, text=True)
        assert shown.returncode == 0, (name, shown.stderr)
        for option in (word for word in rest if word.startswith("--")):
            assert option in shown.stdout, (name, option)


def test_the_gateway_starts_only_when_asked_for() -> None:
    assert {name for name, service in SERVICES.items() if "profiles" in service} == {"gateway"}


def test_no_secret_has_a_default() -> None:
    for name, default in re.findall(r"\$\{(CHEVET_\w+)(?::-([^}]*))?\}", TEXT):
        if re.search("PASSWORD|SECRET|_KEY", name):
            assert default == "", name
    # And none is written out.
    for line in TEXT.splitlines():
        value = re.match(r"\s+\w*PASSWORD\w*: (.*)", line)
        assert value is None or value[1].startswith("${"), line


def test_a_url_carries_only_required_passwords() -> None:
    urls = re.findall(r"\w+://\w*:(\S+)@", TEXT)
    assert len(urls) >= 6
    assert all(re.fullmatch(r"\$\{CHEVET_\w+_PASSWORD:\?\}", password) for password in urls)


def test_bought_images_are_pinned_to_a_full_version() -> None:
    for name in BOUGHT:
        assert re.search(r":v?\d+\.\d+\.\d+(-pg17)?$", SERVICES[name]["image"]), name
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.M)
    assert bases
    assert all(re.fullmatch(r"python:3\.1\d\.\d+-slim-\w+", base) for base in bases)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_container_is_closed(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service


def test_nothing_is_published_beyond_this_machine_unless_asked() -> None:
    for service in SERVICES.values():
        for port in service.get("ports", []):
            assert port.startswith(("127.0.0.1:", "${CHEVET_MQTT_BIND:-127.0.0.1}:"))


def test_whoever_is_waited_for_says_when_he_is_ready() -> None:
    waited = [
        (target, condition["condition"])
        for service in SERVICES.values()
        for target, condition in service.get("depends_on", {}).items()
    ]
    assert ("timescaledb", "service_healthy") in waited
    for target, condition in waited:
        assert condition == "service_completed_successfully" or "healthcheck" in SERVICES[target]
    assert all("healthcheck" in SERVICES[name] for name in (*BOUGHT, "web", "console"))


def test_state_lies_in_named_volumes() -> None:
    named = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if re.match(r"\w+:", volume)
    }
    assert named == set(COMPOSE["volumes"])


def test_local_services_give_every_variable_that_is_required(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from instances import compose, place

    monkeypatch.setattr(place, "STATE", tmp_path)
    instance = place.Instance(name="trial")
    instance.make_folders()
    given = compose.variables(instance, place.load_or_make_values(instance, ()))
    required = set(re.findall(r"\$\{(CHEVET_\w+):\?", TEXT))
    assert required <= set(given), required - set(given)
    assert all(given[name] for name in required)


def test_the_image_leaves_out_what_only_developers_need() -> None:
    reduce = [sys.executable, ROOT / "deploy/runtime_requirements.py"]
    lock = (ROOT / "requirements.lock").read_text()
    kept = subprocess.run(reduce, input=lock, capture_output=True, text=True, check=True).stdout
    names = set(re.findall(r"^([A-Za-z0-9._-]+)==", kept, re.M))
    assert {"psycopg", "fastapi", "celery", "bleak", "starlette"} <= names
    assert not {"pytest", "mypy", "ruff", "playwright", "hypothesis"} & names
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[A-Za-z0-9])", kept))
