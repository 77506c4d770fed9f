"""What is frozen into the database comes back equal: evidence, findings, a patient's own limits."""

import json
from datetime import UTC, datetime
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from alerts.evidence import Evidence
from alerts.profile import Override
from alerts.records import from_json, to_json
from alerts.views import EvidenceEntry, News2View
from core.vitals import Quality
from scoring.item import Bound, Limit
from scoring.level import Level

NOW = datetime(2026, 11, 22, 8, 0, 0, 123456, tzinfo=UTC)


@given(
    quality=st.integers(0, 127),
    level=st.sampled_from([Level.ORANGE, Level.RED]),
    value=st.none() | st.floats(1, 400),
    bound=st.none() | st.sampled_from(Bound),
    at=st.datetimes(timezones=st.just(UTC)),
)
def test_evidence_comes_back_equal(
    quality: int, level: Level, value: float | None, bound: Bound | None, at: datetime
) -> None:
    entry = EvidenceEntry(
        part="worst",
        count=3,
        evidence=Evidence(
            item="spo2",
            level=level,
            measured_at=at,
            reading_id=7 if value is not None else None,
            value=value,
            unit="%",
            quality=Quality(quality),
            answer_id=None if value is not None else uuid4(),
            code=None,
            bound=bound,
            threshold=92.0,
            usual=None,
            source="x",
            profile="covid-home-1",
            to_verify=False,
            late=True,
        ),
    )
    assert from_json(EvidenceEntry, json.loads(json.dumps(to_json(entry)))) == entry


def test_a_patients_own_limits_come_back_equal() -> None:
    own = Override(
        item="spo2",
        limits=(Limit(level=Level.RED, bound=Bound.AT_MOST, value=85, source="COPD"),),
        essential=None,
        usual=90.0,
        author=uuid4(),
        at=NOW,
        reason="COPD, target 88 to 92 %",
    )
    written = json.loads(json.dumps(to_json(own)))
    assert written["limits"][0]["level"] == "red"
    assert from_json(Override, written) == own


def test_a_refused_news2_comes_back_equal() -> None:
    view = News2View(total=None, band=None, refused="incomplete", missing=("systolic",))
    assert from_json(News2View, to_json(view)) == view
