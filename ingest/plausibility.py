"""Whether a time of measurement can be believed.

One reading dated in the future would hide every later deterioration, and one dated 1970 would
stand alone in a partition of its own: both wait in quarantine for a person.
"""

from datetime import datetime, timedelta
from typing import Final

from ingest.quarantine import Reason

FUTURE_LIMIT: Final = timedelta(minutes=5)
"""A gateway's clock may be ahead of ours by this much (proposed, as on the gateway)."""
PAST_LIMIT: Final = timedelta(days=30)
"""A gateway may be offline this long before its readings are a matter for a person (proposed)."""


def judge_time(first: datetime, last: datetime, now: datetime) -> Reason | None:
    """Return why a measurement from `first` to `last` cannot be believed at `now`, or None."""
    if last > now + FUTURE_LIMIT:
        return Reason.IN_THE_FUTURE
    if first < now - PAST_LIMIT:
        return Reason.TOO_OLD
    return None
