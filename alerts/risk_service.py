"""The model is asked about whom a review named: never by the review itself, and never waited for.

Any number of processes may ask at once: a row of the queue is one's until his transaction ends. The
rules and the alerts need nothing of this: where it stops, they go on.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from prometheus_client import Counter

from alerts.model_service import in_use, model_in_use
from alerts.risk_input import (
    GIVEN,
    OXYGEN_HELD,
    WINDOW,
    Asked,
    age_at,
    given_of,
    inputs_of,
    male_of,
    oxygen_of,
)
from alerts.risk_line import said_of
from alerts.setback import is_of_the_connection, place_of
from alerts.store import models, risks
from alerts.store.risks import PersonToAsk, RiskLine
from core import clock
from core.doors import Service, ServiceConnection, note_run, serving
from core.ids import new_id
from scoring.model.argument import Risk
from scoring.refusal import Incomplete, Refused

_log = structlog.get_logger("alerts")
_LINES = Counter("chevet_risk_lines_total", "Times the model was asked about somebody")
_FAILURES = Counter("chevet_risk_failures_total", "Patients the model could not be asked about")
PATIENTS: Final = 100
"""Patients of one pass."""
SPACING: Final = timedelta(minutes=1)
"""A patient's newest instant waits so long after the one before: a device that sends each second
would else fill the table. Source: proposed."""
LONGEST_PASS_SECONDS: Final = 10.0
"""A pass takes no further patient after this: the others follow in the next."""
Argue = Callable[[Asked], Risk | Incomplete | Refused]


def ask_due(now: datetime, most: int = PATIENTS) -> int:
    """Ask the model about patients who wait; return how many lines were added.

    Of everybody what is new comes first, then what was asked about before and has late data. While
    no model is in use, or its file cannot be read, nothing is said and nobody waits.
    """
    began = clock.monotonic()
    lines = sum(_ask_each(now, most, began, again=again) for again in (False, True))
    if lines:
        with serving(Service.REVIEW) as conn:
            note_run(conn, Service.REVIEW, "ask_model", lines=lines)
    return lines


def _ask_each(now: datetime, most: int, began: float, *, again: bool) -> int:
    with serving(Service.REVIEW) as conn:
        keys = risks.load_patients_to_ask_about(conn, now, now - SPACING, most, again=again)
    if not keys:
        return 0
    model = _model()
    if model is None:
        with serving(Service.REVIEW) as conn:
            risks.drop_due(conn, keys)
        return 0
    lines = 0
    for key in keys:
        if clock.monotonic() - began > LONGEST_PASS_SECONDS:
            break
        lines += _ask_or_drop(key, *model, now, again=again)
    return lines


def _model() -> tuple[str, Argue] | None:
    """Return the version in use and how it is asked; what computes is imported here and not before.

    The sentinel and the pages import this room, and must start without it.
    """
    from scoring.model.risk import argue

    heads = model_in_use()
    if heads is not None:
        return str(heads.card["version"]), lambda one: argue(
            heads, given_of([one]), spo2_scale=one.spo2_scale
        )
    with serving(Service.REVIEW) as conn:
        version = in_use(models.load_turns(conn))
    if version is not None:
        _log.error("model_unreadable", version=version)
    return None


def _ask_or_drop(key: int, version: str, argue: Argue, now: datetime, *, again: bool) -> int:
    try:
        return _ask(key, version, argue, now, again=again)
    except Exception as error:
        if is_of_the_connection(error):
            raise
        _FAILURES.inc()
        _log.error("risk_failed", **place_of(error))
        # What fails would fail again: the next reading asks anew, and the page says how old it is.
        with serving(Service.REVIEW) as conn:
            risks.drop_due(conn, [key])
        return 0


def _ask(key: int, version: str, argue: Argue, now: datetime, *, again: bool) -> int:
    with serving(Service.REVIEW) as conn:
        due = risks.take_due(conn, key, now, now - SPACING, again=again)
        asked = instants([row.asked_at for row in due], again=again)
        lines = [_line(conn, key, at, version, argue) for at in asked]
        for line in lines:
            if line is not None:
                risks.save_risk(conn, line)
        risks.delete_due(conn, [row.id for row in due])
    added = sum(line is not None for line in lines)
    _LINES.inc(added)
    return added


def instants(due: Sequence[datetime], *, again: bool) -> list[datetime]:
    """Return the instants to ask about, each once: all that were asked before; else the newest.

    Of several reviews that followed each other before anybody asked, the last one counts.
    """
    return sorted(set(due)) if again else sorted(due)[-1:]


def _line(
    conn: ServiceConnection, key: int, asked_at: datetime, version: str, argue: Argue
) -> RiskLine | None:
    person = risks.load_person_to_ask(conn, key, asked_at, asked_at - OXYGEN_HELD)
    if person is None:
        return None
    asked = load_asked(conn, key, person, asked_at)
    state = risks.load_state_at(conn, person.patient_id, asked_at)
    said = said_of(argue(asked), oxygen=asked.oxygen)
    noted_at = clock.now()
    return RiskLine(
        id=new_id(noted_at),
        patient_id=person.patient_id,
        asked_at=asked_at,
        noted_at=noted_at,
        version=version,
        run_id=None,
        window_from=asked_at - WINDOW,
        window_until=asked_at,
        inputs=inputs_of(asked),
        risk=said.risk,
        band=said.band,
        reasons=said.reasons,
        instead=said.instead,
        missing=said.missing,
        silence=said.silence,
        level=state.level if state else None,
        news2=state.news2 if state else None,
    )


def load_asked(conn: ServiceConnection, key: int, person: PersonToAsk, asked_at: datetime) -> Asked:
    """Return what is known of a patient at an instant, as the model is given it."""
    measured = risks.load_measured(conn, key, GIVEN, asked_at - WINDOW, asked_at)
    return Asked(
        asked_at=asked_at,
        readings=[row.reading for row in measured],
        age=age_at(person.birth_date, asked_at),
        male=male_of(person.sex),
        oxygen=oxygen_of(person.oxygen_l_min),
        spo2_scale=person.spo2_scale,
    )
