"""Use cases of membership: who enters and leaves, who manages the circle, what was agreed to.

Every change names the version of the circle that its author was shown. A circle that has changed
since is left as it is: two people never undo each other's work unseen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID

from coordination import store
from coordination.circle import Circle, Found, Joining, Member, circle_of
from coordination.consent import Consent
from coordination.joining import Problem, Stay, decide_stay, last_moment, sentence
from core import clock
from core.access import Allowed, Permission, decide
from core.care import load_held, open_record
from core.doors import CareContext, PersonConnection, acting_as
from core.ids import new_id
from core.rights import rights


@dataclass(frozen=True, slots=True)
class Joined:
    """The party is in the circle from `starts_at` on."""

    name: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Ended:
    """The stay is over, or will be at the day that was named."""


@dataclass(frozen=True, slots=True)
class Gone:
    """There was nothing to end."""


def circle(ctx: CareContext) -> Circle:
    """Return who is, will be and was in the circle; needs `circle:read`."""
    with acting_as(ctx) as conn:
        head = store.load_head(conn, ctx.patient)
        return circle_of(head, store.load_members(conn, ctx.patient), clock.now())


def opened_if_allowed(ctx: CareContext, permission: Permission) -> CareContext | None:
    """Open the record for one more right if the actor holds it; asking alone is no refusal."""
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        verdict = decide(load_held(conn, ctx.patient), permission, rights())
    if not isinstance(verdict, Allowed):
        return None
    opened = open_record(ctx.actor, ctx.patient, permission)
    return opened if isinstance(opened, CareContext) else None


def find_party(ctx: CareContext, form: Joining) -> Found | None:
    """Return the person or the organisation a form names; needs `circle:manage`."""
    with acting_as(ctx, detail={"looked_for": form.kind}) as conn:
        return _party(conn, ctx, form)


def find_organisations(ctx: CareContext, text: str) -> list[Found]:
    """Return organisations by a part of their name; needs `circle:manage`."""
    with acting_as(ctx, detail={"looked_for": "organisation"}) as conn:
        return store.find_organisations(conn, ctx.patient, text)


def join(
    ctx: CareContext, form: Joining, *, zone: tzinfo, say: Callable[[str], str]
) -> Joined | Refused:
    """Put a party into the circle for one stay; needs `circle:manage`.

    `say` translates the text that was agreed to into the language it was read in.
    """
    now = clock.now()
    stay = decide_stay(form, rights=rights(), now=now, zone=zone)
    if isinstance(stay, Problem):
        return Refused(stay)
    detail = {"role": stay.role, "basis": stay.basis}
    with acting_as(ctx, action="C", detail=detail) as conn:
        if not store.take_circle(conn, ctx.patient, form.version):
            return Refused(Problem.STALE)
        found = _party(conn, ctx, form)
        if found is None:
            return Refused(Problem.NOBODY)
        present = store.load_members(conn, ctx.patient)
        if _overlaps(present, found.party, stay):
            return Refused(Problem.ALREADY)
        membership = _save(conn, ctx, found, stay, form)
        if stay.text is not None and stay.means is not None and stay.given_on is not None:
            store.save_consent(
                conn,
                id=new_id(now),
                patient=ctx.patient,
                membership=membership,
                text=stay.text,
                wording=sentence(stay.text, found.name, stay, rights(), say),
                permissions=stay.agreed,
                given_on=stay.given_on,
                given_by=_giver(present, form.consent_by) or ctx.patient,
                means=stay.means,
                recorded_by=ctx.actor.person,
                now=now,
            )
    return Joined(found.name, stay.starts_at)


def _party(conn: PersonConnection, ctx: CareContext, form: Joining) -> Found | None:
    if form.kind != "organisation":
        return store.load_person(conn, ctx.patient, form.party.strip())
    try:
        found = store.find_organisations(conn, ctx.patient, "", UUID(form.party))
    except ValueError:
        return None
    return found[0] if found else None


def _overlaps(present: list[Member], party: UUID, stay: Stay) -> bool:
    return any(
        (member.party, member.role) == (party, stay.role)
        and member.overlaps(stay.starts_at, stay.ends_at)
        for member in present
    )


def _giver(present: list[Member], raw: str) -> UUID | None:
    """Return the representative who agreed for the patient, if he is in the circle."""
    now = clock.now()
    return next(
        (
            member.party
            for member in present
            if str(member.party) == raw and member.measure_scope and member.is_live(now)
        ),
        None,
    )


def _save(
    conn: PersonConnection, ctx: CareContext, found: Found, stay: Stay, form: Joining
) -> UUID:
    membership = new_id(clock.now())
    store.save_member(
        conn,
        id=membership,
        patient=ctx.patient,
        party=found.party,
        role=stay.role,
        basis=stay.basis,
        agreed=stay.agreed,
        scope=stay.scope,
        starts_at=stay.starts_at,
        ends_at=stay.ends_at,
        granted_by=ctx.actor.person,
        reason=form.reason.strip() or None,
    )
    return membership


def end(
    ctx: CareContext, membership: UUID, *, version: int, reason: str, ends_on: str, zone: tzinfo
) -> Ended | Gone | Refused:
    """Let a member leave, now or at the end of a day to come; needs `circle:manage`.

    One who sleeps, for the record is not shared, leaves at once: he is not woken any more.
    """
    now = clock.now()
    ends_at = last_moment(ends_on, now, zone)
    if ends_at is None:
        return Refused(Problem.DATES)
    with acting_as(ctx, action="U", detail={"membership": str(membership)}) as conn:
        present = {one.membership_id: one for one in store.load_members(conn, ctx.patient)}
        if membership not in present:
            return Gone()
        why = reason.strip() or None
        if present[membership].is_past(now):
            asleep = store.end_sleeper(conn, ctx.patient, membership, why)
            return Ended() if asleep else Gone()
        if not store.take_circle(conn, ctx.patient, version):
            return Refused(Problem.STALE)
        done = store.save_end(
            conn,
            ctx.patient,
            membership,
            ends_at=ends_at,
            now=now,
            by=ctx.actor.person,
            reason=why,
        )
    return Ended() if done else Gone()


def name_manager(ctx: CareContext, organisation: UUID, version: int) -> bool | Refused:
    """Let an organisation of the circle answer for it; needs `circle:manage`."""
    with acting_as(ctx, action="U", detail={"manager": str(organisation)}) as conn:
        if not store.take_circle(conn, ctx.patient, version):
            return Refused(Problem.STALE)
        return store.save_manager(conn, ctx.patient, organisation)


def consents(ctx: CareContext) -> list[Consent]:
    """Return what the patient agreed to; empty for whoever does not answer for the record."""
    with acting_as(ctx, detail={"read": "consents"}) as conn:
        return store.load_consents(conn, ctx.patient)


def withdraw_consent(ctx: CareContext, consent: UUID) -> bool:
    """Take a consent back, and close what it alone had opened; False when it was gone already.

    For the patient himself, or for somebody with `circle:manage` who heard it from him.
    """
    with acting_as(ctx, action="U", detail={"consent_withdrawn": str(consent)}) as conn:
        return store.end_consent(conn, ctx.patient, consent)
