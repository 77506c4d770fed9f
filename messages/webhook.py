"""What another system is told of an alert, and the proof that it comes from here. Pure.

The body holds the id of the alert, what happened and when: no name, no value, no level. The proof
is an HMAC-SHA-256 (RFC 2104) over the time of sending, a full stop and the body, so that what is
played again later is seen.
"""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Final

from messages.delivery import Accepted, Answer, TransientFailure
from messages.message import Claimed

SHORTEST_SECRET: Final = 32
"""Characters: with fewer the proof could be guessed."""


def body_of(message: Claimed) -> bytes:
    """Return the body, always with the same three names."""
    told = {name: message.params[name] for name in ("alert", "event", "at")}
    return json.dumps(told, separators=(",", ":")).encode()


def proof_of(body: bytes, sent_at: str, secret: str) -> str:
    """Return the proof of a body sent at a moment, as `Chevet-Signature` carries it."""
    signed = sent_at.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def headers_of(message: Claimed, body: bytes, secret: str, now: datetime) -> dict[str, str]:
    """Return the headers of a body; `Chevet-Delivery` is the same however often it is sent."""
    sent_at = str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "Chevet-Delivery": message.key,
        "Chevet-Timestamp": sent_at,
        "Chevet-Signature": proof_of(body, sent_at, secret),
    }


def read_status(status: int) -> Answer:
    """Judge what the system answered: whatever it does not take is told again."""
    return Accepted() if 200 <= status < 300 else TransientFailure(f"webhook {status}")
