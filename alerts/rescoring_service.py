"""Runs of a model over a past period: begun, stopped, let go on, looked at.

Nothing here reads a model: the web starts runs too, and whoever works at a share is a worker
(`alerts.share_service`). A broker is only told which share to look at: it may lose that or say it
twice, and the next round tells of what is left.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from alerts.beside import Beside, beside
from alerts.rescoring import Asked, NotAsked, check
from alerts.store import models, rescoring
from alerts.store.rescoring import ChoicesRow, RunRow, ToldRow
from core import clock
from core.access import Permission
from core.doors import Actor, Service, acting_as, note_access, note_run, serving
from core.ids import new_id
from identity.store import administration

TOLD_AGAIN: Final = timedelta(minutes=2)
"""A share nobody did for so long is told of again: as long as the broker waits for a worker."""
MOST_TOLD: Final = 100
"""Shares told of in one round."""
MOST_RUNS: Final = 100
"""Runs listed."""
LIVE: Final = "live"
"""The name of the lines that no run made."""
NOBODY: Final = NotAsked("until", "Nobody was followed in that period.")
NO_VERSION: Final = NotAsked("version", "There is no such version.")


def centre_of(which: str) -> UUID | None:
    """Return the organisation of an identifier or a FINESS number."""
    with serving(Service.ADMINISTRATION) as conn:
        found = administration.load_organisation(conn, which)
    return found.organisation if found else None


def begin(asked: Asked) -> UUID | NotAsked:
    """Begin a run as the operator; return its id, or why there is none."""
    wrong = check(asked, clock.now())
    if wrong is not None:
        return wrong
    run = new_id(clock.now())
    with serving(Service.ADMINISTRATION) as conn:
        if not models.load_known(conn, asked.version, ""):
            return NO_VERSION
        if not rescoring.open_run(conn, run, asked):
            return NOBODY
        note_run(conn, Service.ADMINISTRATION, "model_rescoring", run=str(run), about=asked.version)
    return run


def turn(run: UUID, act: str) -> bool:
    """Cancel or resume a run as the operator; tell whether that changed anything."""
    with serving(Service.ADMINISTRATION) as conn:
        turned = rescoring.turn_run(conn, run, act)
        if turned:
            note_run(conn, Service.ADMINISTRATION, f"model_rescoring_{act}", run=str(run))
    return turned


def runs() -> list[RunRow]:
    """Return every run, the newest first."""
    with serving(Service.ADMINISTRATION) as conn:
        return rescoring.load_runs(conn, MOST_RUNS)


def compare(run: UUID, other: UUID | None) -> Beside | None:
    """Return a run beside another, or beside the live lines; None where there is no such run."""
    with serving(Service.ADMINISTRATION) as conn:
        one = rescoring.load_runs(conn, 1, run)
        two = rescoring.load_runs(conn, 1, other) if other else []
        if not one or (other and not two):
            return None
        found = rescoring.load_beside(conn, run, other)
    return beside(found, name_of(one[0]), name_of(two[0]) if two else LIVE)


def put_out(now: datetime) -> list[ToldRow]:
    """Return the shares that workers are to be told of now; note which runs are done."""
    with serving(Service.REVIEW) as conn:
        rescoring.finish_runs(conn, now)
        return rescoring.put_out(conn, now, now - TOLD_AGAIN, MOST_TOLD)


def begin_mine(actor: Actor, asked: Asked) -> UUID | NotAsked:
    """Begin a run about the actor's organisation; needs `accounts:manage`."""
    wrong = check(asked, clock.now())
    if wrong is not None:
        return wrong
    run = new_id(clock.now())
    with acting_as(actor) as conn:
        choices = rescoring.load_choices(conn)
        if asked.version not in choices.versions:
            return NO_VERSION
        if asked.programme is not None and asked.programme not in choices.programmes:
            return NotAsked("programme", "Choose one of the programmes offered.")
        if not rescoring.begin_my_run(conn, run, asked):
            return NOBODY
        note_access(conn, actor, Permission.ACCOUNTS_MANAGE, None, "C", {"model_run": str(run)})
    return run


def turn_mine(actor: Actor, run: UUID, act: str) -> bool | None:
    """Cancel or resume a run of the actor's organisation; None where it is none of his."""
    with acting_as(actor) as conn:
        turned = rescoring.turn_my_run(conn, run, act)
        if turned:
            note_access(conn, actor, Permission.ACCOUNTS_MANAGE, None, "U", {"model_run": str(run)})
    return turned


def my_runs(actor: Actor) -> tuple[list[RunRow], ChoicesRow]:
    """Return the runs of the actor's organisation, the newest first, and what he may choose."""
    with acting_as(actor) as conn:
        return rescoring.load_my_runs(conn, MOST_RUNS), rescoring.load_choices(conn)


def compare_mine(actor: Actor, run: UUID, other: UUID | None) -> tuple[RunRow, Beside] | None:
    """Return a run of the actor's organisation and how it is beside another, or the live lines.

    None where one is none of his.
    """
    with acting_as(actor) as conn:
        one = rescoring.load_my_runs(conn, 1, run)
        two = rescoring.load_my_runs(conn, 1, other) if other else []
        if not one or (other and not two):
            return None
        found = rescoring.load_my_beside(conn, run, other)
        note_access(conn, actor, Permission.ACCOUNTS_MANAGE, None, "R", {"model_run": str(run)})
    return one[0], beside(found or {}, name_of(one[0]), name_of(two[0]) if two else LIVE)


def name_of(run: RunRow) -> str:
    """Return how a run is told from another of the same version."""
    return f"{run.version} #{run.id.hex[-6:]}"
