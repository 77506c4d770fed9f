"""How far a time may be ahead, or behind, is one decision though three rooms need it.

Were they to differ, a reading could be stored that no review ever judges.
"""

from devices.device_time import CLOCK_AHEAD_LIMIT
from ingest.plausibility import FUTURE_LIMIT, PAST_LIMIT
from scoring.home_state import FUTURE_TOLERANCE, OLDEST_JUDGED


def test_what_is_stored_is_what_is_judged() -> None:
    assert CLOCK_AHEAD_LIMIT == FUTURE_LIMIT == FUTURE_TOLERANCE
    assert PAST_LIMIT == OLDEST_JUDGED
