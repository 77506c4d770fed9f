"""What the console asks of the rooms below, each question under the person who asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from alerts import service as alerts
from alerts.aside import Aside
from alerts.repeat_view import PendingView
from alerts.risk_card import RiskBeside
from alerts.views import AlertPage, NotFound, QueueRow, SummaryView
from coordination.reaching import service as reaching
from coordination.reaching.chain import Step, check_of_search, next_step, of_search
from coordination.reaching.service import Reach
from core import clock
from core.doors import CareContext, Service, serving
from core.heartbeat import last_beats
from dashboard.triage import Counts, Filters, counts_of, keeps
from identity import service as identity
from identity.people import PatientTraits, SignedIn

PAGE_ROWS: Final = 50
WALKED_ROWS: Final = 500
"""How many rows a filtered read takes at once."""
LONGEST_WALK: Final = 20_000
"""How deep a filter or a search goes into the queue."""
VITAL_PROCESSES: Final = ("sentinel", "ingest")
LONGEST_SILENCE: Final = timedelta(seconds=30)
"""A process that gave no sign of life for longer has stopped."""
LONGEST_UNJUDGED: Final = timedelta(seconds=60)
"""Data that waited longer says that the review has stopped, though its process lives (R5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """One page of the queue with its head; `more` tells that another page follows.

    `aside`: what the reader put aside in his own queue, by alert.
    """

    rows: tuple[QueueRow, ...]
    counts: Counts
    more: bool
    aside: dict[UUID, Aside]


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientView:
    """A patient's page: who he is, his last review, his open alerts with their life, the orange
    values that wait for a new measure, and what the model says for whoever may read it."""

    traits: PatientTraits | None
    summary: SummaryView | None
    alerts: tuple[AlertPage, ...]
    awaited: tuple[PendingView, ...]
    risk: RiskBeside | None


def read_queue(who: SignedIn, filters: Filters, page: int) -> QueueView:
    """Return one page of the queue of the organisation `who` acts in; pages count from 0."""
    start = max(page, 0) * PAGE_ROWS
    aside = {one.alert_id: one for one in alerts.asides_of(who.actor)}
    if filters.keep_all and not aside:
        found = list(alerts.queue_page(who.actor, PAGE_ROWS + 1, start))
    else:
        kept = (row for row in _walk(who) if keeps(row, filters, who.person, aside))
        found = list(islice(kept, start, start + PAGE_ROWS + 1))
    return QueueView(
        rows=tuple(found[:PAGE_ROWS]),
        counts=counts_of(alerts.queue_counts(who.actor)),
        more=len(found) > PAGE_ROWS,
        aside=aside,
    )


def _walk(who: SignedIn) -> Iterator[QueueRow]:
    for start in range(0, LONGEST_WALK, WALKED_ROWS):
        rows = alerts.queue_page(who.actor, WALKED_ROWS, start)
        yield from rows
        if len(rows) < WALKED_ROWS:
            return


def read_patient(ctx: CareContext) -> PatientView:
    """Return the patient in hand with every open alert in full, red first."""
    pages = (alerts.alert_page(ctx, line.alert_id) for line in alerts.open_alerts(ctx))
    return PatientView(
        traits=identity.patient_traits(ctx),
        summary=alerts.patient_summary(ctx),
        alerts=tuple(page for page in pages if not isinstance(page, NotFound)),
        awaited=alerts.repeats_waiting(ctx),
        risk=alerts.risk_beside(ctx),
    )


def read_reach(ctx: CareContext) -> tuple[Reach, Step]:
    """Return how the patient in hand is reached, and what to do now for his oldest open alert."""
    traits, now = identity.patient_traits(ctx), clock.now()
    known = reaching.reach(ctx, traits.phone if traits else None)
    oldest = min(alerts.open_alerts(ctx), key=lambda line: line.since, default=None)
    alert, since = (oldest.alert_id, oldest.since) if oldest else (None, None)
    tried = of_search(known.attempts, alert, since, now)
    checked = check_of_search(known.checks, alert, since, now)
    return known, next_step(known.numbers, tried, now, checked)


def stopped_processes() -> tuple[str, ...]:
    """Return what has stopped: vital processes silent for 30 s, a review that does not come on."""
    with serving(Service.HEARTBEAT) as conn:
        beats = {beat.process: beat.at for beat in last_beats(conn)}
    now = clock.now()
    silent = tuple(
        name for name in VITAL_PROCESSES if name not in beats or now - beats[name] > LONGEST_SILENCE
    )
    return (*silent, "review") if alerts.review_lag(now) > LONGEST_UNJUDGED else silent
