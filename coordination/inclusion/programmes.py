"""What a follow-up can be for: its name, how it is watched, and by when somebody must call. Pure.

Proposed settings, to be validated by a doctor.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

COVID_CONTACT: Final = timedelta(hours=2)
"""First call after inclusion for COVID-19. Source: NHS COVID Oximetry @home in Cornwall, whose team
speaks with the patient within two hours."""
USUAL_CONTACT: Final = timedelta(hours=48)
"""First call after any other inclusion. Source: Satelia Cardio, contact within 48 h."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """One programme as a form offers it; `name` is an English msgid, `days` None is open-ended."""

    id: str
    name: str
    days: int | None
    profile: tuple[str, int] = ("covid-home", 1)
    ladder: tuple[str, int] = ("home-two-rungs", 1)

    @property
    def first_contact(self) -> timedelta:
        """Return how soon after the inclusion somebody must have spoken with the patient."""
        return COVID_CONTACT if self.id.startswith("covid") else USUAL_CONTACT


PROGRAMMES: Final = (
    Programme(id="covid-14", name="COVID-19, 14 days", days=14),
    Programme(id="covid-30", name="COVID-19, 30 days", days=30),
    Programme(id="heart-failure", name="Heart failure", days=None),
    Programme(id="respiratory-oxygen", name="COPD, oxygen at home", days=None),
    Programme(id="diabetes", name="Diabetes", days=None),
    Programme(id="post-discharge", name="Return home after hospital", days=30),
)
"""In the order in which forms offer them."""


def find_programme(id: str) -> Programme | None:
    """Return a programme by its id."""
    return next((one for one in PROGRAMMES if one.id == id), None)


def programme_name(id: str) -> str:
    """Return the English name of a programme; one not offered any more stands for itself."""
    found = find_programme(id)
    return found.name if found else id
