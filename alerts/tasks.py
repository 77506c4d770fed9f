"""Celery's part in reviewing and escalating: more hands, never the only ones.

Registered by `app.worker`.
"""

from uuid import UUID

from celery import current_app

from alerts import rescoring_service, service
from core import clock

RESCORING = "rescoring"
"""The queue of shares: workers take from each queue in turn, so that no « look » waits behind."""


def review() -> int:
    """Judge what is due; return how many patients were reviewed."""
    return service.review(clock.now()).patients


def escalate_due() -> int:
    """Call the next rung where nobody answered; return how many alerts moved."""
    return service.escalate_due(clock.now()).alerts


def rescore_due() -> int:
    """Tell workers of the shares of runs that nobody did yet; return how many."""
    told = rescoring_service.put_out(clock.now())
    for share in told:
        current_app.send_task(
            "alerts.rescore_share",
            args=[str(share.run_id), share.number],
            queue=RESCORING,
            expires=rescoring_service.TOLD_AGAIN.total_seconds(),
        )
    return len(told)


def rescore_share(run: str, number: int) -> int:
    """Do one share of a run; return its lines. What reads a model is loaded by who works at one."""
    from alerts.share_service import work_share

    return work_share(UUID(run), number) or 0


def watch_model() -> bool:
    """Look at the model in use if that is due; return whether somebody looked here."""
    # Arrays are needed only here: whoever does the other tasks starts without them.
    from alerts.looks import LookRow
    from alerts.watch_service import watch

    return isinstance(watch(clock.now()), LookRow)


def ask_risks() -> int:
    """Ask the model about whom reviews named; return how many lines were added."""
    from alerts.risk_service import ask_due

    return ask_due(clock.now())
