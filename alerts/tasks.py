"""Celery's part in reviewing and escalating: more hands, never the only ones.

Registered by `app.worker`.
"""

from alerts import service
from core import clock


def review() -> int:
    """Judge what is due; return how many patients were reviewed."""
    return service.review(clock.now()).patients


def escalate_due() -> int:
    """Call the next rung where nobody answered; return how many alerts moved."""
    return service.escalate_due(clock.now()).alerts


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
