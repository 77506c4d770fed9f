"""Looks at the model in use, every six hours: one that is out of range is taken back at once.

What a look finds, the turn to the rules and the mail to the operator are one transaction: all of
them or none. A look never brings a model back; only a promotion does, and what was said before it
counts no more. Rules and alerts are not asked and go on. Never in the sentinel.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import structlog

from alerts.looks import LineRow, LookRow, ValueRow
from alerts.model_service import after_all, in_use
from alerts.store import models
from alerts.store import watching as store
from alerts.watching import ends_of, plain, reason_of, references, samples_of, seen_of
from core.doors import Service, ServiceConnection, note_run, serving
from core.ids import new_id
from messages.message import Occurrence
from messages.service import tell_operator
from scoring.model.features import DAY
from scoring.model.watching import EVERY, SPAN, Judged, Verdict, examine, judge

_log = structlog.get_logger("alerts")
BATCH: Final = 50
"""Patients whose measures are read at once: 28 days of a monitored one are some thousand rows."""


@dataclass(frozen=True, slots=True)
class NotLooked:
    """Why there was no look: `none_in_use`, `not_due`, `another` who looks already."""

    why: str


def watch(now: datetime, *, by_hand: bool = False) -> LookRow | NotLooked:
    """Look at the model in use if that is due; by hand it always is.

    Whether it is due is read from the newest look: a beat that was lost delays it until the next,
    and of two workers one looks.
    """
    with serving(Service.REVIEW) as conn:
        if not store.look_alone(conn):
            return NotLooked("another")
        turns = models.load_turns(conn)
        version = in_use(turns)
        if version is None:
            return NotLooked("none_in_use")
        newest = store.load_newest(conn)
        # In either direction: a clock that was far ahead must not stop the watch when it is set.
        if not by_hand and newest is not None and abs(now - newest.at) < EVERY:
            return NotLooked("not_due")
        look, judged = _look(conn, version, max(now - SPAN, turns[0].at), now)
        return _keep(conn, look, judged)


def _look(
    conn: ServiceConnection, version: str, since: datetime, now: datetime
) -> tuple[LookRow, Judged]:
    """Return what is found in the lines since then, and what follows."""
    lines = store.load_lines(conn, version, since, now)
    samples = samples_of(_values(conn, lines, since - DAY, now))
    found = examine(references(store.load_reference(conn, version)), seen_of(lines, samples))
    judged = judge(found)
    ends = ends_of(store.load_ends(conn, version, since, now))
    look = LookRow(
        at=now,
        version=version,
        lines_from=min(since, now),
        lines_until=now,
        lines=found.lines,
        patients=found.patients,
        verdict=judged.verdict,
        findings=plain(found, judged, ends),
        reason=reason_of(found, judged),
    )
    return look, judged


def _values(
    conn: ServiceConnection, lines: Sequence[LineRow], since: datetime, until: datetime
) -> Iterator[list[ValueRow]]:
    keys = sorted({line.patient_key for line in lines})
    for first in range(0, len(keys), BATCH):
        yield store.load_values(conn, keys[first : first + BATCH], since, until)


def _keep(conn: ServiceConnection, look: LookRow, judged: Judged) -> LookRow:
    """Keep a look; if the model is out of range and still in use, take it back and say so."""
    models.hold_models(conn)
    turns = models.load_turns(conn)
    look = replace(look, at=after_all(turns, look.at))
    store.save_look(conn, new_id(look.at), look)
    note_run(conn, Service.REVIEW, "model_look", about=look.version, verdict=look.verdict)
    _log.info("model_look", version=look.version, verdict=look.verdict, lines=look.lines)
    if judged.verdict is Verdict.OUT_OF_RANGE and in_use(turns) == look.version:
        models.save_turn(conn, new_id(look.at), None, "rules_only", look.reason, look.at)
        note_run(conn, Service.REVIEW, "model_rules_only", about="rules")
        reference = f"{look.version} {look.at:%Y-%m-%d %H:%M}"
        tell_operator(conn, Occurrence.MODEL_OUT_OF_RANGE, reference, look.at)
    return look
