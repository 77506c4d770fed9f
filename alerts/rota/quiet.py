"""Hours in which an orange alert calls somebody else: chosen by a person, in local time. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """From `begins` until `ends`, over midnight when it ends before it begins; never equal."""

    begins: time
    ends: time


def rests_until(quiet: Quiet, now: datetime, zone: tzinfo) -> datetime | None:
    """Return until when somebody is in his quiet hours; None while he is not in them."""
    local = now.astimezone(zone)
    over_midnight = quiet.ends < quiet.begins
    begun, not_over = local.time() >= quiet.begins, local.time() < quiet.ends
    if not ((begun or not_over) if over_midnight else (begun and not_over)):
        return None
    day = local.date() + timedelta(days=1 if over_midnight and begun else 0)
    end = datetime.combine(day, quiet.ends, zone).astimezone(UTC)
    if end <= now:
        # The hour that comes twice in October: its first time is over already.
        end = datetime.combine(day, quiet.ends.replace(fold=1), zone).astimezone(UTC)
    return end
