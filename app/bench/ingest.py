"""One reading a message, exactly once, acknowledged after COMMIT: against a naive subscriber.

Each subscriber in turn empties a backlog that waits for it in the broker, so that neither the
publisher nor the start of a process is measured.
"""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from time import sleep
from uuid import uuid4

from app.bench.backlog import Backlog
from app.bench.broker import PATIENCE_SECONDS, kept_session, publish, up_topic
from app.bench.database import Onlooker, led_here
from app.bench.verdict import HEADER, Goal, Repetition, Run, Span, goals_of
from app.broker_user import make_gateway_password
from app.demo.children import Children
from core import clock
from core.errors import ConfigurationError
from core.settings import settings
from devices.broker_name import private_name
from devices.service import assign_device, register_device, register_gateway
from identity import service as identity
from ingest.edge.slot import Slot
from ingest.message import share_filters

LOOK_SECONDS = 0.02
APART = timedelta(minutes=10)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is sent: to the naive subscriber, and to each of the two faster ones."""

    repetitions: int = 3
    homes: int = 10
    naive_messages: int = 2_000
    messages: int = 20_000


@dataclass(slots=True, kw_only=True)
class Bench:
    """What all runs share."""

    onlooker: Onlooker
    folder: Path
    gateways: tuple[str, ...]
    passwords: tuple[str, ...]
    patient_keys: tuple[int, ...]
    seed: int
    runs: int = field(default=0)

    def next_backlog(self, count: int) -> Backlog:
        """Return a backlog whose instants no other run uses."""
        self.runs += 1
        return Backlog(
            boot=uuid4(),
            first=clock.now().replace(microsecond=0) - timedelta(days=1) + self.runs * APART,
            count=count,
            seed=self.seed + self.runs,
            gateways=self.gateways,
            patient_keys=self.patient_keys,
        )


def run_ingest(say: Say, size: Size | None = None) -> list[Goal]:
    """Measure; print a table; return the goals. ConfigurationError when it cannot be done."""
    size = size or Size()
    seed = int(os.environ.get("CHEVET_SEED") or secrets.randbelow(10**6))
    with _prepared(size.homes, seed) as bench:
        say(HEADER)
        repetitions = [_repeat(bench, size, n + 1, say) for n in range(size.repetitions)]
    say(f"{size.homes} homes; seconds from first to last commit seen (no-op: receipt); seed {seed}")
    return goals_of(repetitions)


def _repeat(bench: Bench, size: Size, number: int, say: Say) -> Repetition:
    naive = _run_naive(bench, bench.next_backlog(size.naive_messages))
    ingest = _run_ingest(bench, bench.next_backlog(size.messages))
    no_op = _run_no_op(bench, bench.next_backlog(size.messages))
    repetition = Repetition(naive=naive, ingest=ingest, no_op=no_op)
    for line in repetition.rows(number):
        say(line)
    return repetition


@contextmanager
def _prepared(homes: int, seed: int) -> Iterator[Bench]:
    with led_here() as (dsns, folder):
        onlooker = Onlooker(dsns["CHEVET_OWNER_DSN"])
        try:
            gateways = tuple(f"bench-{uuid4().hex[:8]}" for _ in range(homes))
            yield Bench(
                onlooker=onlooker,
                folder=folder,
                gateways=gateways,
                passwords=tuple(make_gateway_password(gateway) for gateway in gateways),
                patient_keys=_register(onlooker, gateways),
                seed=seed,
            )
        finally:
            onlooker.close()


def _register(onlooker: Onlooker, gateways: Sequence[str]) -> tuple[int, ...]:
    """Register a patient with an oximeter behind each gateway; return their keys."""
    centre = identity.register_organisation("Bench")
    patients = []
    for number, gateway in enumerate(gateways):
        patient = identity.register_patient(
            birth_name=f"Fictif {number}",
            birth_first_names="Mesure",
            birth_date=date(1950, 1, 1),
            sex="unknown",
        )
        register_gateway(gateway, centre)
        register_device(f"oximeter-{gateway}", "bench", centre)
        assign_device(f"oximeter-{gateway}", patient, clock.now() - timedelta(days=7))
        patients.append(patient)
    keys = onlooker.patient_keys(patients)
    return tuple(keys[patient] for patient in patients)


def _run_ingest(bench: Bench, backlog: Backlog) -> Run:
    password = settings().mqtt_ingest_password
    client_id = private_name(Slot(number=0, handle=-1).client_id, password)
    with (
        kept_session(settings(), client_id, share_filters(password)),
        Children(bench.folder, {}) as children,
    ):
        publish(settings(), backlog, bench.passwords)
        children.start("ingest", ["app.cli", "ingest"])
        span = _watch(lambda: bench.onlooker.count_in_streams(backlog), backlog.count)
        found = children.dead()
    if found:
        raise ConfigurationError(f"ingest ended: {children.log_tail('ingest')}")
    return _compare(bench, backlog, "ingest", span)


def _run_naive(bench: Bench, backlog: Backlog) -> Run:
    with _subscriber(bench, backlog, "naive"):
        span = _watch(lambda: bench.onlooker.count_readings(backlog), backlog.count)
    return _compare(bench, backlog, "naive", span)


def _run_no_op(bench: Bench, backlog: Backlog) -> Span:
    with _subscriber(bench, backlog, "no-op") as process:
        told, _ = process.communicate(timeout=PATIENCE_SECONDS)
    seen = json.loads(told)
    if process.returncode != 0:
        raise ConfigurationError(f"only {seen['count'] + 1} of {backlog.count} messages came")
    return Span(count=seen["count"], seconds=seen["seconds"])


@contextmanager
def _subscriber(bench: Bench, backlog: Backlog, who: str) -> Iterator["subprocess.Popen[str]"]:
    client_id = f"chevet-bench-{who}"
    task = {
        "who": who,
        "client_id": client_id,
        "expected": backlog.count,
        "patience_seconds": PATIENCE_SECONDS,
        "patients": {
            f"oximeter-{gateway}": key
            for gateway, key in zip(backlog.gateways, backlog.patient_keys, strict=True)
        },
    }
    with kept_session(settings(), client_id, (up_topic("+"),)):
        publish(settings(), backlog, bench.passwords)
        process = subprocess.Popen(
            [sys.executable, "-m", "app.bench.subscriber"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdin is not None
            process.stdin.write(json.dumps(task))
            process.stdin.close()
            process.stdin = None
            yield process
            process.wait(PATIENCE_SECONDS)
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _watch(count: Callable[[], int], expected: int) -> Span:
    """Look until all is committed; return the span from the first commit seen to the last."""
    deadline = clock.monotonic() + PATIENCE_SECONDS
    began, at_first = 0.0, 0
    while clock.monotonic() < deadline:
        found, at = count(), clock.monotonic()
        if at_first == 0 and found > 0:
            began, at_first = at, found
        if found >= expected:
            return Span(count=found - at_first, seconds=at - began)
        sleep(LOOK_SECONDS)
    raise ConfigurationError(f"only part of {expected} messages was stored in time")


def _compare(bench: Bench, backlog: Backlog, who: str, span: Span) -> Run:
    found, expected = bench.onlooker.readings(backlog), backlog.expected()
    return Run(
        who=who,
        sent=backlog.count,
        stored=found.total(),
        missing=len(expected.keys() - found.keys()),
        duplicate=found.total() - len(found),
        span=span,
    )
