"""The PRIEST COVID-19 severity score: not given, because its points were not verified.

Goodacre S et al., PLoS One 2021;16:e0245840 (22,445 attendances). What could be read of it from
elsewhere disagrees: the R package cliot has other age bands, another temperature band and no input
of oxygen, and claims the same range of 0 to 29. A score of which a band may be wrong is worse than
none. To be enabled once each point was read in the paper itself.
"""

from typing import Final

from scoring.refusal import Refused

NOT_VERIFIED: Final = Refused(reason="priest: its points were not verified against its paper")


def score_priest(_given: object) -> Refused:
    """Refuse, whatever is given."""
    return NOT_VERIFIED
