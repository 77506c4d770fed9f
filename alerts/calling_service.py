"""Calling out: who stands on each rung of a step now, what is sent to him, and what if nobody does.

A rung on which nobody stands is passed by at once, in the same transaction. When a ladder that
calls people on duty alone finds nobody while the service is closed, the alert waits for the
morning: first in the queue, marked « nuit », and called again as soon as somebody is there. So does
an orange while everybody it could call is in his quiet hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.alert import Alert
from alerts.around_service import Around, look_around
from alerts.duty_service import tell_gap
from alerts.ladder import Channel, Notice, Recipient, Rung
from alerts.lap import lap
from alerts.night import may_wait, morning
from alerts.notices import notices
from alerts.rota.quiet import Quiet, rests_until
from alerts.rota.standing import Candidate, Known, Skip, Standing, decide_standing
from alerts.store import calling, duties
from alerts.store.drills import is_of_drill
from alerts.views import EventKind
from alerts.writing_service import write
from core.doors import ServiceConnection
from core.settings import settings
from messages.message import Message, Occurrence, Template, Weight
from messages.service import tell_operator
from messages.store import save_message
from scoring.level import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An alert that calls people: whose it is, when, and what is known of who is there.

    `closed`: at night nobody need be there. `waits`: it waits already, so that what is tried in
    vain is not written again; `uncalled`: and nobody was called since. `rests` gathers until when
    somebody who would be called is in his quiet hours.
    """

    conn: ServiceConnection
    patient: UUID
    now: datetime
    around: Around
    closed: bool
    waits: bool
    uncalled: bool
    rests: list[datetime] = field(default_factory=list)

    @property
    def by_design(self) -> bool:
        """Say whether nobody being there is as it was chosen: at night, or in quiet hours."""
        return self.closed or bool(self.rests)

    @property
    def quiet(self) -> bool:
        """Say whether what is tried in vain is not to be written again."""
        return self.waits and self.by_design

    def note(self, alert: Alert, what: EventKind, by: UUID | None = None, **detail: Any) -> None:
        """Add one step to the life of the alert."""
        calling.save_event(
            self.conn,
            alert=alert.alert_id,
            patient=self.patient,
            at=self.now,
            what=what,
            by=by,
            detail={"round": alert.round, **detail},
        )


def call_out(
    conn: ServiceConnection,
    alert: Alert,
    patient: UUID,
    now: datetime,
    *,
    night_at: datetime | None = None,
    exhausted: bool = False,
    around: Around | None = None,
) -> Alert:
    """Put out what the present step of an alert sends, in the caller's transaction.

    A step that reaches nobody is written down, and the next rung is called at once; the alert is
    returned as it stands then, to be saved. Tried in vain, it waits for its next step as usual; at
    night at the latest for the morning. `exhausted`: the step before was the last of the ladder.
    `around`: what was read of the patient in this transaction already.
    """
    around, waits = around or look_around(conn, patient, now), night_at is not None
    call = Call(
        conn=conn,
        patient=patient,
        now=now,
        around=around,
        closed=may_wait(alert, around.known),
        waits=waits,
        uncalled=waits and alert.level is not Level.RED and not _was_called(conn, alert),
    )
    if exhausted and not call.quiet and not call.uncalled:
        call.note(alert, "exhausted")
    *steps, last = lap(alert, now)
    turns = alert.exhaustions
    for step in steps:
        turns = _note_turn(call, step, turns)
        if _call_step(call, step):
            return step
    _note_turn(call, last, turns)
    if call.by_design:
        return _wait_for_morning(call, last)
    _call_step(call, last)
    return last


def _was_called(conn: ServiceConnection, alert: Alert) -> bool:
    """Say whether anybody was called in this round or the last: else nobody failed to answer."""
    return duties.was_called(conn, alert.alert_id, alert.round - 1)


def _note_turn(call: Call, step: Alert, turns: int) -> int:
    """Write down that a ladder has come to its end, unless by design; return how often it has."""
    if step.exhaustions > turns and not call.by_design:
        call.note(step, "exhausted")
    return step.exhaustions


def _wait_for_morning(call: Call, alert: Alert) -> Alert:
    """Mark an alert that found nobody at night; a red tells operator and carers once.

    An orange that found only people in their quiet hours waits for the first of them likewise.
    """
    site = settings()
    opens = morning(site.opening(), call.now, ZoneInfo(site.time_zone)) if call.closed else None
    again = min((at for at in (opens, *call.rests) if at is not None), default=None)
    if duties.save_night(call.conn, alert.alert_id, call.now):
        call.note(alert, "night" if call.closed else "quiet")
        calling.rerank(call.conn, call.patient)
    if alert.level is Level.RED:  # Also an orange of this night that has turned red since.
        reference = f"{alert.alert_id}:night"
        tell_operator(call.conn, Occurrence.RED_AT_NIGHT, reference, call.now, about=call.patient)
        _tell_carers(call, alert)
    due_at, last = alert.next_step_at, len(alert.ladder.rungs)
    # From the last rung on: whoever comes first in the morning is called as the first.
    return replace(
        alert,
        from_rung=last,
        rung=last,
        next_step_at=min(due_at, again) if due_at and again else due_at,
    )


def _tell_carers(call: Call, alert: Alert) -> None:
    """Ask who agreed to it to look after the patient; the message says nothing of his health."""
    if is_of_drill(call.conn, alert.alert_id):
        return
    for carer in duties.load_carers_at_night(call.conn, call.patient):
        message = Message(
            key=f"{alert.alert_id}:night:{carer.person}",
            recipient=carer.person,
            address=carer.address,
            channel="sms" if carer.channel == "sms" else "email",
            template=Template.CARER_AT_NIGHT,
            params={},
            locale=carer.locale,
            about=call.patient,
            weight=Weight.URGENT,
        )
        if save_message(call.conn, message, call.now):
            call.note(alert, "carer_told", people=[str(carer.person)])


def _call_step(call: Call, alert: Alert) -> bool:
    """Call every rung of the step; return whether anybody could be reached."""
    step = notices(alert)
    reached = False
    for number in range(alert.from_rung, alert.rung + 1):
        called = [notice for notice in step if notice.rung == number]
        people = [notice for notice in called if notice.role is not Recipient.OPERATOR]
        reached = _call_rung(call, alert, number, people) or reached
    quiet = call.uncalled or (not reached and call.by_design)
    if not quiet and any(notice.role is Recipient.OPERATOR for notice in step):
        reference = f"{alert.alert_id}:{alert.round}:{alert.rung}"
        tell_operator(
            call.conn, Occurrence.LADDER_EXHAUSTED, reference, call.now, about=call.patient
        )
    return reached


def _call_rung(call: Call, alert: Alert, number: int, called: Sequence[Notice]) -> bool:
    """Write to who stands on a rung and has an address; the console shows the alert anyway."""
    rung = alert.ladder.rung(number)
    rows = call.around.candidates(call.conn, call.patient, _held_by(rung.role))
    known = call.around.known
    if rung.role is Recipient.SECOND_NURSE:
        first = duties.load_called_first(call.conn, alert.alert_id)
        known = replace(known, called_first=first)
    resting = _resting(rows, known, call.now)
    known = replace(known, resting=frozenset(resting))
    standing = decide_standing(rung, alert.level, _candidates(rows), known, call.now)
    if standing.skip is Skip.QUIET_HOURS:
        call.rests.append(min(resting.values()))
    _note_gaps(call, standing)
    here = [row for row in rows if row.person in standing.people]
    written = write(call.conn, called, call.patient, here, alert.level, call.now)
    only_console = all(notice.channel is Channel.CONSOLE for notice in called)
    named = sorted(written) or sorted({str(row.person) for row in here} if only_console else ())
    if named:
        call.note(alert, "called", rung=number, role=rung.role, people=named)
    else:
        _pass_by(call, alert, number, standing)
    return bool(named)


def _resting(
    rows: Sequence[duties.CandidateRow], known: Known, now: datetime
) -> dict[UUID, datetime]:
    """Return who of a rung is in his quiet hours, by the clock of his rota, and until when."""
    found = {}
    for row in rows:
        if row.quiet_from is None or row.quiet_until is None:
            continue
        rota = known.rotas.get(row.organisation) if row.organisation else None
        quiet = Quiet(begins=row.quiet_from, ends=row.quiet_until)
        until = rests_until(quiet, now, rota.zone if rota else known.zone)
        if until is not None:
            found[row.person] = until
    return found


def _held_by(role: Recipient) -> str:
    """Return by which role people are found: a second nurse is a nurse."""
    return Recipient.TELEMONITORING_NURSE if role is Recipient.SECOND_NURSE else role


def _candidates(rows: Sequence[duties.CandidateRow]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(person=row.person, organisation=row.organisation, stands_for=row.stands_for)
        for row in rows
    )


def _note_gaps(call: Call, standing: Standing) -> None:
    for organisation, duty in standing.short:
        if duties.save_gap(call.conn, organisation, duty, call.now):
            tell_gap(call.conn, organisation, duty, call.now)


def _pass_by(call: Call, alert: Alert, number: int, standing: Standing) -> None:
    """Write down why nobody was called; tell the operator what is not so by design."""
    if call.quiet:
        return
    if _is_by_design(alert.ladder.rung(number), standing):
        call.note(alert, "rung_skipped", rung=number, why=standing.skip)
        return
    call.note(alert, "nobody_reachable", rung=number, why=standing.skip)
    reference = f"{alert.alert_id}:{alert.round}:{number}"
    tell_operator(call.conn, Occurrence.NOBODY_REACHABLE, reference, call.now, about=call.patient)


def _is_by_design(rung: Rung, standing: Standing) -> bool:
    """Say whether nobody had to stand on a rung, or the gap of the rota is told by itself."""
    match standing.skip:
        case None:
            return False
        case Skip.NO_SUCH_PERSON:
            return rung.on_duty_only and rung.role is not Recipient.TELEMONITORING_NURSE
        case Skip.NOBODY_ON_DUTY:
            backs_up = rung.role in (Recipient.SECOND_NURSE, Recipient.ON_CALL)
            return bool(standing.short) or backs_up
        case _:
            return True
