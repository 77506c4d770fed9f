"""NEWS2 of the latest values, as a page shows it."""

from datetime import UTC, datetime

import pytest

from alerts.judging import news2_of
from alerts.views import LatestValue
from core.vitals import Vital

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
SATURATION = LatestValue(vital=Vital.SPO2, value=96, unit="%", measured_at=NOW, quality=0)


@pytest.mark.parametrize("age", [16, 80, None])
def test_of_whom_it_is_for_it_says_what_is_missing(age: int | None) -> None:
    shown = news2_of([SATURATION], 1, age, NOW)
    assert (shown.total, shown.refused) == (None, "incomplete")
    assert "consciousness" in shown.missing


def test_of_a_child_it_says_that_it_does_not_apply() -> None:
    """A list of what is missing would ask for more measures of a score that is not his."""
    shown = news2_of([SATURATION], 1, 15, NOW)
    assert shown.total is None
    assert shown.missing == ()
    assert shown.refused not in (None, "incomplete")
