"""docker-compose.yml: valid, complete, pinned, closed, and without a secret of its own."""

import base64
import copy
import hashlib
import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from app.startup import find_faults
from core.settings import Settings, settings

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
BOUGHT = {"timescaledb", "mosquitto", "valkey", "mail"}
OWN = {name: service for name, service in SERVICES.items() if name not in BOUGHT}
# The processes of the architecture, each with the command that starts it.
PROCESSES = (
    "migrate",
    "web",
    "console",
    "ingest",
    "sentinel",
    "auditor",
    "worker",
    "beat",
    "gateway",
)


NOT_HERE = {"CHEVET_BACKUP_RECIPIENT", "CHEVET_PG_BIN"}
"""Read by `chevet backup` alone, which needs the server's `pg_dump`; the image has none."""
NAMED = re.compile(r"\$\{(CHEVET_\w+)(?::([-?])([^}]*))?\}")


def safe_values() -> dict[str, str]:
    """What an operator gives who follows the list of variables without a default."""
    given = {
        "CHEVET_BASE_URL": "https://chevet.example",
        "CHEVET_SEALING_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    required = {name for name, sign, _ in NAMED.findall(TEXT) if sign == "?"}
    return {name: given.get(name, secrets.token_hex(24)) for name in required}


def environment(service: str, given: dict[str, str]) -> dict[str, str]:
    """The environment Compose makes of `given` for a service; a key without value passes on."""

    def put(found: re.Match[str]) -> str:
        name, sign, default = found.groups()
        assert sign != "?" or given.get(name), name
        return given.get(name) or (default if sign == "-" else "")

    written = SERVICES[service]["environment"]
    passed = {name: given[name] for name in written if name in given and written[name] is None}
    filled = {name: NAMED.sub(put, str(raw)) for name, raw in written.items() if raw is not None}
    return {**filled, **passed}


def named_in(page: str) -> set[str]:
    """The settings of the server that a page of the how-to names."""
    named = set(re.findall(r"CHEVET_[A-Z_]+", (ROOT / "docs/howto" / page).read_text()))
    return named & {f"CHEVET_{name.upper()}" for name in Settings.model_fields}


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


@pytest.mark.parametrize("name", sorted(set(OWN) - {"gateway"}))
def test_no_process_refuses_to_start_with_what_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for variable in [one for one in os.environ if one.startswith("CHEVET_")]:
        monkeypatch.delenv(variable)
    for variable, value in environment(name, safe_values()).items():
        monkeypatch.setenv(variable, value)
    settings.cache_clear()
    try:
        assert [str(one) for one in find_faults(settings(), name) if one.grave] == []
    finally:
        settings.cache_clear()


def test_what_the_pages_name_can_be_set_through_compose() -> None:
    taken = {name: set(service["environment"]) for name, service in OWN.items()}
    pages = [page.name for page in (ROOT / "docs/howto").glob("*.md")]
    missing = {page: named_in(page) - set().union(*taken.values()) - NOT_HERE for page in pages}
    assert {page: names for page, names in missing.items() if names} == {}
    for process in ("web", "console"):
        for page in ("go-live.md", "connect-pro-sante-connect.md", "use-a-second-factor.md"):
            assert named_in(page) <= taken[process], (process, page)
    assert named_in("verify-the-audit-trail.md") - {"CHEVET_OWNER_DSN"} <= taken["sentinel"]


def test_a_key_without_value_passes_on_what_was_given_and_nothing_else() -> None:
    given = {**safe_values(), "CHEVET_TRAINING": "true"}
    assert environment("web", given)["CHEVET_TRAINING"] == "true"
    assert "CHEVET_TERMS_FOLDER" not in environment("web", given)


def test_every_name_in_a_container_is_a_setting() -> None:
    known = {f"CHEVET_{name.upper()}" for name in Settings.model_fields}
    for name in set(OWN) - {"gateway"}:
        assert set(SERVICES[name]["environment"]) <= known, name


def test_the_image_leaves_out_what_only_developers_need() -> None:
    reduce = [sys.executable, ROOT / "deploy/runtime_requirements.py"]
    lock = (ROOT / "requirements.lock").read_text()
    kept = subprocess.run(reduce, input=lock, capture_output=True, text=True, check=True).stdout
    names = set(re.findall(r"^([A-Za-z0-9._-]+)==", kept, re.M))
    assert {"psycopg", "fastapi", "celery", "bleak", "starlette"} <= names
    assert not {"pytest", "mypy", "ruff", "playwright", "hypothesis"} & names
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[A-Za-z0-9])", kept))
