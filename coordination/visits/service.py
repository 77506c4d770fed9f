"""Use cases of visits: the week of a patient, one's own of today, what came of one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from psycopg import errors

from coordination.visits import store
from coordination.visits.visit import (
    Day,
    Line,
    Outcome,
    Report,
    Unfit,
    Written,
    parse_line,
    refuse_report,
    week,
)
from core import clock
from core.access import Allowed, Permission, decide
from core.care import load_held
from core.doors import Actor, CareContext, PersonConnection, acting_as, note_access
from core.ids import new_id
from core.rights import rights


@dataclass(frozen=True, slots=True)
class Done:
    """It is done."""


@dataclass(frozen=True, slots=True)
class Gone:
    """There is no such visit of the actor's in this record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Who comes in a week, every line that runs, and what the reader may do."""

    days: list[Day]
    lines: list[Line]
    may_plan: bool
    may_report: bool
    may_act: bool
    """Whether he may give somebody something to do."""


def visits(ctx: CareContext, first: date) -> Week:
    """Return the week of a patient from a day on; needs `visits:read`."""
    with acting_as(ctx, detail={"what": "visits"}) as conn:
        lines = store.load_lines(conn, ctx.patient, first)
        reports = store.load_reports(conn, ctx.patient, first)
        return Week(
            days=week(lines, reports, first),
            lines=[one for one in lines if one.ended_on is None],
            may_plan=_grants(conn, ctx, Permission.PLAN_WRITE),
            may_report=_grants(conn, ctx, Permission.VISITS_REPORT),
            may_act=_grants(conn, ctx, Permission.ACTIONS_WRITE),
        )


def add(ctx: CareContext, written: Written, members: Collection[UUID], today: date) -> Done | Unfit:
    """Note that somebody comes on some days of the week; needs `plan:write`."""
    line = parse_line(written, members, today)
    if isinstance(line, Unfit):
        return line
    now = clock.now()
    id = new_id(now)
    try:
        with acting_as(ctx, action="C", detail={"visit": str(id)}) as conn:
            store.add_line(conn, ctx.patient, line, id=id, by=ctx.actor.person, now=now)
    except errors.InsufficientPrivilege:
        return Unfit("party")
    return Done()


def end(ctx: CareContext, line: UUID, today: date) -> Done | Gone:
    """Note that somebody comes no more from today on; needs `plan:write`."""
    with acting_as(ctx, action="U", detail={"visit": str(line)}) as conn:
        done = store.end_line(conn, ctx.patient, line, by=ctx.actor.person, day=today)
    return Done() if done else Gone()


def report(
    ctx: CareContext, line: UUID, day: date, outcome: Outcome, raw_words: str, today: date
) -> Done | Gone | Unfit:
    """Say what came of a visit; needs `visits:report`, and that one comes or writes the plan."""
    words = raw_words.replace("\r\n", "\n").strip()
    now = clock.now()
    with acting_as(ctx, action="C", detail={"visit": str(line), "outcome": outcome}) as conn:
        if not _is_here(conn, ctx, line, day):
            return Gone()
        refused = refuse_report(outcome, words, day, today)
        if refused is not None:
            return refused
        new = (new_id(now), new_id(now))
        said = store.report_visit(conn, line, day, outcome, words, new)
    if said == "done":
        return Done()
    return Gone() if said == "gone" else Unfit("said")


def undo(ctx: CareContext, line: UUID, day: date) -> Done | Gone:
    """Take back what was said of a visit, as whoever said it or writes the plan."""
    with acting_as(ctx, action="U", detail={"visit": str(line)}) as conn:
        here = _is_here(conn, ctx, line, day)
        done = here and store.undo_report(conn, line, day)
    return Done() if done else Gone()


def _is_here(conn: PersonConnection, ctx: CareContext, line: UUID, day: date) -> bool:
    return any(one.id == line for one in store.load_lines(conn, ctx.patient, day))


def problem(ctx: CareContext, report_id: UUID) -> Report | None:
    """Return a problem of a visit, that something is to be done about; needs `visits:read`."""
    with acting_as(ctx, detail={"report": str(report_id)}) as conn:
        found = store.load_report(conn, ctx.patient, report_id)
    return found if found and found.outcome == Outcome.PROBLEM else None


def mine(actor: Actor, today: date) -> list[store.MyVisit]:
    """Return the visits of today that are the actor's own; each record is traced."""
    with acting_as(actor) as conn:
        found = store.load_mine(conn, today)
        for patient in sorted({one.patient_id for one in found}):
            held = decide(load_held(conn, patient), Permission.VISITS_READ, rights())
            note_access(
                conn,
                actor,
                Permission.VISITS_READ,
                patient,
                "R",
                {"what": "today"},
                through=held.through if isinstance(held, Allowed) else None,
            )
    return found


def _grants(conn: PersonConnection, ctx: CareContext, permission: Permission) -> bool:
    return isinstance(decide(load_held(conn, ctx.patient), permission, rights()), Allowed)
