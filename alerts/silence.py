"""What silence means: orange, and red for the second deadline in a row at high risk. Pure."""

from collections.abc import Sequence
from typing import Final

from alerts.evidence import Breaches, Evidence
from core.vitals import Quality
from questionnaires.plans.plan import Missed
from scoring.level import Level

NO_ANSWER: Final = "no_answer"
"""Item of the one open alert a patient has for his silence."""

RED_IN_A_ROW: Final = 2
"""Deadlines missed in a row that are red in a patient at high risk.
Source: proposed (default COVID alert profile), to be validated by a doctor."""

MISSED: Final = "missed"
MISSED_IN_A_ROW: Final = "missed_in_a_row"
SOURCE: Final = (
    "Proposed: no answer at the deadline is an alert of level 1, after Covidom "
    "(urps-med-idf.org/coronavirus-19-mars/); two in a row at high risk are red"
)


def level_of(missed: Missed) -> Level:
    """Return the level of one missed deadline."""
    in_a_row = missed.in_a_row >= RED_IN_A_ROW
    return Level.RED if missed.high_risk and in_a_row else Level.ORANGE


def breaches_of(missed: Sequence[Missed]) -> Breaches:
    """Return missed deadlines, oldest first and at least one, as what an alert stands on."""
    found = [_evidence(one) for one in missed]
    worst = max(found, key=lambda evidence: evidence.level)
    return Breaches(first=found[0], worst=worst, last=found[-1], count=len(found))


def _evidence(missed: Missed) -> Evidence:
    """Return the proof: which deadline, of which programme; `measured_at` is when it was due."""
    return Evidence(
        item=NO_ANSWER,
        level=level_of(missed),
        measured_at=missed.due_at,
        reading_id=None,
        value=None,
        unit=None,
        quality=Quality(0),
        answer_id=None,
        code=MISSED_IN_A_ROW if missed.in_a_row >= RED_IN_A_ROW else MISSED,
        bound=None,
        threshold=None,
        usual=None,
        source=SOURCE,
        profile=f"{missed.programme} ({missed.questionnaire})",
        to_verify=False,
        late=missed.evaluated_late,
    )
