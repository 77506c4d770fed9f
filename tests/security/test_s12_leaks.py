"""A leak planted in what the product writes aside is found by the search for the canary."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest
import structlog
from prometheus_client import REGISTRY, Counter
from starlette.testclient import TestClient

import app.guard
import identity.edge.http
from messages.edge import letter
from tests.security.canary import PULSE, Written, run
from tests.security.cast import CANARY, Cast
from tests.security.routes import web_routes

pytestmark = pytest.mark.promise("S12")


@pytest.mark.parametrize(
    "where", ["output", "log", "mail", "address", "counter", "outbox", "trail"]
)
def test_a_planted_leak_is_found(
    cast: Cast,
    client: TestClient,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    few = [route for route in web_routes() if route.path in ("/p", "/help")]
    monkeypatch.setattr("tests.security.canary.web_routes", lambda: few)
    rows = planted_row(cast, where) if where in ROWS else nullcontext()
    with planted(where, monkeypatch), rows:
        written = run(cast, client, capfd, monkeypatch)
    assert {leak.partition(":")[0] for leak in written.leaks()} == {where}


@pytest.mark.parametrize(
    "written",
    ["0639980199", "06 39 98 01 99", "06.39.98.01.99", "+33 6 39 98 01 99", "639-980-199"],
)
def test_the_phone_number_is_found_as_anybody_writes_it(written: str) -> None:
    assert Written({"log": f"called {written}"}).leaks()
    assert not Written({"log": f"called {written[:-1]}"}).leaks()


ROWS = {"outbox": "messages.outbox", "trail": "audit.event"}
COLUMN = {"outbox": "params", "trail": "detail"}


@contextmanager
def planted_row(cast: Cast, where: str) -> Iterator[None]:
    """Let every row that is written hold a name, as if the code that writes it did."""
    table, column = ROWS[where], COLUMN[where]
    leak = f"coalesce(new.{column}, '{{}}') || jsonb_build_object('oops', '{CANARY}')"
    cast.owner.execute(
        "create function core.oops() returns trigger language plpgsql as"
        f" $$ begin new.{column} := {leak}; return new; end $$".encode()
    )
    cast.owner.execute(
        f"create trigger oops before insert on {table} for each row"
        " execute function core.oops()".encode()
    )
    try:
        yield
    finally:
        cast.owner.execute(f"drop trigger oops on {table}; drop function core.oops".encode())
        cast.owner.execute(f"update {table} set {column} = {column} - 'oops'".encode())


@contextmanager
def planted(where: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put one leak into the code that runs."""
    count, page, body = app.guard.count_request, identity.edge.http.page, letter._body
    if where in ("output", "log"):

        def tell(*given: object) -> None:
            if where == "log":
                logging.getLogger("leak").debug("opened %s", CANARY)
            else:
                structlog.get_logger("leak").info("request_done", patient=CANARY)
            count(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(app.guard, "count_request", tell)
    elif where == "address":
        monkeypatch.setattr(
            identity.edge.http,
            "page",
            lambda *a, **k: page(*a, **k) + f'<a href="/patients?name={CANARY}">x</a>',
        )
    elif where == "mail":
        monkeypatch.setattr(
            letter, "_body", lambda *a, **k: body(*a, **k) + f" {CANARY} : {PULSE} bpm"
        )
    if where != "counter":
        yield
        return
    counter = Counter("chevet_planted", "A leak", ["patient"])
    counter.labels(CANARY).inc()
    try:
        yield
    finally:
        REGISTRY.unregister(counter)
