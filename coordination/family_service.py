"""Use cases of the family: whom the patient lets be told when he does not answer."""

from uuid import UUID

from coordination import family_store
from coordination.family import Relative
from core.doors import CareContext, acting_as


def family(ctx: CareContext) -> list[Relative]:
    """Return the family in the circle; empty for whoever does not speak for the patient."""
    with acting_as(ctx, detail={"read": "family"}) as conn:
        return family_store.load_family(conn, ctx.patient)


def tell_of_silence(ctx: CareContext, membership: UUID, *, told: bool) -> bool:
    """Let a member of the family be told when no answer comes, or take it back.

    For the patient himself or somebody with `circle:manage`; False when there is no such member.
    """
    detail = {"membership": str(membership), "told_of_silence": "yes" if told else "no"}
    with acting_as(ctx, action="U", detail=detail) as conn:
        found = family_store.load_family(conn, ctx.patient)
        if membership not in {one.membership_id for one in found}:
            return False
        return family_store.save_told(conn, membership, told=told)
