"""Use cases of running follow-ups: first calls, what a record shows, households, own agreement."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from coordination.inclusion import ending_store as store
from coordination.inclusion import inclusion_store
from coordination.inclusion.follow_up import (
    Agreement,
    Attempt,
    Episode,
    FollowUpLine,
    OpenInclusion,
    Relative,
    answered,
)
from coordination.inclusion.information import TEXTS, Kind
from core import clock
from core.access import Permission
from core.doors import Actor, CareContext, acting_as, note_access
from core.i18n import Translate
from core.ids import new_id

MOST: Final = 300
"""Follow-ups on the page; those nobody has spoken with come first."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the acting organisation follows and has begun."""

    lines: list[FollowUpLine]
    open: list[OpenInclusion]


@dataclass(frozen=True, slots=True)
class FollowUpRecord:
    """The follow-ups of a record, latest first, with all that belongs to them."""

    episodes: list[Episode]
    agreements: list[Agreement]
    attempts: list[Attempt]
    household: list[Relative]

    @property
    def running(self) -> list[Episode]:
        """Return the follow-ups that have not ended."""
        return [one for one in self.episodes if one.ended_at is None]

    def agreements_of(self, episode: UUID) -> list[Agreement]:
        """Return what was answered about one follow-up, latest first."""
        return [one for one in self.agreements if one.episode_id == episode]

    def attempts_of(self, episode: UUID) -> list[Attempt]:
        """Return the attempts to speak with the patient for one follow-up, latest first."""
        return [one for one in self.attempts if one.episode_id == episode]


def desk(actor: Actor) -> Desk:
    """Return the follow-ups of the acting organisation; the look is audited."""
    with acting_as(actor) as conn:
        lines = inclusion_store.load_follow_ups(conn, MOST)
        begun = inclusion_store.load_open(conn, MOST)
        shown = [str(line.patient_id) for line in lines]
        shown += [str(one.patient_id) for one in begun]
        if shown:
            about = {"patients": shown}
            note_access(conn, actor, Permission.PATIENTS_INCLUDE, None, "R", about)
    return Desk(lines, begun)


def record(ctx: CareContext) -> FollowUpRecord:
    """Return the follow-ups of a record; needs `plan:read`."""
    with acting_as(ctx, detail={"read": "follow_up"}) as conn:
        return FollowUpRecord(
            episodes=store.load_episodes(conn, ctx.patient),
            agreements=store.load_agreements(conn, ctx.patient),
            attempts=store.load_attempts(conn, ctx.patient),
            household=store.load_household(conn, ctx.patient),
        )


def attempt(ctx: CareContext, episode: UUID, outcome: str, note: str) -> bool:
    """Note that somebody tried to speak with the patient; False for no such running follow-up."""
    now = clock.now()
    with acting_as(ctx, action="C", detail={"episode": str(episode), "outcome": outcome}) as conn:
        return store.save_attempt(
            conn,
            id=new_id(now),
            patient=ctx.patient,
            episode=episode,
            by=ctx.actor.person,
            outcome=outcome,
            note=note.strip(),
            now=now,
        )


def link(ctx: CareContext, other: UUID, kind: str) -> bool:
    """Tie somebody to the index patient in hand; False when the actor may not, or they are one."""
    with acting_as(ctx, action="C", detail={"other": str(other), "kind": kind}) as conn:
        return store.link_household(
            conn, id=new_id(clock.now()), patient=ctx.patient, other=other, kind=kind
        )


def unlink(ctx: CareContext, tie: UUID) -> bool:
    """End a tie; False when there is none."""
    with acting_as(ctx, action="U", detail={"tie": str(tie)}) as conn:
        return store.end_household(conn, ctx.patient, tie)


def unanswered(ctx: CareContext) -> bool:
    """Say whether the patient has yet to answer what he is told about a running follow-up."""
    with acting_as(ctx, detail={"read": "agreement"}) as conn:
        episodes = store.load_episodes(conn, ctx.patient)
        agreements = store.load_agreements(conn, ctx.patient)
    return any(
        one.ended_at is None
        and answered([each for each in agreements if each.episode_id == one.id], "telemonitoring")
        is None
        for one in episodes
    )


def agree(ctx: CareContext, episode: UUID, agreed: dict[Kind, bool], say: Translate) -> bool:
    """Write down what the patient himself answers, in the words he was shown, on his own device."""
    now = clock.now()
    with acting_as(ctx, action="C", detail={"episode": str(episode)}) as conn:
        if not _is_running(store.load_episodes(conn, ctx.patient), episode):
            return False
        for told in TEXTS:
            inclusion_store.save_agreement(
                conn,
                id=new_id(now),
                episode=episode,
                patient=ctx.patient,
                told=told,
                wording=say(told.wording),
                agreed=agreed[told.kind],
                means="digital",
                given_by=ctx.patient,
                recorded_by=ctx.actor.person,
                now=now,
            )
    return True


def _is_running(episodes: list[Episode], episode: UUID) -> bool:
    return any(one.id == episode and one.ended_at is None for one in episodes)
