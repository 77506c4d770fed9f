"""Numbers of answers beside the vital signs: sugar, oxygen flow, height, each by its LOINC code."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from core import clock
from core.doors import CareContext, acting_as
from questionnaires import observed_store as store
from questionnaires.library_service import load_edition
from questionnaires.observed_store import Observed
from questionnaires.questionnaire import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The last numbers of one code, newest first, with the question as it was last asked."""

    item: Item
    values: tuple[Observed, ...]

    @property
    def last(self) -> Observed:
        """Return the newest."""
        return self.values[0]


def observed(ctx: CareContext, back: timedelta) -> list[Series]:
    """Return what a patient's answers say in numbers since a while; needs `answers:read`."""
    with acting_as(ctx, detail={"read": "observations"}) as conn:
        found = store.load_observed(conn, ctx.patient, clock.now() - back)
    return [
        Series(item=item, values=values)
        for values in (tuple(some) for _, some in groupby(found, key=lambda one: one.loinc))
        if (item := load_edition(values[0].edition).item(values[0].link_id)) is not None
    ]
