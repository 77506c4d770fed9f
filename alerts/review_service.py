"""The review: judging what nobody has judged yet, one patient and one transaction at a time.

Any number of processes may review at once: a patient is one reviewer's until his transaction
ends, and exactly the due rows that were judged are deleted with what was concluded from them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from prometheus_client import Counter

from alerts.asking import UNWATCHED, editions_named, read_answers, state_items
from alerts.edge.library import load_profile
from alerts.judging import Watch, latest_values, make_watch, news2_of
from alerts.prescribed import looks_back, signed_as, vitals_looked_back
from alerts.raising_service import Reviewing, end_drills, save_conditions
from alerts.records import to_json
from alerts.repeat_service import settle
from alerts.risk_due_service import ask_model_later
from alerts.rows import AlertRow, AnswerRow, WatchedRow
from alerts.rules import Context, OpenAlert, judge
from alerts.samples import all_readings
from alerts.setback import MAIL_AT, is_of_the_connection, place_of
from alerts.store import calling, reviewing
from alerts.store.reviewing import DueRow
from core import clock
from core.doors import Service, ServiceConnection, note_run, serving
from core.failpoint import failpoint
from core.ids import new_id
from identity.people import age_years
from messages.message import Occurrence
from messages.service import tell_operator
from questionnaires.library_service import load_edition
from questionnaires.questionnaire import Questionnaire
from scoring.home_state import FUTURE_TOLERANCE, OLDEST_JUDGED, HomeState, decide_home_state
from scoring.level import LEVEL_BY_CODE, Level
from scoring.observation import Reading

_log = structlog.get_logger("alerts")
_REVIEWS = Counter("chevet_reviews_total", "Reviews of a patient that were committed")
_FAILURES = Counter("chevet_review_failures_total", "Reviews of a patient that failed")
PATIENTS = 100
"""Patients of one pass."""
DUE_ROWS = 60
"""Batches of one patient judged at once; the others follow in the next pass."""
LONGEST_PASS_SECONDS = 30.0
"""A pass takes no further patient after this: the sentinel takes a pass of 120 s for stuck."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What one pass did: patients reviewed, alerts raised or worsened, patients that failed."""

    patients: int
    alerts: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read(Reviewing):
    """All that is known of a patient when he is judged."""

    new: Sequence[Reading]
    replaced: Sequence[Reading]
    """What was amended before anybody had judged it: it calls, it is no part of the state."""
    new_answers: Sequence[AnswerRow]
    recent: Sequence[Reading]
    recent_answers: Sequence[AnswerRow]
    editions: Mapping[str, Questionnaire]


def review(now: datetime) -> Reviewed:
    """Judge patients with due rows, as many as one pass may hold; safe in any number at once."""
    with serving(Service.REVIEW) as conn:
        keys = reviewing.load_patients_due(conn, now, PATIENTS)
    patients = alerts = failed = 0
    began = clock.monotonic()
    for key in keys:
        try:
            called = _review_patient(key, now)
        except Exception as error:
            if is_of_the_connection(error):
                raise
            failed += 1
            _note_setback(key, error, now)
        else:
            patients += called is not None
            alerts += called or 0
        if clock.monotonic() - began > LONGEST_PASS_SECONDS:
            break
    if patients:
        with serving(Service.REVIEW) as conn:
            note_run(conn, Service.REVIEW, "review", patients=patients, alerts=alerts)
    return Reviewed(patients=patients, alerts=alerts, failed=failed)


def _review_patient(patient_key: int, now: datetime) -> int | None:
    """Return how many alerts were raised or worsened, None when another reviewer was faster."""
    with serving(Service.REVIEW) as conn:
        if not reviewing.lock_patient(conn, patient_key):
            return None
        due = reviewing.load_due(conn, patient_key, DUE_ROWS)
        watched = reviewing.load_watched(conn, patient_key)
        if not due:
            return None
        if watched is None:
            raise LookupError("due rows of a patient who does not exist")
        called = _judge_patient(conn, _read(conn, patient_key, watched, due, now))
        reviewing.delete_due(conn, patient_key, [row.id for row in due])
        calling.clear_setback(conn, "review", str(patient_key))
        if watched.profile_id is not None:
            ask_model_later(conn, watched.patient_id, patient_key, due, now)
    failpoint("review.after_commit")
    _REVIEWS.inc()
    return called


def _note_setback(patient_key: int, error: Exception, now: datetime) -> None:
    _FAILURES.inc()
    _log.error("review_failed", **place_of(error))
    with serving(Service.REVIEW) as conn:
        kind = type(error).__name__
        setback = calling.save_setback(conn, "review", str(patient_key), kind, now)
        if setback.failures >= MAIL_AT:
            _doubt(conn, patient_key, now)
        if setback.failures == MAIL_AT:
            since = setback.first_at.isoformat(timespec="seconds")
            tell_operator(conn, Occurrence.REVIEW_FAILING, since, now)


def _doubt(conn: ServiceConnection, patient_key: int, now: datetime) -> None:
    """Show no longer as well who cannot be judged."""
    patient = calling.doubt_summary(conn, patient_key, now)
    if patient is not None:
        calling.rerank(conn, patient)
        calling.hint_queues(conn, patient)


def _read(
    conn: ServiceConnection,
    patient_key: int,
    watched: WatchedRow,
    due: Sequence[DueRow],
    now: datetime,
) -> _Read:
    since, until = now - OLDEST_JUDGED, now + FUTURE_TOLERANCE
    patient = watched.patient_id
    answers = reviewing.load_new_answers(conn, patient, due)
    recent_answers = reviewing.load_latest_answers(conn, patient, since, until)
    pinned = editions_named([*answers, *recent_answers])
    return _Read(
        patient_key=patient_key,
        watched=watched,
        new=all_readings(
            reviewing.load_new_readings(conn, patient_key, due),
            reviewing.load_new_stretches(conn, patient_key, due),
        ),
        replaced=all_readings(reviewing.load_replaced_readings(conn, patient_key, due), []),
        new_answers=answers,
        recent=all_readings(*reviewing.load_latest(conn, patient_key, since, until)),
        recent_answers=recent_answers,
        editions={digest: load_edition(digest) for digest in pinned},
        alerts={row.item: row for row in calling.lock_alerts_of_patient(conn, patient)},
        now=now,
    )


def _judge_patient(conn: ServiceConnection, read: _Read) -> int:
    """Judge, save what follows, and return how many alerts were raised or worsened."""
    ended = end_drills(conn, read)
    read = replace(read, alerts={**read.alerts, **ended})
    watch = _watch_of(read.watched)
    profile = watch.profile if watch else UNWATCHED
    usual = watch.usual if watch else {}
    asked = read_answers(read.new_answers, read.editions, profile)
    through = {
        item: datetime.fromisoformat(at) for item, at in (read.watched.judged_through or {}).items()
    }
    judgement = judge(
        [*read.replaced, *read.new],
        asked.answers,
        context=_context(conn, read, watch, usual, through),
        profile=asked.profile,
        open_alerts=[_open_alert(row) for row in read.alerts.values()],
        now=read.now,
    )
    state = _state_of(read, watch) if watch else None
    called = len(ended) + settle(conn, read, judgement, [*read.replaced, *read.new], watch)
    if state is not None:
        save_conditions(conn, read, state)
    through |= {a.item: a.judged_through for a in judgement.assessments if a.judged_through}
    _save_summary(conn, read, state, through, called=called)
    return called


def _context(
    conn: ServiceConnection,
    read: _Read,
    watch: Watch | None,
    usual: Mapping[str, float],
    through: Mapping[str, datetime],
) -> Context:
    """Return what the rules may know; earlier values only where a rule looks back at them."""
    back = looks_back(watch.profile) if watch else None
    if watch is None or back is None:
        return Context(usual=usual, judged_through=through)
    first = min((reading.measured_at for reading in read.new), default=read.now)
    since = max(first - back, read.now - OLDEST_JUDGED)
    spots, stretches = reviewing.load_before(
        conn, read.patient_key, vitals_looked_back(watch.profile), since, read.now
    )
    asked = read_answers(read.recent_answers, read.editions, watch.profile)
    return Context(
        usual=usual,
        judged_through=through,
        readings_before=tuple(all_readings(spots, stretches)),
        answers_before=asked.answers,
    )


def _state_of(read: _Read, watch: Watch) -> HomeState:
    """Judge how the patient is: by his answers as they stand after any correction."""
    asked = read_answers(read.recent_answers, read.editions, watch.profile)
    return decide_home_state(
        state_items(asked, watch.profile, read.now),
        {*read.new, *read.recent},
        asked.answers,
        watch.usual,
        read.now,
    )


def _watch_of(watched: WatchedRow) -> Watch | None:
    if watched.profile_id is None or watched.profile_version is None:
        return None
    shipped = load_profile(watched.profile_id, watched.profile_version)
    return make_watch(
        shipped,
        watched.adjustments or [],
        watched.usual_values or {},
        watched.content,
        signed_as(watched.prescription_id, watched.prescription_version),
    )


def _open_alert(row: AlertRow) -> OpenAlert:
    return OpenAlert(alert_id=row.id, item=row.item, level=LEVEL_BY_CODE[row.level])


def _age(watched: WatchedRow, now: datetime) -> int | None:
    return age_years(watched.birth_date, now.date()) if watched.birth_date else None


_NAMED = ("profile_id", "profile_version", "prescription_id", "prescription_version")
"""By what an assessment was judged."""


def _save_summary(
    conn: ServiceConnection,
    read: _Read,
    state: HomeState | None,
    through: Mapping[str, datetime],
    *,
    called: int = 0,
) -> None:
    """Save the assessment, the summary and the place in the queues; hint when it matters."""
    watched, now = read.watched, read.now
    level = state.level if state else Level.UNKNOWN
    latest = latest_values([*read.new, *read.recent], now)
    found = {
        "patient": watched.patient_id,
        "now": now,
        "level": level.code,
        "items": to_json(state.findings if state else ()),
        "missing": to_json(state.missing if state else ()),
        "doubtful": to_json(state.doubtful if state else ()),
        "news2": to_json(news2_of(latest, watched.spo2_scale, _age(watched, now), now)),
    }
    if state is not None:
        named = {name: getattr(watched, name) for name in _NAMED}
        reviewing.save_assessment(conn, {"id": new_id(now), **named, **found})
    changed = watched.level != level.code
    measured = max((value.measured_at for value in latest), default=watched.last_measured_at)
    summary = {
        **found,
        "since": now if changed or watched.since is None else watched.since,
        "last_measured_at": measured,
        "latest": to_json(latest),
        "judged_through": to_json(dict(through)),
    }
    reviewing.save_summary(conn, summary)
    calling.rerank(conn, watched.patient_id)
    if changed or called:
        calling.hint_queues(conn, watched.patient_id)
