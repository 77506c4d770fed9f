"""A day of questions for 20,000 patients with three tasks each: planned, answered, missed.

Each is measured against the plain way in the same run: one INSERT and one COMMIT a task; one
question a patient whether he is silent; one bare INSERT an answer. The ratio is what setting the
work at once gains, or what the locks, the trail and the call for a review cost.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import TupleRow

from app.bench.answering import Answers, measure_answers
from app.bench.population import Region
from app.bench.region import inhabited
from app.bench.verdict import Goal
from coordination.calls import store as calls
from core import clock
from core.doors import Service, acting_as, serving
from core.sqlfile import load_queries
from questionnaires.plans.missing_service import silent_patients
from questionnaires.plans.planning_service import plan_days
from questionnaires.plans.schedule import schedule_json
from questionnaires.plans.service import programmes
from questionnaires.reminders.service import plan_reminders, remind_due

_SQL = load_queries("app.bench")
PROGRAMME, QUESTIONNAIRE = "covid-14", "home-daily"
PLANNED_WITHIN_S, FOUND_WITHIN_S, SAVED_WITHIN_MS = 10.0, 1.0, 50.0
REMINDED_FOR_S = 5.0
PARIS = ZoneInfo("Europe/Paris")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """How large a day is; `sample`: how many patients the plain ways are measured on."""

    patients: int = 20_000
    silent_of: int = 20
    """Of so many patients one is silent."""
    sample: int = 500
    answers: int = 1_500
    answers_per_s: float = 50.0
    repetitions: int = 3
    seed: int = 1

    @property
    def region(self) -> Region:
        """The people: five centres share the patients."""
        few = min(2_000, self.patients)
        return Region(patients=self.patients, professionals=300, few=few, many=few, seed=self.seed)

    def silent(self) -> list[UUID]:
        """Return who answers nothing."""
        return [
            self.region.patient(n) for n in range(self.silent_of, self.patients + 1, self.silent_of)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Seconds of ours and of the plain way for the same work, a repetition each."""

    words: str
    most_s: float
    ours: list[float]
    plain: list[float]
    did: str

    @property
    def ratio(self) -> float:
        """How many times longer the plain way takes."""
        return median(self.plain) / median(self.ours)

    def goal(self) -> Goal:
        """Judge the slowest repetition, not the median: one late planning is a late day."""
        worst = max(self.ours)
        each = " ".join(f"{one:.2f}" for one in self.ours)
        found = f"{self.did}; {each} s, the plain way {self.ratio:.0f} times as long"
        lack = f"{worst / self.most_s - 1:.0%}" if worst > self.most_s else ""
        return Goal(words=f"{self.words} within {self.most_s:.0f} s", found=found, shortfall=lack)


def run_asking(say: Say, day: Day | None = None) -> list[Goal]:
    """Measure; print what stands there and each result; return the goals."""
    day = day or Day()
    with inhabited(day.region) as (bare, counts):
        now = clock.now()
        _populate(bare, day, now)
        say(
            f"{counts.patients} patients, {counts.memberships} memberships, "
            f"{len(day.silent())} silent; seed {day.seed}"
        )
        planned = _planning(bare, day, now, say)
        _reminding(now, say)
        saved = measure_answers(bare, day.region, Answers(day.answers, day.answers_per_s))
        say(saved.line())
        found = list(_silence(bare, day, now, say))
    return [planned.goal(), saved.goal(SAVED_WITHIN_MS), *(one.goal() for one in found)]


def _populate(bare: psycopg.Connection[TupleRow], day: Day, now: datetime) -> None:
    line = programmes()[PROGRAMME].lines[0]
    params = {
        "seed": day.seed,
        "patients": day.patients,
        "now": now,
        "today": now.astimezone(PARIS).date(),
        "questionnaire": QUESTIONNAIRE,
        "edition": QUESTIONNAIRE,
        "schedule": schedule_json(line.schedule),
    }
    with bare.transaction():
        bare.execute("set local session_replication_role = replica")
        bare.execute(_SQL["populate_plans"], params)
        bare.execute(_SQL["populate_lines"], params)
    bare.execute("vacuum analyze")


def _planning(bare: psycopg.Connection[TupleRow], day: Day, now: datetime, say: Say) -> Timed:
    """Plan one day after the other; each repetition makes the tasks of one more day."""
    bare.execute(_SQL["naive_tasks"])
    ours, plain, made = [], [], 0
    for repetition in range(day.repetitions):
        moment = now + timedelta(days=repetition)
        began = clock.monotonic()
        made = plan_days(moment).tasks
        ours.append(clock.monotonic() - began)
        plain.append(_one_by_one(bare, day, moment) * made)
        say(f"planned {made} tasks in {ours[-1]:.2f} s; one by one {plain[-1]:.0f} s")
    return Timed(
        words=f"planning a day of {day.patients} patients with 3 tasks",
        most_s=PLANNED_WITHIN_S,
        ours=ours,
        plain=plain,
        did=f"{made} tasks a day",
    )


def _reminding(now: datetime, say: Say) -> None:
    """Remind of the first occasion of tomorrow: all at the same minute, as it will be."""
    tomorrow = (now + timedelta(days=1)).astimezone(PARIS)
    nine = tomorrow.replace(hour=9, minute=1, second=0, microsecond=0)
    began = clock.monotonic()
    planned = plan_reminders(nine)
    say(f"planned {planned} reminders in {clock.monotonic() - began:.2f} s")
    began, moved = clock.monotonic(), 0
    while clock.monotonic() - began < REMINDED_FOR_S and (step := remind_due(nine)):
        moved += step
    took = clock.monotonic() - began
    say(f"took {moved} reminders a step on in {took:.1f} s, {moved / took:.0f} a second")


def _one_by_one(bare: psycopg.Connection[TupleRow], day: Day, moment: datetime) -> float:
    """Return the seconds of one task written by itself, in the mean of a sample."""
    lines = [day.region.line(n) for n in range(1, day.sample + 1)]
    began = clock.monotonic()
    for line in lines:
        for hour in (9, 13, 17):
            at = moment + timedelta(hours=hour)
            bare.execute(_SQL["naive_task"], {"line": line, "at": at})
    return (clock.monotonic() - began) / (3 * len(lines))


def _silence(
    bare: psycopg.Connection[TupleRow], day: Day, now: datetime, say: Say
) -> Iterator[Timed]:
    """Let the grace of a day pass: find the silent, list them for a desk, plan their reminders."""
    bare.execute("set session_replication_role = replica")
    bare.execute(_SQL["answer_most"], {"now": now, "silent": day.silent()})
    bare.execute("reset session_replication_role")
    bare.execute("vacuum analyze questionnaires.task")
    after = now + timedelta(days=2)
    patients = [day.region.patient(n) for n in range(1, day.sample + 1)]
    yield _timed_silence(bare, day, after, patients, say)
    yield _timed_calls(bare, day, now, patients, say)


def _timed_silence(
    bare: psycopg.Connection[TupleRow],
    day: Day,
    after: datetime,
    patients: list[UUID],
    say: Say,
) -> Timed:
    ours, plain, found = [], [], 0
    for _ in range(day.repetitions):
        began = clock.monotonic()
        with serving(Service.SILENCE) as conn:
            found = len(silent_patients(conn, after, limit=day.patients))
        ours.append(clock.monotonic() - began)
        began = clock.monotonic()
        for patient in patients:
            bare.execute(_SQL["naive_silence"], {"patient": patient, "now": after})
        plain.append((clock.monotonic() - began) * day.patients / len(patients))
    say(f"found {found} silent in {median(ours):.3f} s; one by one {median(plain):.1f} s")
    if found != len(day.silent()):
        raise AssertionError(f"{found} silent found, {len(day.silent())} there")
    return Timed(
        words=f"finding the silent of {day.patients} patients",
        most_s=FOUND_WITHIN_S,
        ours=ours,
        plain=plain,
        did=f"{found} found",
    )


def _timed_calls(
    bare: psycopg.Connection[TupleRow],
    day: Day,
    now: datetime,
    patients: list[UUID],
    say: Say,
) -> Timed:
    """List those of one centre, a fifth of all, for its desk; the days are moved before now."""
    bare.execute("set session_replication_role = replica")
    bare.execute(_SQL["move_before_now"], {"shift": timedelta(days=-2, minutes=-1)})
    bare.execute(_SQL["miss_before_now"], {"now": now})
    bare.execute("reset session_replication_role")
    bare.execute("vacuum analyze questionnaires.task")
    nurse, ours, plain, total = day.region.professional(3), [], [], 0
    for _ in range(day.repetitions):
        began = clock.monotonic()
        with acting_as(nurse) as conn:
            found = calls.load_silent(conn, 200)
        ours.append(clock.monotonic() - began)
        total = found[0].total if found else 0
        began = clock.monotonic()
        for patient in patients:
            bare.execute(_SQL["naive_silence"], {"patient": patient, "now": now})
        plain.append((clock.monotonic() - began) * day.region.of_a_centre / len(patients))
    say(f"listed {total} to call in {median(ours):.3f} s; one by one {median(plain):.1f} s")
    return Timed(
        words=f"the list of calls of a centre with {day.region.of_a_centre} patients",
        most_s=FOUND_WITHIN_S,
        ours=ours,
        plain=plain,
        did=f"{total} silent",
    )
