"""Receipts of notifications: what a browser says it has, with a proof that only we can make."""

import base64
import hmac
from uuid import UUID

from core.doors import before_sign_in
from core.sealing import keyed_digest
from core.sqlfile import load_queries
from messages.push import RECEIPT_BYTES, RECEIPT_PURPOSE


def receipt_of(message: UUID) -> str:
    """Return what a browser gives back with a message: without our key nobody finds it."""
    digest = keyed_digest(str(message), RECEIPT_PURPOSE)[:RECEIPT_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def note_receipt(message: UUID, receipt: str, *, opened: bool) -> bool:
    """Note that a browser has a message, or that it was opened; False for a false proof.

    Signed in or not: a session may end between a reminder and its receipt.
    """
    if not hmac.compare_digest(receipt.encode(), receipt_of(message).encode()):
        return False
    with before_sign_in() as conn:
        params = {"id": message, "opened": opened}
        conn.execute(load_queries("messages")["gate_receipt"], params)
    return True
