"""Whether the team reads answers now, by the hours of the site."""

from core import clock
from core.i18n import zone
from core.opening import is_open
from core.settings import settings


def is_closed() -> bool:
    """Say whether nobody reads answers now."""
    return not is_open(settings().opening(), clock.now(), zone(settings().time_zone))
