"""Benchmarks: one thing against a baseline in the same run, judged by a stated goal."""

from collections.abc import Callable

from app.bench.verdict import Goal
from core.errors import ChevetError

BENCHMARKS = ("access", "asking", "audit", "ingest", "record", "scoring")


def run_bench(name: str, say: Callable[[str], None] = print) -> int:
    """Run a benchmark; 0 = every goal met, 1 = a goal missed, 2 = it could not be run.

    Lines go to `say`; the last one is a goal, a missed one if there is one.
    """
    if name not in BENCHMARKS:
        say(f"{name}: no such benchmark; there is {', '.join(BENCHMARKS)}.")
        return 2
    try:
        goals = _measure(name, say)
    except ChevetError as error:
        say(f"{name} was not measured: {error}")
        return 2
    for goal in sorted(goals, key=lambda goal: not goal.met):
        say(str(goal))
    return 0 if all(goal.met for goal in goals) else 1


def _measure(name: str, say: Callable[[str], None]) -> list[Goal]:
    match name:
        case "access":
            from app.bench.access import run_access

            return run_access(say)
        case "asking":
            from app.bench.asking import run_asking

            return run_asking(say)
        case "audit":
            from app.bench.audit import run_audit

            return run_audit(say)
        case "record":
            from app.bench.record import run_record

            return run_record(say)
        case "scoring":
            from app.bench.scoring import run_scoring

            return run_scoring(say)
        case _:
            from app.bench.ingest import run_ingest

            return run_ingest(say)
