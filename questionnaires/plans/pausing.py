"""How long a pause may be. Pure."""

from collections.abc import Iterable
from datetime import datetime

from questionnaires.plans.plan import LONGEST_PAUSE, LONGEST_PAUSE_BY_LAW, Plan, PlanRefused


def refuse_pause(
    plans: Iterable[Plan], starts_at: datetime, ends_at: datetime, now: datetime
) -> PlanRefused | None:
    """Say why a pause cannot be: it ends in the future, after it begins, and within a bound."""
    if not now < ends_at or not starts_at < ends_at or ends_at - starts_at > LONGEST_PAUSE:
        return PlanRefused("pause")
    by_law = any(plan.required_by_law and plan.ended_at is None for plan in plans)
    if by_law and ends_at - starts_at > LONGEST_PAUSE_BY_LAW:
        return PlanRefused("pause_by_law")
    return None
