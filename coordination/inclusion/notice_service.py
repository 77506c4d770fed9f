"""Telling people by mail that something waits for them: never what it is."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from alerts.store.calling import save_event
from coordination.inclusion import ending_store as store
from coordination.inclusion import inclusion_store
from coordination.notices import Moment, due_at
from coordination.reaching.service import raise_call_backs
from core.doors import Service, ServiceConnection, note_run, serving
from core.settings import settings
from messages.message import Message, Template
from messages.store import save_message

BATCH: Final = 100


def keep_follow_ups(now: datetime) -> int:
    """Do what time alone brings about: first contacts that are late, promised calls that are due,
    notices that nobody has sent.

    Returns how much was done; the sentinel calls it every second or two.
    """
    with serving(Service.ADMINISTRATION) as conn:
        late = inclusion_store.mark_late(conn, BATCH)
        if late:
            note_run(conn, Service.ADMINISTRATION, "keep_follow_ups", late=late)
    return late + raise_call_backs() + tell(now)


def note_occasions(now: datetime) -> int:
    """Note what happened to alerts and stays of which somebody in the circle is to be told.

    A pass of its own: an alert waits for nothing here, and other notices do not either.
    """
    with serving(Service.OUTBOX) as conn:
        return store.note_occasions(conn, now)


def tell(now: datetime) -> int:
    """Put out the messages of notices nobody was told of yet; return how many notices.

    Called at once by whoever acted, and again and again by the sentinel: a crash in between loses
    nothing, and the key of a message keeps it single.
    """
    with serving(Service.OUTBOX) as conn:
        untold = store.lock_untold(conn, BATCH)
        for notice in untold:
            recipients = store.load_recipients(conn, notice.id)
            for place, person in enumerate(recipients):
                message = _message(notice, person, place)
                at = _due_at(person, now)
                if person.moment == Moment.DAILY and at > now:
                    message = _summary(message, notice, person, _nth(recipients, place), at)
                save_message(conn, message, at)
            store.note_told(conn, notice.id, now)
            _note_in_alert(conn, notice, recipients, now)
    return len(untold)


def _note_in_alert(
    conn: ServiceConnection,
    notice: store.Notice,
    recipients: list[store.Recipient],
    now: datetime,
) -> None:
    """Write into the life of an alert who of the circle was told; it is nobody's answer to it.

    Whoever is told later is not among them: nothing was sent to him yet.
    """
    of_alert = notice.kind in ("circle_red", "circle_silence", "circle_closure")
    told = [one for one in recipients if _due_at(one, now) == now]
    if not of_alert or notice.patient_id is None or not told:
        return
    save_event(
        conn,
        alert=notice.subject,
        patient=notice.patient_id,
        at=now,
        what="circle_told",
        detail={"people": sorted({str(one.person) for one in told})},
    )


def _due_at(person: store.Recipient, now: datetime) -> datetime:
    return due_at(Moment(person.moment), now, ZoneInfo(person.zone or settings().time_zone))


def _nth(recipients: list[store.Recipient], place: int) -> int:
    """Return how many addresses of the same person come before one."""
    person = recipients[place].person
    return sum(one.person == person for one in recipients[:place])


def _summary(
    message: Message, notice: store.Notice, person: store.Recipient, nth: int, at: datetime
) -> Message:
    """Return the one mail of a day, whatever happens in it: the first of the day puts it out."""
    params = {"occasion": "daily"} if person.family else {"path": "/day"}
    day = at.astimezone(UTC).date()
    key = f"circle_day:{notice.patient_id}:{person.person}:{day}:{nth}"
    return replace(message, key=key, params=params)


_OUTSIDE: Final = frozenset({"support_sent", "support_late", "support_withdrawn"})
"""Told to a DAC that is not in the circle: what is about a record is kept from whoever is not."""


def _message(notice: store.Notice, person: store.Recipient, place: int) -> Message:
    """Return the message of a notice: whoever is close to the patient is told in words alone."""
    occasion = notice.kind.removeprefix("circle_")
    in_words = person.family and occasion != notice.kind
    return Message(
        key=f"notice:{notice.id}:{place}:{person.person}:email",
        recipient=person.person,
        address=person.address,
        template=Template.CIRCLE_NOTICE if in_words else Template.RECORD_NOTICE,
        params={"occasion": occasion} if in_words else {"path": _path(notice)},
        locale=person.locale,
        about=None if notice.kind in _OUTSIDE else notice.patient_id,
    )


def _path(notice: store.Notice) -> str:
    match notice.kind:
        case "request_sent" | "request_decided":
            return f"/requests/{notice.subject}"
        case "exit_letter" | "death" | "death_undone":
            return f"/patients/{notice.patient_id}/exit"
        case "account_invited" | "agreement_refused":
            return f"/patients/{notice.patient_id}/follow-up"
        case "circle_red" | "circle_silence" | "circle_closure":
            return f"/a/{notice.subject}"
        case (
            "circle_stay"
            | "circle_stay_over"
            | "circle_stay_cancelled"
            | "stay_asks"
            | "stay_call_late"
        ):
            return f"/patients/{notice.patient_id}/stays"
        case "action_given" | "action_returned":
            return f"/patients/{notice.patient_id}/actions"
        case "visit_problem":
            return f"/patients/{notice.patient_id}/visits"
        case "support_sent" | "support_late" | "support_withdrawn":
            return "/support"
        case "support_moved" | "support_unreceived":
            return f"/patients/{notice.patient_id}/support"
        case _:
            assert_never(notice.kind)
