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


PROGRAMME_LABELS: Final[dict[str, str]] = {
    "covid-14": "COVID-19, 14 days",
    "covid-30": "COVID-19, 30 days",
    "heart-failure": "Heart failure",
    "respiratory-oxygen": "COPD, oxygen at home",
    "diabetes": "Diabetes",
    "post-discharge": "Return home after hospital",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """One programme as a form offers it; `days` None is open-ended."""

    id: str
    days: int | None
    profile: tuple[str, int] = ("covid-home", 2)
    ladder: tuple[str, int] = ("home-five-rungs", 1)

    @property
    def name(self) -> str:
        """Return its English msgid."""
        return PROGRAMME_LABELS.get(self.id, self.id)

    @property
    def first_contact(self) -> timedelta:
        """Return how soon after the inclusion somebody must have spoken with the patient."""
        return COVID_CONTACT if self.id.startswith("covid") else USUAL_CONTACT


PROGRAMMES: Final = (
    Programme(id="covid-14", days=14),
    Programme(id="covid-30", days=30),
    Programme(id="heart-failure", days=None),
    Programme(id="respiratory-oxygen", days=None),
    Programme(id="diabetes", days=None),
    Programme(id="post-discharge", days=30),
)
"""In the order in which forms offer them."""


def find_programme(id: str) -> Programme | None:
    """Return a programme by its id."""
    return next((one for one in PROGRAMMES if one.id == id), None)


def programme_name(id: str) -> str:
    """Return the English name of a programme; one not offered any more stands for itself."""
    return PROGRAMME_LABELS.get(id, id)
