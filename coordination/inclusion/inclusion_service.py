"""Use cases of the path to a follow-up: what was typed is kept, all of it begins or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from alerts.prescribing_service import NotBegun, prescribe_in
from coordination.consent import Means
from coordination.inclusion import ending_store, request_store
from coordination.inclusion import inclusion_store as store
from coordination.inclusion.follow_up import contact_due
from coordination.inclusion.information import TELEMONITORING, USAGE_DATA, Told
from coordination.inclusion.path import PROBLEM_SENTENCES, Mend, Wanted
from coordination.inclusion.request import Request
from core import clock
from core.doors import CareContext, PersonConnection, acting_as
from core.i18n import Translate
from core.ids import new_id
from devices import store as devices
from devices.store import Lendable
from identity.administration import patient_service
from identity.administration.patient_service import PatientInvited
from questionnaires.plans import service as plans
from questionnaires.plans.plan import PlanRefused

Typed = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Where an inclusion stands: what was typed, for which request, what can be lent."""

    typed: dict[str, Any]
    saved_at: datetime | None
    request: Request | None
    devices: list[Lendable]
    may_include: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Included:
    """The follow-up runs; `invited` says how the patient gets the code of his account."""

    episode: UUID
    contact_due_at: datetime
    invited: PatientInvited | None


class _Stop(Exception):  # noqa: N818
    """Takes everything back that this inclusion has begun; `field` is what to mend."""

    def __init__(self, field: str) -> None:
        self.field = field


def path(ctx: CareContext, request: UUID | None) -> Path:
    """Return the inclusion the acting organisation has begun for a patient, or a fresh one."""
    with acting_as(ctx, detail={"read": "inclusion"}) as conn:
        organisation = store.acting_in(conn)
        row = store.lock_inclusion(conn, ctx.patient, organisation) if organisation else None
        asked = (row.request_id if row else None) or request
        found = _request_of(conn, ctx, organisation, asked)
        return Path(
            typed=row.typed if row else {},
            saved_at=row.saved_at if row else None,
            request=found,
            devices=devices.load_lendable(conn),
            may_include=organisation is not None,
        )


def keep(ctx: CareContext, typed: Typed, request: UUID | None) -> bool:
    """Keep what was typed so far; False in a post that includes nobody."""
    with acting_as(ctx, action="U", detail={"keep": "inclusion"}) as conn:
        return _row(conn, ctx, typed, request) is not None


def include(
    ctx: CareContext, wanted: Wanted, typed: Typed, request: UUID | None, say: Translate
) -> Included | Mend:
    """Begin a follow-up: watching, plan, agreement, device, circle, first call due; or nothing."""
    programme = plans.programmes().get(wanted.programme.id)
    pinned = plans.pin(programme) if programme else PlanRefused("programme")
    if programme is None or isinstance(pinned, PlanRefused):
        return _mend("plan")
    now = clock.now()
    try:
        with acting_as(ctx, action="C", detail={"programme": wanted.programme.id}) as conn:
            row = _row(conn, ctx, typed, request)
            if row is None:
                return _mend("post")
            episode = _begin(conn, ctx, row, wanted, now)
            _agree(conn, ctx, episode, wanted, say, now)
            choices = plans.Choices(
                zone=wanted.zone,
                starts_on=wanted.starts_on,
                ends_on=wanted.ends_on,
                high_risk=wanted.high_risk,
            )
            by = ctx.actor.person
            plan = plans.begin_plan(conn, ctx.patient, by, programme, pinned, choices, now)
            if isinstance(plan, PlanRefused):
                raise _Stop("running" if plan.why == "running" else "plan")
            store.name_plan(conn, episode, plan)
            prepared = _surround(conn, ctx, episode, wanted, now)
            store.decide(conn, row.id, "included", by=by, now=now)
    except _Stop as stopped:
        return _mend(stopped.field)
    return Included(
        episode=episode,
        contact_due_at=contact_due(now, wanted.programme.first_contact),
        invited=patient_service.send_invitation(ctx, wanted.mail, prepared) if prepared else None,
    )


def refuse(ctx: CareContext, typed: Typed, request: UUID | None, refusal: str, note: str) -> bool:
    """Include nobody, with the reason; False in a post that includes nobody."""
    with acting_as(ctx, action="U", detail={"refused": refusal}) as conn:
        row = _row(conn, ctx, typed, request)
        return row is not None and store.decide(
            conn,
            row.id,
            "refused",
            by=ctx.actor.person,
            now=clock.now(),
            refusal=refusal,
            note=note.strip(),
        )


def _mend(field: str) -> Mend:
    return Mend({field: PROBLEM_SENTENCES[field]})


def _row(
    conn: PersonConnection, ctx: CareContext, typed: Typed, request: UUID | None
) -> store.InclusionRow | None:
    """Return the path, begun if it was not, with what was typed kept, locked."""
    organisation, now = store.acting_in(conn), clock.now()
    if organisation is None:
        return None
    row = store.lock_inclusion(conn, ctx.patient, organisation)
    if row is None:
        asked = _request_of(conn, ctx, organisation, request)
        store.begin(
            conn,
            id=new_id(now),
            patient=ctx.patient,
            organisation=organisation,
            request=asked.id if asked else None,
            typed=typed,
            by=ctx.actor.person,
            now=now,
        )
        row = store.lock_inclusion(conn, ctx.patient, organisation)
    if row is not None:
        store.keep_typed(conn, row.id, typed, now)
    return row


def _request_of(
    conn: PersonConnection, ctx: CareContext, organisation: UUID | None, request: UUID | None
) -> Request | None:
    """Return the request, if this organisation accepted it for this patient."""
    found = request_store.load_request(conn, request) if request else None
    ours = found is not None and found.state == "accepted" and found.centre == organisation
    return found if found is not None and ours and found.patient_id == ctx.patient else None


def _begin(
    conn: PersonConnection,
    ctx: CareContext,
    row: store.InclusionRow,
    wanted: Wanted,
    now: datetime,
) -> UUID:
    profile, ladder = wanted.programme.profile, wanted.programme.ladder
    prescription = prescribe_in(conn, ctx.patient, profile=profile, ladder=ladder, now=now)
    if isinstance(prescription, NotBegun):
        raise _Stop(prescription)
    episode = new_id(now)
    begun = store.save_episode(
        conn,
        id=episode,
        inclusion=row,
        wanted=wanted,
        prescription=prescription,
        by=ctx.actor.person,
        now=now,
        ends_on=wanted.ends_on,
    )
    if not begun:
        raise _Stop("running")
    return episode


def _agree(
    conn: PersonConnection,
    ctx: CareContext,
    episode: UUID,
    wanted: Wanted,
    say: Translate,
    now: datetime,
) -> None:
    """Write down what he answered; on his own phone he does it himself, later."""
    if wanted.means is Means.DIGITAL:
        return
    answered: tuple[tuple[Told, bool], ...] = (
        (TELEMONITORING, True),
        (USAGE_DATA, bool(wanted.usage_data)),
    )
    for told, agreed in answered:
        store.save_agreement(
            conn,
            id=new_id(now),
            episode=episode,
            patient=ctx.patient,
            told=told,
            wording=say(told.wording),
            agreed=agreed,
            means=wanted.means,
            given_by=ctx.patient,
            recorded_by=ctx.actor.person,
            now=now,
        )


def _surround(
    conn: PersonConnection, ctx: CareContext, episode: UUID, wanted: Wanted, now: datetime
) -> patient_service.Prepared | None:
    """Lend, let in, note the call that is under way; return the account to invite to, if any."""
    if wanted.device and not devices.lend(
        conn, id=new_id(now), device=wanted.device, patient=ctx.patient
    ):
        raise _Stop("device")
    if wanted.gp:
        said = store.welcome(conn, id=new_id(now), patient=ctx.patient, who=wanted.gp, role="gp")
        if said not in ("in", "already"):
            raise _Stop("gp")
    if wanted.talking:
        ending_store.save_attempt(
            conn,
            id=new_id(now),
            patient=ctx.patient,
            episode=episode,
            by=ctx.actor.person,
            outcome="reached",
            note="",
            now=now,
        )
    if not wanted.mail:
        return None
    prepared = patient_service.prepare_account(conn, ctx, wanted.mail)
    state = prepared.state
    if state in ("mail_taken", "dead"):
        raise _Stop(state)
    if state not in ("invited", "active"):
        raise _Stop("account")
    return prepared if state == "invited" else None
