"""« Être rappelé par l'équipe »: what calls the team, and what the patient is told of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from alerts.evidence import Evidence
from alerts.views import EvidenceEntry
from core.vitals import Quality
from scoring.item import Said
from scoring.level import Level

ITEM: Final = "call_back"
LEVEL: Final = Level.ORANGE
"""A wish to talk, not a sign of danger: the page itself says to call 15 for that (proposed)."""
_SAID: Final = Said(
    question={"fr": "Demande de rappel", "en": "Call-back"},
    answer={"fr": "le patient demande à être rappelé", "en": "the patient asks to be called back"},
)
_SAID_AGAIN: Final = Said(
    question=_SAID.question,
    answer={
        "fr": "le patient demande de nouveau à être rappelé",
        "en": "the patient asks again to be called back",
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack:
    """A request and what became of it. `state` is that of its alert: raised, seen, owned, closed.

    `by_name` and `by_role`: who took it, once somebody has.
    """

    id: UUID
    asked_at: datetime
    state: str
    taken_at: datetime | None
    by_name: str | None
    by_role: str | None
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Say whether the team still has to call."""
        return self.state != "closed"


def evidence_of(id: UUID, asked_at: datetime) -> tuple[EvidenceEntry, ...]:
    """Return why the alert stands: somebody asks for a call, in words of both languages."""
    evidence = _wish(id, asked_at, _SAID)
    return (
        EvidenceEntry(part="first", count=1, evidence=evidence),
        EvidenceEntry(part="worst", count=1, evidence=evidence),
        EvidenceEntry(part="last", count=1, evidence=evidence),
    )


def with_wish(
    known: Sequence[EvidenceEntry], id: UUID, asked_at: datetime
) -> tuple[EvidenceEntry, ...]:
    """Return the evidence of an open alert with one more wish: how many since, and the latest."""
    kept = tuple(entry for entry in known if entry.part != "last_seen")
    before = [entry for entry in known if entry.part == "last_seen"]
    latest = max(
        [_wish(id, asked_at, _SAID_AGAIN), *(entry.evidence for entry in before)],
        key=lambda wish: wish.measured_at,
    )
    count = 1 + sum(entry.count for entry in before)
    return (*kept, EvidenceEntry(part="last_seen", count=count, evidence=latest))


def _wish(id: UUID, asked_at: datetime, said: Said) -> Evidence:
    return Evidence(
        item=ITEM,
        level=LEVEL,
        measured_at=asked_at,
        reading_id=None,
        value=None,
        unit=None,
        quality=Quality(0),
        answer_id=id,
        code="asked",
        bound=None,
        threshold=None,
        usual=None,
        source=None,
        profile="call-back",
        to_verify=False,
        late=False,
        said=said,
    )
