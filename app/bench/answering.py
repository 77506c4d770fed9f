"""Answers at a steady rate: what a patient waits for, whatever those before him waited.

Each answer has its moment; the time counts from that moment, so that a queue that builds up is
seen (no coordinated omission). The baseline inserts a bare row at the same rate.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import TupleRow

from app.bench.population import Region
from app.bench.verdict import Goal
from core import clock
from core.access import Permission
from core.care import open_record
from core.doors import Actor, CareContext
from core.sqlfile import load_queries
from questionnaires.answered import Source
from questionnaires.answers_service import Stored, submit
from questionnaires.service import daily

_SQL = load_queries("app.bench")
CLIENTS = 16
GIVEN = {
    "dyspnoea": "effort",
    "faintness_or_confusion": "no",
    "cannot_eat_or_drink": "no",
    "temperature": "37,2",
    "spo2": "96",
    "pulse": "78",
}


@dataclass(frozen=True, slots=True)
class Answers:
    """How many answers, and how many a second."""

    count: int
    per_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """Milliseconds from the moment of each answer until it is committed; and of a bare row."""

    wanted: Answers
    ours: list[float]
    plain: list[float]

    def line(self) -> str:
        """Return what was measured, in a line."""
        return (
            f"saved {len(self.ours)} answers at {self.wanted.per_s:.0f} a second: p50 "
            f"{_part(self.ours, 0.5):.1f} ms, p95 {_part(self.ours, 0.95):.1f} ms; bare rows "
            f"p50 {_part(self.plain, 0.5):.1f} ms, p95 {_part(self.plain, 0.95):.1f} ms"
        )

    def goal(self, most_ms: float) -> Goal:
        """Judge the 95th percentile."""
        p95 = _part(self.ours, 0.95)
        ratio = _part(self.ours, 0.5) / _part(self.plain, 0.5)
        return Goal(
            words=f"saving an answer within {most_ms:.0f} ms at {self.wanted.per_s:.0f} a second",
            found=f"p95 {p95:.1f} ms of {len(self.ours)}, median {ratio:.1f} times a bare row",
            shortfall=f"{p95 / most_ms - 1:.0%}" if p95 > most_ms else "",
        )


def measure_answers(bare: psycopg.Connection[TupleRow], region: Region, wanted: Answers) -> Saved:
    """Save answers of one patient after the other; each opens his record as the page does."""
    patients = [region.patient(1 + n % region.patients) for n in range(wanted.count)]
    ours = _at_rate(wanted, lambda n: _save(patients[n]))
    plain = _at_rate(wanted, lambda n: _bare(bare, patients[n]), clients=1)
    return Saved(wanted=wanted, ours=ours, plain=plain)


def _save(patient: UUID) -> None:
    actor = Actor(person=patient, post=None, session=None, purpose="PATRQT")
    ctx = open_record(actor, patient, Permission.ANSWERS_WRITE)
    assert isinstance(ctx, CareContext)
    stored = submit(
        ctx,
        daily().digest,
        GIVEN,
        key=uuid4().hex,
        source=Source.PATIENT,
        answered_at=clock.now(),
    )
    assert isinstance(stored, Stored)


def _bare(conn: psycopg.Connection[TupleRow], patient: UUID) -> None:
    conn.execute(_SQL["naive_answer"], {"patient": patient, "key": uuid4().hex})


def _at_rate(wanted: Answers, act: Callable[[int], None], clients: int = CLIENTS) -> list[float]:
    """Do a thing at a rate; return the milliseconds from each one's moment to its end."""
    never = Event()
    began = clock.monotonic() + 0.5

    def one(number: int) -> float:
        moment = began + number / wanted.per_s
        never.wait(max(0.0, moment - clock.monotonic()))
        act(number)
        return (clock.monotonic() - moment) * 1000

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(one, range(wanted.count)))


def _part(values: list[float], part: float) -> float:
    return sorted(values)[round(part * (len(values) - 1))]
