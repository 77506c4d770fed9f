"""Who of the team did something, said to a patient as the site wants it said."""

from typing import Final

from core.access import Role
from core.i18n import translator
from core.settings import settings
from identity.words import role_label

CLOSE_ONES: Final = frozenset(
    {
        Role.PATIENT,
        Role.CARER,
        Role.TRUSTED_PERSON,
        Role.LEGAL_REPRESENTATIVE,
        Role.PROPERTY_REPRESENTATIVE,
    }
)
"""Those whom the patient or a judge chose by name: no staff."""


def say_staff(name: str | None, role: str | None, locale: str) -> str:
    """Return a name, a role or « the team », as CHEVET_STAFF_NAMES says; unknown is the team."""
    tr = translator(locale)
    policy = settings().staff_names
    if policy == "name" and name:
        return name
    if policy in ("name", "role") and role:
        return tr(role_label(role))
    return tr("the team")


def say_member(kind: str, name: str, role: str, locale: str) -> str:
    """Return how a patient reads who follows him; services and his family have their names."""
    if kind == "organisation" or role in CLOSE_ONES:
        return name
    said = say_staff(name, role, locale)
    return said[:1].upper() + said[1:]


def shows_role(said: str, kind: str, role: str, locale: str) -> bool:
    """Say whether a role stands beside what is said of a member, and is not said twice."""
    if kind == "organisation" or role in CLOSE_ONES:
        return True
    label = translator(locale)(role_label(role))
    return settings().staff_names != "team" and said.lower() != label.lower()
