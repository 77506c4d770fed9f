"""Sessions: opening them by what was proved, knowing who asks, remembering a phone, signing out."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from core import clock
from core.doors import GateConnection, before_sign_in
from core.ids import new_id
from identity import store
from identity.connections.service import tell_of_new_browser
from identity.origin import Origin
from identity.people import Aal, Post, SignedIn
from identity.store import sessions
from identity.store.sessions import Phone

STAFF_IDLE: Final = timedelta(minutes=15)
"""Two factors are asked again after this much idleness (proposed; no binding number found)."""
STAFF_LONGEST: Final = timedelta(hours=12)
"""Two factors are asked again once in a shift (NIST SP 800-63B-4 §2.2.3: 24 h at most)."""
PATIENT_IDLE: Final = timedelta(minutes=30)
"""An open record on a patient's own screen closes after this (NIST SP 800-63B-4: 1 h at most)."""
PHONE_LASTS: Final = timedelta(days=30)
"""How long a phone is remembered for today's questionnaire (proposed)."""
LINK_IDLE: Final = timedelta(minutes=15)
LINK_LONGEST: Final = timedelta(minutes=30)
"""How long the link of a message and a code open one alert (proposed)."""
HALF_WAY: Final = timedelta(minutes=10)
"""Time to give the second factor, or to set one up, once the first is given (proposed)."""
FRESH: Final = timedelta(minutes=10)
"""Changing a factor asks for factors given this recently (ASVS 5.0 7.5.1; delay proposed)."""

_log = structlog.get_logger("identity")


def open_session(
    person: UUID,
    *,
    aal: Aal,
    post: UUID | None = None,
    is_patient: bool = False,
    origin: Origin | None = None,
    only_alert: UUID | None = None,
) -> str:
    """Open a session and return its token; a new one each time something is proved.

    `is_patient`: a patient without a post, at home, has other limits than staff. `only_alert`: what
    a session of a link opens, and nothing besides.
    """
    at_home = is_patient and post is None
    idle, longest = {
        "one": (HALF_WAY, HALF_WAY),
        "two": (PATIENT_IDLE if at_home else STAFF_IDLE, STAFF_LONGEST),
        "remembered": (PHONE_LASTS, PHONE_LASTS),
        "link": (LINK_IDLE, LINK_LONGEST),
    }[aal]
    place = origin or Origin()
    with before_sign_in() as conn:
        token = _save(conn, person, aal, post, idle, longest, place, only_alert)
        if aal == "two" and place.browser is not None:
            known = sessions.save_known_browser(conn, person, place.browser)
            if known is not None and known.is_new:
                tell_of_new_browser(conn, person, known.locale, clock.now())
    _log.info("session_opened", person=str(person), aal=aal)
    return token


def _save(
    conn: GateConnection,
    person: UUID,
    aal: Aal,
    post: UUID | None,
    idle: timedelta,
    longest: timedelta,
    origin: Origin,
    only_alert: UUID | None,
) -> str:
    now = clock.now()
    token = secrets.token_urlsafe(32)
    sessions.save_session(
        conn,
        id=new_id(now),
        token_hash=hash_token(token),
        person=person,
        post=post,
        aal=aal,
        idle_seconds=int(idle.total_seconds()),
        ends_at=now + longest,
        address=origin.address,
        device=origin.device,
        only_alert=only_alert,
    )
    return token


def hash_token(token: str) -> bytes:
    """Return what is kept of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def who_is(token: str) -> SignedIn | None:
    """Return the person behind a session token, or None when the session is over."""
    with before_sign_in() as conn:
        return sessions.load_session(conn, hash_token(token))


def posts_of(person: UUID) -> tuple[Post, ...]:
    """Return the posts a person may sign in to, oldest first."""
    with before_sign_in() as conn:
        return tuple(store.load_posts(conn, person))


def only_post(person: UUID) -> UUID | None:
    """Return the post of a person who has exactly one; with several, one is chosen later."""
    posts = posts_of(person)
    return posts[0].post if len(posts) == 1 else None


def open_with_two_factors(person: UUID, *, is_patient: bool, origin: Origin) -> str:
    """Open a session of somebody who gave two factors at once, by a passkey or elsewhere."""
    return open_session(
        person, aal="two", post=only_post(person), is_patient=is_patient, origin=origin
    )


def step_up(who: SignedIn, token: str | None, origin: Origin) -> str:
    """Return the token of a new session with two factors; the one before ends (no fixation)."""
    post = who.post if who.aal != "remembered" else None
    if token is not None:
        sign_out(token)
    return open_session(
        who.person, aal="two", post=post, is_patient=who.patient_id is not None, origin=origin
    )


def choose_post(who: SignedIn, token: str, post: UUID, origin: Origin) -> str | None:
    """Return the token of a session in one of the person's posts; None when it is not his."""
    if post not in {held.post for held in posts_of(who.person)}:
        return None
    sign_out(token)
    return open_session(who.person, aal=who.aal, post=post, origin=origin)


def sign_out(token: str) -> None:
    """End the session of a token."""
    with before_sign_in() as conn:
        sessions.end_session(conn, hash_token(token))


def end_other_sessions(person: UUID, keep: UUID | None) -> None:
    """End every session and remembered phone of a person, except one."""
    with before_sign_in() as conn:
        sessions.end_other_sessions(conn, person, keep)


def remember_phone(person: UUID, origin: Origin) -> str:
    """Let this phone answer today's questionnaire; return its token."""
    return open_session(person, aal="remembered", is_patient=True, origin=origin)


def phones(person: UUID) -> list[Phone]:
    """Return the phones a person had remembered, newest first."""
    with before_sign_in() as conn:
        return sessions.load_phones(conn, person)


def forget_phone(person: UUID, id: UUID) -> None:
    """Remember a phone of his no longer; it is refused at its next request."""
    with before_sign_in() as conn:
        sessions.forget_phone(conn, person, id)


def is_fresh(who: SignedIn) -> bool:
    """Say whether two factors were given just now."""
    return who.aal == "two" and clock.now() - who.proved_at < FRESH


def choose_language(token: str, locale: str) -> None:
    """Keep the language in the account of whoever is signed in."""
    with before_sign_in() as conn:
        store.save_locale(conn, hash_token(token), locale)
