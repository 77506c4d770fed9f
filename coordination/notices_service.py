"""Use cases of notices to the circle: who is told of what, chosen by the patient or for him."""

from collections.abc import Collection
from uuid import UUID

from coordination import notices_store as store
from coordination.notices import Occasion, ToldMember
from core.doors import CareContext, acting_as


def told_members(ctx: CareContext) -> list[ToldMember]:
    """Return the people of the circle and of what each is told; empty for who may not choose."""
    with acting_as(ctx, detail={"read": "circle_notices"}) as conn:
        return store.load_members(conn, ctx.patient)


def choose(ctx: CareContext, membership: UUID, occasions: Collection[Occasion]) -> bool:
    """Note of what somebody in the circle is told from now on; False for nobody of this circle.

    For the patient himself or somebody with `circle:manage`.
    """
    chosen = ",".join(sorted(occasions))
    detail = {"membership": str(membership), "told_of": sorted(occasions)}
    with acting_as(ctx, action="U", detail=detail) as conn:
        return store.save_choice(conn, ctx.patient, membership, chosen)
