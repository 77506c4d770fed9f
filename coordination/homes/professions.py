"""Which first page a profession has, and what stands on it in which order. Pure.

The order is proposed: what a person does first in his working day comes first.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.access import Role


class Section(StrEnum):
    """One part of a first page."""

    ALERTS = "alerts"
    VISITS = "visits"
    WAITING = "waiting"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A first page: `kind` names it, `sections` stand in this order, patients beside them."""

    kind: str
    sections: tuple[Section, ...]

    def has(self, section: Section) -> bool:
        """Say whether a part stands on it."""
        return section in self.sections


GP: Final = Home(kind="gp", sections=(Section.ALERTS, Section.WAITING, Section.CHANGED))
"""A doctor opens it between two patients: alerts, then questions asked of him."""
HOME_NURSE: Final = Home(
    kind="home_nurse",
    sections=(Section.VISITS, Section.ALERTS, Section.WAITING, Section.CHANGED),
)
"""On a telephone, on the way to the next visit."""
HOME_HELP: Final = Home(
    kind="home_help", sections=(Section.VISITS, Section.WAITING, Section.CHANGED)
)
"""Visits and the notes meant for her; no measurement and no alert."""
SOCIAL_WORKER: Final = Home(kind="social_worker", sections=(Section.WAITING, Section.CHANGED))
DAC: Final = Home(kind="dac", sections=(Section.WAITING, Section.CHANGED, Section.ALERTS))
HOSPITAL: Final = Home(kind="hospital", sections=(Section.WAITING, Section.ALERTS, Section.CHANGED))
FAMILY: Final = Home(kind="family", sections=())
"""Who signs in without a post: those he helps."""

BY_ROLE: Final = {
    Role.GP: GP,
    Role.COORDINATING_DOCTOR: GP,
    Role.HOME_NURSE: HOME_NURSE,
    Role.PHYSIOTHERAPIST: HOME_NURSE,
    Role.PHARMACIST: GP,
    Role.HOME_HELP: HOME_HELP,
    Role.SOCIAL_WORKER: SOCIAL_WORKER,
    Role.DAC_COORDINATOR: DAC,
    Role.HOSPITAL_DOCTOR: HOSPITAL,
}


def home_of_role(role: str | None) -> Home:
    """Return the first page of the post somebody acts in."""
    if role is None:
        return FAMILY
    known = Role(role) if role in Role.__members__.values() else None
    return BY_ROLE.get(known, DAC) if known else DAC


LONGEST_LIST: Final = 8
"""Lines of a part before the rest stands behind a link or a summary."""
