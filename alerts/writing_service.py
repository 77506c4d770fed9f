"""Writing to who stands on a rung: by mail, and by text message and notification as he chose."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from alerts.ladder import Channel, Notice
from alerts.store import duties
from alerts.store.drills import is_of_drill
from alerts.ways import Choice, ways
from core.doors import ServiceConnection
from core.errors import ConfigurationError
from core.sealing import seal_text
from core.settings import Settings, settings
from identity.link import write_link
from messages.gathering_service import STORM, save_gathering
from messages.message import SEALED_PARAM, Message, Template, Weight
from messages.message import Channel as Way
from messages.store import save_message
from scoring.level import Level


def write(
    conn: ServiceConnection,
    called: Sequence[Notice],
    patient: UUID,
    rows: Sequence[duties.CandidateRow],
    level: Level,
    now: datetime,
) -> frozenset[str]:
    """Put out the messages of a rung, in the caller's transaction; return who was written to.

    `called` are the notices of that rung, `rows` the addresses of who stands on it. Those of an
    orange alert that follow each other soon go out together. The mail of a red waits for nothing;
    by the ways that ring, reds of one minute are one call.
    """
    written = set()
    weight = Weight.URGENT if level is Level.RED else Weight.NOTICE
    site = settings()
    drill = {"drill": "yes"} if called and is_of_drill(conn, called[0].alert_id) else {}
    for person in dict.fromkeys(row.person for row in rows):
        theirs = [row for row in rows if row.person == person]
        for channel in ways((notice.channel for notice in called), _choice(theirs[0], site)):
            notice = replace(called[0], channel=channel)
            known = {row.address: row for row in theirs if row.channel == channel and row.address}
            for count, row in enumerate(known.values(), start=1):
                message = _message(notice, patient, row, count, now)
                message = replace(message, weight=weight, params={**message.params, **drill})
                _put_out(conn, message, now)
                written.add(str(person))
    return frozenset(written)


def _put_out(conn: ServiceConnection, message: Message, now: datetime) -> None:
    # An exercise is told with nothing else: its word would not stand in a summary, and no real call
    # waits behind one.
    if "drill" in message.params or (message.weight, message.channel) == (Weight.URGENT, "email"):
        save_message(conn, message, now)
    elif message.weight is not Weight.URGENT:
        save_gathering(conn, message, now)
    else:
        save_gathering(conn, message, now, STORM)


def _choice(row: duties.CandidateRow, site: Settings) -> Choice:
    """Return what somebody chose of what the site can send: the rest would wait in vain."""
    return Choice(
        sms=row.wants_sms and bool(site.sms_url or site.sms_url_second),
        push=row.wants_push and bool(site.vapid_private_key),
    )


def _message(
    notice: Notice, patient: UUID, row: duties.CandidateRow, count: int, now: datetime
) -> Message:
    """Return the message of a notice; a person's second address has a key of its own."""
    recipient = str(row.person) if count == 1 else f"{row.person}.{count}"
    return Message(
        key=notice.key(recipient),
        recipient=row.person,
        address=row.address or "",
        channel=_way(notice.channel),
        template=Template.MESSAGE_WAITING,
        params=_way_in(row.person, notice.alert_id, now),
        locale=row.locale,
        about=patient,
    )


def _way(channel: Channel) -> Way:
    match channel:
        case Channel.EMAIL:
            return "email"
        case Channel.SMS:
            return "sms"
        case Channel.PUSH:
            return "push"
        case Channel.CONSOLE:
            raise ValueError("the console shows an alert, nothing is sent to it")
        case _:
            assert_never(channel)


def _way_in(person: UUID, alert: UUID, now: datetime) -> dict[str, str]:
    """Return what a call leads by: its link, or the sign-in alone where no link can be sealed."""
    params = {"alert_id": str(alert)}
    with suppress(ConfigurationError):  # a site without its key still calls
        params["link"] = seal_text(write_link(person, alert, now), SEALED_PARAM)
    return params
