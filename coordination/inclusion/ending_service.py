"""Use cases of an exit: a follow-up ended, a death noted or taken back, a device given back.

All that an exit stops is stopped in one transaction. The letter is drawn before it, for that takes
seconds, and kept in it.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

import psycopg

from alerts.store import exits
from coordination import store as circle_store
from coordination.inclusion import ending_store, exit_store, inclusion_store
from coordination.inclusion.ending import (
    PLAN_REASONS,
    EndingPage,
    Exit,
    LetterFacts,
    Problem,
)
from coordination.inclusion.follow_up import Episode, ExitReason
from coordination.inclusion.notice_service import tell
from core import clock
from core.doors import CareContext, PersonConnection, VisiblePatientId, acting_as
from core.failpoint import failpoint
from core.ids import new_id
from identity.people import PatientTraits, SignedIn
from questionnaires.plans.asked_store import load_asked
from questionnaires.plans.service import end_plan

Draw = Callable[[LetterFacts], bytes]
"""Draws a letter as a PDF."""
ALERT_OPEN = "CHV02"
"""SQLSTATE of an exit that would leave an alert behind."""
ATTENDING = ("gp", "coordinating_doctor")


def ending_page(ctx: CareContext) -> EndingPage:
    """Return how the follow-ups of a record stand; needs `plan:read`."""
    with acting_as(ctx) as conn:
        episodes = ending_store.load_episodes(conn, ctx.patient)
        return EndingPage(
            running=[one for one in episodes if one.ended_at is None],
            past=[one for one in episodes if one.ended_at is not None],
            alerts=exits.load_open(conn, ctx.patient),
            kit=exit_store.load_kit(conn, ctx.patient),
            letters=exit_store.load_letters(conn, ctx.patient),
            deaths=ending_store.load_deaths(conn, ctx.patient),
            to_tell=exit_store.load_to_tell(conn, ctx.patient),
        )


def died_on(ctx: CareContext) -> date | None:
    """Return the day of a death that is noted; None too for whoever may not read the identity."""
    with acting_as(ctx) as conn:
        return exit_store.load_died_on(conn, ctx.patient)


def end(
    ctx: CareContext,
    episode: UUID,
    wanted: Exit,
    *,
    by: SignedIn,
    traits: PatientTraits | None,
    draw: Draw,
) -> Problem | None:
    """End a follow-up with all that hangs on it, and write to the attending doctors.

    Returns None when it is done; `ended` and `alerts` change nothing. Needs `monitoring:write`.
    """
    now = clock.now()
    with acting_as(ctx) as conn:
        found = _running(conn, ctx.patient, episode)
        if found is None:
            return Problem("ended")
        facts = _facts(conn, ctx.patient, found, by, traits, now, wanted.reason, wanted.note, None)
    pdf = draw(facts)
    detail = {"episode": str(episode), "reason": str(wanted.reason)}
    try:
        with acting_as(ctx, action="U", detail=detail) as conn:
            if not _end(conn, ctx, found, wanted, pdf, clock.now()):
                return Problem("ended")
    except psycopg.errors.DatabaseError as error:
        if error.sqlstate != ALERT_OPEN:
            raise
        return Problem("alerts")
    failpoint("exit.after_commit")
    tell(clock.now())
    return None


def _running(conn: PersonConnection, patient: UUID, episode: UUID) -> Episode | None:
    episodes = ending_store.load_episodes(conn, patient)
    return next((one for one in episodes if one.id == episode and one.ended_at is None), None)


def _end(
    conn: PersonConnection,
    ctx: CareContext,
    episode: Episode,
    wanted: Exit,
    pdf: bytes,
    now: datetime,
) -> bool:
    ending_store.hold_still(conn, ctx.patient)
    ended = ending_store.end_episode(
        conn,
        episode=episode.id,
        reason=wanted.reason,
        note=wanted.note,
        alerts=wanted.alerts,
        notice=new_id(now),
    )
    match ended:
        case "ended" | "gone":
            return False
        case "ended_last":
            _end_plans(conn, ctx, wanted.reason, now)
        case "ended_one":
            if episode.plan_id is not None:
                _end_plans(conn, ctx, wanted.reason, now, episode.plan_id)
        case _:
            assert_never(ended)
    exit_store.keep_letter(
        conn,
        id=new_id(now),
        patient=ctx.patient,
        episode=episode.id,
        by=ctx.actor.person,
        now=now,
        pdf=pdf,
    )
    return True


def _end_plans(
    conn: PersonConnection,
    ctx: CareContext,
    reason: ExitReason,
    now: datetime,
    plan: UUID | None = None,
) -> int:
    why = PLAN_REASONS[reason]
    return end_plan(conn, ctx.patient, why, now, by=ctx.actor.person, plan=plan)


def note_death(
    ctx: CareContext,
    died_on: date,
    *,
    by: SignedIn,
    traits: PatientTraits | None,
    draw: Draw,
) -> Problem | None:
    """Note a death: all that would ask, remind, call or tell the patient or his family stops.

    Returns None when it is done. Needs `monitoring:write`, in a post of an organisation.
    """
    if by.organisation is None:
        return Problem("post")
    now = clock.now()
    with acting_as(ctx) as conn:
        running = [
            one for one in ending_store.load_episodes(conn, ctx.patient) if one.ended_at is None
        ]
        last = running[0] if running else None
        facts = _facts(conn, ctx.patient, last, by, traits, now, ExitReason.DEATH, "", died_on)
    pdf = draw(facts)
    with acting_as(ctx, action="U", detail={"noted": "death"}) as conn:
        if not _note_death(conn, ctx, died_on, pdf, clock.now()):
            return Problem("noted")
    failpoint("death.after_commit")
    tell(clock.now())
    return None


def _note_death(
    conn: PersonConnection, ctx: CareContext, died_on: date, pdf: bytes, now: datetime
) -> bool:
    ending_store.hold_still(conn, ctx.patient)
    plans = _end_plans(conn, ctx, ExitReason.DEATH, now)
    death = new_id(now)
    noted = ending_store.note_death(
        conn, id=death, patient=ctx.patient, died_on=died_on, plans=plans, notice=new_id(now)
    )
    if noted:
        exit_store.keep_letter(
            conn,
            id=new_id(now),
            patient=ctx.patient,
            death=death,
            by=ctx.actor.person,
            now=now,
            pdf=pdf,
        )
    return noted


def undo_death(ctx: CareContext, reason: str) -> Problem | None:
    """Take back a death that was noted in error; whoever was told is told of the error."""
    now = clock.now()
    with acting_as(ctx, action="U", detail={"undone": "death"}) as conn:
        done = ending_store.undo_death(conn, patient=ctx.patient, reason=reason, notice=new_id(now))
    if done == "gone":
        return Problem("gone")
    tell(clock.now())
    return None


def relative_told(ctx: CareContext, party: UUID) -> bool:
    """Note that the actor has told a relative of the death."""
    with acting_as(ctx, action="U", detail={"told": str(party)}) as conn:
        return exit_store.note_relative_told(conn, ctx.patient, party)


def settle_kit(ctx: CareContext, kit: UUID, outcome: str) -> bool:
    """Note that a device of the acting organisation came back, or is lost."""
    with acting_as(ctx, action="U", detail={"kit": str(kit), "outcome": outcome}) as conn:
        of_patient = any(one.id == kit for one in exit_store.load_kit(conn, ctx.patient))
        return of_patient and inclusion_store.settle_kit(conn, kit, outcome) is not None


def letter(ctx: CareContext, id: UUID) -> bytes | None:
    """Return a letter of the record as it was kept; needs `documents:read`."""
    with acting_as(ctx, detail={"letter": str(id)}) as conn:
        return exit_store.load_letter(conn, ctx.patient, id)


def _facts(
    conn: PersonConnection,
    patient: VisiblePatientId,
    episode: Episode | None,
    by: SignedIn,
    traits: PatientTraits | None,
    now: datetime,
    reason: ExitReason,
    note: str,
    died_on: date | None,
) -> LetterFacts:
    since = episode.included_at if episode else now
    return LetterFacts(
        patient_name=traits.shown_name if traits else "",
        birth_date=traits.birth_date if traits else date.min,
        ins=traits.say_ins if traits else None,
        to=_attending(conn, patient, now),
        author=by.name,
        organisation=by.organisation_name or "",
        programme=episode.programme if episode else None,
        began_at=episode.included_at if episode else None,
        ended_at=now,
        reason=reason,
        note=note,
        died_on=died_on,
        asked=load_asked(conn, patient, since, now),
        alerts=exits.load_since(conn, patient, since),
    )


def _attending(conn: PersonConnection, patient: VisiblePatientId, now: datetime) -> Sequence[str]:
    members = circle_store.load_members(conn, patient)
    return [one.name for one in members if one.role in ATTENDING and one.is_live(now)]
