"""Nobody can tell what is hidden from what does not exist by the time an answer takes."""

from collections.abc import Callable, Iterator
from statistics import median
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from core import care, clock
from core.access import Held
from core.doors import PersonConnection
from tests.security.asking import ask, fill
from tests.security.cast import Cast
from tests.security.test_s5_no_hint import BY_ID, a_page, absent, outsiders
from tests.security.verdicts import Verdict

pytestmark = [pytest.mark.promise("S5"), pytest.mark.timeout(600)]
Record = Callable[[str, object], None]
MOST_GAP_S = 0.005
PAIRS, MORE_PAIRS = 9, 60
"""How often a route is timed, and how often again before a gap counts: the machine is shared."""


@pytest.fixture(autouse=True)
def _whole(cast: Cast) -> Iterator[None]:
    cast.restore()
    yield
    cast.restore()


def gap_s(cast: Cast, client: TestClient, verdict: Verdict, pairs: int) -> float:
    """Return by how many seconds a hidden thing is answered later than an absent one.

    Asked for in pairs, in turn: what else the machine does meets both.
    """
    method, path = verdict.key.split(" ", 1)
    who = outsiders(cast, verdict)[0]
    hidden, gaps = fill(path, cast), []
    for turn in range(pairs):
        seconds = {}
        for kind in ("hidden", "absent") if turn % 2 else ("absent", "hidden"):
            address = hidden if kind == "hidden" else fill(path, cast, absent(verdict))
            began = clock.monotonic()
            ask(client, who, method, address)
            seconds[kind] = clock.monotonic() - began
        gaps.append(seconds["hidden"] - seconds["absent"])
    return median(gaps)


def tells_by_time(cast: Cast, client: TestClient, verdict: Verdict) -> float:
    """Return the gap of a route; one that is too large is measured again, longer."""
    gap = gap_s(cast, client, verdict, PAIRS)
    if abs(gap) > MOST_GAP_S:
        gap = gap_s(cast, client, verdict, MORE_PAIRS)
    return gap


def test_time_tells_nothing_at_any_route(
    cast: Cast, client: TestClient, record_property: Record
) -> None:
    gaps = {verdict.key: tells_by_time(cast, client, verdict) for verdict in BY_ID}
    most = max(map(abs, gaps.values()))
    record_property("counts", f"routes timed {len(gaps)}; largest median gap {most * 1000:.1f} ms")
    assert {key: gap for key, gap in gaps.items() if abs(gap) > MOST_GAP_S} == {}


def test_a_refusal_that_takes_longer_is_found(
    cast: Cast, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deliberate fault: something is looked up only where there is a patient."""
    load = care.load_held

    def slowly(conn: PersonConnection, patient: UUID) -> list[Held]:
        if patient == cast.patient:
            conn.execute("select pg_sleep(0.02)")
        return load(conn, patient)

    monkeypatch.setattr(care, "load_held", slowly)
    assert tells_by_time(cast, client, a_page()) > MOST_GAP_S
