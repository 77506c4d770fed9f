"""Works at one share of a run: some patients, one transaction, all of its lines or none.

Whoever takes a share holds its row until he commits: another who is told of it goes on to the next.
Killed, he leaves nothing behind, and the share is taken again. An attempt is counted before the
work, in a transaction of its own: a share that kills whoever works at it does not come back for
ever. A line stands once for each run, patient and instant, whatever happens. Many work at once, so
each computes with one thread: threads that wait for one another on a busy machine take ten times as
long.
"""

from typing import Final
from uuid import UUID

import psycopg
import structlog
from threadpoolctl import threadpool_limits

from alerts.model_service import heads_of
from alerts.rescored import Scored, score
from alerts.rescoring import instants, stretches
from alerts.rescoring_given import AFTERWARDS, asked_at_each
from alerts.risk_input import GIVEN, WINDOW
from alerts.setback import place_of
from alerts.store import rescoring
from alerts.store.rescoring import PatientRow, ShareRow
from core import clock
from core.doors import Service, ServiceConnection, note_run, serving
from core.failpoint import failpoint
from core.ids import new_id
from scoring.model.heads import Heads

_log = structlog.get_logger("alerts")
MOST_ATTEMPTS: Final = 3
"""How often a share is begun before it is given up. Source: proposed."""
GIVEN_UP: Final = "GivenUp"
"""The fault of a share that was begun so often and never came to its end."""


class NoModelError(Exception):
    """The file of the version cannot be read, or is not what it was."""


def work_share(run: UUID, number: int | None = None) -> int | None:
    """Do a share (any that waits, if no number is given); return its lines.

    None where there is none to take: done, called off, or somebody works at it. A share that
    cannot be done is marked as failed, with the kind of fault; a database that is gone leaves it,
    MOST_ATTEMPTS times.
    """
    with serving(Service.REVIEW) as conn:
        begun = rescoring.count_attempt(conn, run, number, MOST_ATTEMPTS, GIVEN_UP)
    if begun is None:
        return None
    if begun.given_up:
        _log.error("share_given_up", run=str(run), share=begun.number)
        return 0
    try:
        with serving(Service.REVIEW) as conn:
            taken = rescoring.take_share(conn, run, begun.number)
            # Somebody was quicker between the two transactions: no lines of ours.
            lines = _work(conn, taken) if taken else 0
        failpoint("rescoring.after_commit")
    except psycopg.OperationalError:
        raise
    except Exception as fault:
        _log.error("share_failed", run=str(run), share=begun.number, **place_of(fault))
        with serving(Service.REVIEW) as conn:
            rescoring.share_failed(conn, run, begun.number, type(fault).__name__)
        return 0
    with serving(Service.REVIEW) as conn:
        rescoring.finish_runs(conn, clock.now())
    return lines


def _work(conn: ServiceConnection, share: ShareRow) -> int:
    taken_at, lines = clock.now(), 0
    heads = heads_of(conn, share.version)
    if heads is None:
        raise NoModelError
    for patient in rescoring.load_patients(conn, share.run_id, share.number):
        found = _lines(conn, heads, share, patient)
        now = clock.now()
        named = [(new_id(now), line) for line in found]
        rescoring.save_lines(conn, share, patient.patient_id, named, WINDOW, now)
        lines += len(found)
        failpoint("rescoring.in_share")
    rescoring.share_done(conn, share, lines, taken_at, clock.now())
    note_run(conn, Service.REVIEW, "model_rescoring_share", run=str(share.run_id), lines=lines)
    failpoint("rescoring.before_commit")
    return lines


def _lines(
    conn: ServiceConnection, heads: Heads, share: ShareRow, patient: PatientRow
) -> list[Scored]:
    spans = list(zip(patient.since, patient.until, strict=True))
    at = instants(share.asked_from, share.asked_until, share.every, spans)
    found: list[Scored] = []
    for some in stretches(at):
        since, until = some[0] - WINDOW, some[-1] + AFTERWARDS
        measured = rescoring.load_measured(conn, patient.patient_key, GIVEN, since, until)
        readings = [row.reading for row in measured]
        flows = rescoring.load_oxygen(conn, patient.patient_id, since, some[-1])
        asked = asked_at_each(
            readings,
            [(row.at, row.flow_l_min) for row in flows],
            patient.birth_date,
            patient.sex,
            some,
        )
        with threadpool_limits(1):
            found += score(heads, asked, readings)
    return found
