"""Who of the team did something, said to a patient as the site wants it said."""

from core.i18n import translator
from core.settings import settings
from identity.words import role_label


def say_staff(name: str | None, role: str | None, locale: str) -> str:
    """Return a name, a role or « the team », as CHEVET_STAFF_NAMES says; unknown is the team."""
    tr = translator(locale)
    policy = settings().staff_names
    if policy == "name" and name:
        return name
    if policy in ("name", "role") and role:
        return tr(role_label(role))
    return tr("the team")
