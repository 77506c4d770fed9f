"""What becomes of a message after one attempt to send it. Pure.

At least once: a message is sent again whenever nobody noted that it was accepted. Only the
recipient's own permanent refusal ends it early; a fault of the relay or of our settings never does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

LEASE: Final = timedelta(seconds=20)
"""How long a claimed message belongs to its sender; after a crash it is sent again then.

With the restart of the sender it must stay below the 30 s by which an escalation may be late.
"""

TIME_FOR_ONE: Final = timedelta(seconds=10)
"""A sender begins no message with less than this left of its lease."""

BACKOFF: Final = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 10, 20, 40, 60))
"""Wait after each failed attempt, the last one repeated (proposed: an alert is worth a minute)."""

GIVE_UP_AFTER: Final = timedelta(hours=24)
"""After this much failing the message is dead: its alert has called others since (proposed)."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The relay took the message over."""


@dataclass(frozen=True, slots=True)
class TransientFailure:
    """It may work later: relay away, busy, or refusing us; `reason` holds no address."""

    reason: str


@dataclass(frozen=True, slots=True)
class PermanentFailure:
    """This recipient will never get it."""

    reason: str


Answer = Accepted | TransientFailure | PermanentFailure


@dataclass(frozen=True, slots=True)
class Sent:
    """Nothing more to do."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again at `at`."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Dead:
    """Never again; somebody has to know."""

    reason: str


Fate = Sent | Retry | Dead


def decide_fate(answer: Answer, attempts: int, created_at: datetime, now: datetime) -> Fate:
    """Return what becomes of a message after its `attempts`-th attempt (from 1)."""
    match answer:
        case Accepted():
            return Sent()
        case PermanentFailure(reason):
            return Dead(reason)
        case TransientFailure(reason) if now - created_at >= GIVE_UP_AFTER:
            return Dead(reason)
        case TransientFailure(reason):
            return Retry(now + BACKOFF[min(attempts, len(BACKOFF)) - 1], reason)
        case _:
            assert_never(answer)


RECIPIENT_REFUSED: Final = frozenset({550, 551, 552, 553, 554, 556})
"""Replies to RCPT or DATA that blame the recipient or the message (RFC 5321 §4.2.3, RFC 7504)."""


def read_reply(code: int, *, to_recipient: bool) -> Answer:
    """Judge an SMTP reply; `to_recipient`: it answers RCPT or DATA, not the relay's own greeting.

    A 5xx to anything else (greeting, MAIL FROM, log-in) is a fault of our settings: everybody's
    messages wait for it to be mended, nobody's are thrown away.
    """
    if 200 <= code < 300:
        return Accepted()
    if to_recipient and code in RECIPIENT_REFUSED:
        return PermanentFailure(f"SMTP {code}")
    return TransientFailure(f"SMTP {code}")
