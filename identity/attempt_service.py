"""Counting attempts: each before it is judged, forgiven when it was right."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar
from uuid import UUID

from core.doors import before_sign_in
from identity.origin import Origin
from identity.people import SignedIn
from identity.slowdown import Guessed, must_wait
from identity.store import sessions
from identity.verdicts import TooManyAttempts

Judged = TypeVar("Judged")


def attempt(
    kind: Guessed,
    subject: str,
    origin: Origin,
    judge: Callable[[], Judged | None],
    *,
    in_session: UUID | None = None,
) -> Judged | TooManyAttempts | None:
    """Return what `judge` finds, None when the attempt was wrong; a place that waits is not judged.

    `in_session`: within a live session attempts are counted for it alone, so that nobody else
    behind the same address slows its owner down.
    """
    address = f"session:{in_session}" if in_session else origin.address
    known = in_session is not None
    with before_sign_in() as conn:
        tries = sessions.save_try(conn, kind, subject, address, origin.browser or b"", known)
    found: Judged | None = None
    waits = must_wait(kind, tries)
    try:
        found = None if waits else judge()
    finally:
        if waits or found is not None:
            with suppress(Exception), before_sign_in() as conn:
                sessions.forgive(conn, tries.attempt)
    return TooManyAttempts() if waits else found


def session_of(who: SignedIn) -> UUID | None:
    """Return the session whose attempts are counted apart: one that has proved two factors."""
    return who.session if who.aal == "two" else None
