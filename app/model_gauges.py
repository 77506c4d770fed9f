"""What monitoring may know of the model in use: figures of its newest look, read by the auditor.

By SQL of its own, so that whoever serves the figures needs nothing of what made them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from prometheus_client import Gauge

from core.doors import Service, serving
from core.rows import fetch_one
from core.sqlfile import load_queries

_IN_USE = Gauge("chevet_model_in_use", "1 while a model is in use, 0 while the rules speak alone")
_PSI = Gauge("chevet_model_psi", "Population stability index at the newest look", ["input"])
_RATIO = Gauge(
    "chevet_model_calibration_ratio", "What came true for each foreseen at the newest look"
)
_LOOKED = Gauge(
    "chevet_model_last_look_seconds", "Age of the newest look; of the turn before the first one"
)
_OUT = Gauge("chevet_model_out_of_range", "1 when the newest look found the model out of range")
_LINES = Gauge("chevet_model_look_lines", "Lines of the model at the newest look")
UNKNOWN: Final = float("nan")
"""What too few people say nothing of."""


@dataclass(frozen=True, slots=True)
class Watched:
    """The model in use since when (None: none), and the newest look at any, if there is one."""

    version: str | None
    since: datetime | None
    looked_at: datetime | None
    looked_version: str | None
    verdict: str | None
    findings: Mapping[str, Any] | None

    @property
    def last_look(self) -> datetime | None:
        """When somebody looked at the model in use since its turn; None when nobody has."""
        if self.looked_at is None or self.since is None or self.version != self.looked_version:
            return None
        return self.looked_at if self.looked_at > self.since else None

    @property
    def stands(self) -> bool:
        """Whether the newest look tells of now: it saw the model in use, or took it back itself."""
        taken_back = self.version is None and self.looked_at == self.since is not None
        return self.last_look is not None or taken_back


def load_watched() -> Watched:
    """Return what is in use and the newest look."""
    with serving(Service.HEARTBEAT) as conn:
        found = fetch_one(conn, load_queries("app")["model_watched"], {}, Watched)
    assert found is not None
    return found


def age_seconds(found: Watched, now: datetime) -> float | None:
    """Return how old the newest look is, or the turn when there was none since; None of no model.

    A model that came into use after the newest look has had none.
    """
    if found.version is None or found.since is None:
        return None
    return (now - (found.last_look or found.since)).total_seconds()


def show_model(now: datetime) -> None:
    """Set the gauges; of what is not known the value is « not a number ».

    A look from before the newest turn is history: nothing of it is shown as how things are.
    """
    found = load_watched()
    age = age_seconds(found, now)
    _IN_USE.set(0 if found.version is None else 1)
    _LOOKED.set(UNKNOWN if age is None else age)
    _OUT.set(1 if found.stands and found.verdict == "out_of_range" else 0)
    findings = (found.findings or {}) if found.stands else {}
    _PSI.clear()
    for one in findings.get("inputs", ()):
        index = one["index"]
        _PSI.labels(one["name"]).set(UNKNOWN if index is None else index)
    ratio = findings.get("whole", {}).get("ratio")
    _RATIO.set(UNKNOWN if ratio is None else ratio)
    _LINES.set(findings.get("lines", 0))
