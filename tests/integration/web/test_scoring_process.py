"""The web process itself over a socket: the answers of the command line, and nothing kept.

The server is `chevet web`; all it writes is read afterwards.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from core.settings import settings
from identity.key_service import Made, make_key
from identity.service import register_organisation
from scoring.describe import DESCRIPTIONS
from scoring.library import SCORES
from scoring.objects import MOST_OBJECTS
from tests.as_owner import rows
from tests.conftest import ROOT, Database
from tests.faults.processes import wait_until

VIGNETTES = ROOT / "tests/vignettes"
CANARY = "71.30917"
"""A value no other number of the process looks like."""
ODD = "odd-canary-of-a-person"


@dataclass
class Server:
    """A web process with another system's key, and everything it has written."""

    process: subprocess.Popen[bytes]
    client: httpx2.Client
    token: str
    log: Path

    def post(self, score: str, **sent: Any) -> httpx2.Response:
        return self.client.post(f"/api/v1/scoring/{score}", **sent)

    def written(self) -> str:
        """Return what it has written, once it has ended."""
        self.process.terminate()
        self.process.wait(20)
        return self.log.read_text()


@pytest.fixture
def server(database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    key = make_key(str(register_organisation("Centre de Brie")), "DPI", ["scoring"])
    assert isinstance(key, Made)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("CHEVET_BASE_URL", f"http://127.0.0.1:{port}")
    settings.cache_clear()
    command = [sys.executable, "-m", "app.cli", "web", "--port", str(port)]
    headers, log = {"authorization": f"Bearer {key.token}"}, tmp_path / "web.log"
    with (
        log.open("wb") as out,
        subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=out, stderr=out) as web,
        httpx2.Client(base_url=settings().base_url, headers=headers, timeout=30) as client,
    ):
        try:
            wait_until(lambda: answers(client), 60, "the web process")
            yield Server(web, client, key.token, log)
        finally:
            web.kill()


def answers(client: httpx2.Client) -> bool:
    try:
        return client.get("/healthz").status_code == 200
    except httpx2.TransportError:
        return False


def vignettes(score: str) -> list[dict[str, Any]]:
    files = sorted((VIGNETTES / score).glob("*.json"))
    return [vignette for file in files for vignette in json.loads(file.read_text())]


def on_the_command_line(score: str, objects: list[Any]) -> list[Any]:
    lines = "".join(json.dumps(one) + "\n" for one in objects)
    done = subprocess.run(
        [sys.executable, "-m", "scoring", score, "-"],
        input=lines, capture_output=True, text=True, check=True, cwd=ROOT, timeout=60,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_vignette_is_answered_as_on_the_command_line(
    server: Server, record_property: Any
) -> None:
    compared = 0
    for score in SCORES:
        known = vignettes(score)
        objects = [one["input"] for one in known] or [dict(DESCRIPTIONS[score].example)]
        said = on_the_command_line(score, objects)
        many = server.post(score, json=objects)
        assert many.status_code == 200
        assert many.json() == said
        for one, line in zip(objects, said, strict=True):
            alone = server.post(score, json=one)
            assert alone.status_code in (200, 422)
            reason = alone.json().get("reason")
            assert alone.json() == line if reason is None else reason == line["refused"]
        for vignette, found in zip(known, many.json(), strict=False):
            expected = vignette["expected"]
            assert {name: found[name] for name in expected} == expected
        compared += len(objects)
    record_property("counts", f"vignettes answered alike {compared}")
    assert compared >= 60


SENT = (
    ("news2", {"spo2": float(CANARY), "pulse": float(CANARY)}, 200),
    ("news2", {**DESCRIPTIONS["news2"].example, "spo2": float(CANARY)}, 200),
    ("news2", {"spo2": ODD}, 422),
    ("news2", {ODD: 1}, 422),
    ("news2", [{"spo2": ODD}, {"pulse": float(CANARY)}, ODD], 200),
    ("weight", {"weights": [{"at": "2026-11-01T07:00:00Z", "kg": float(CANARY)}]}, 200),
    ("pro-ctcae", {"asked": [ODD]}, 200),
    ("priest", [{}] * (MOST_OBJECTS + 1), 413),
    (ODD, {"spo2": float(CANARY)}, 404),
)


def tables() -> dict[str, int]:
    """Return how many rows each table has."""
    names = rows(
        "select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables"
        " where schemaname not in ('pg_catalog', 'information_schema')"
        " and position('timescale' in schemaname) = 0"
    )
    counts = (f"select '{name}', count(*) from {name}" for (name,) in names)
    return dict(rows(" union all ".join(counts)))  # type: ignore[arg-type]


def test_nothing_that_was_given_is_kept_or_written(server: Server) -> None:
    before = tables()
    assert len(before) > 60
    for score, given, status in SENT:
        assert server.post(score, json=given).status_code == status, (score, given)
    assert server.post("mmrc", content=ODD.encode()).status_code == 422
    stranger = {"authorization": f"Bearer chevet_key_{ODD}"}
    assert server.post("mmrc", json={"grade": ODD}, headers=stranger).status_code == 401
    metrics = server.client.get("/metrics").text
    assert 'chevet_scoring_objects_total{score="news2"} 5.0' in metrics
    assert tables() == before
    written = server.written() + metrics
    for word in (CANARY, ODD, server.token, server.token.removeprefix("chevet_key_")):
        assert word not in written
