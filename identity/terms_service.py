"""Use cases of the terms of use: who has yet to accept them, accepting, and what was accepted."""

import hashlib
from collections import OrderedDict
from enum import Enum
from threading import Lock
from typing import Final

from core import clock
from core.account_trail import note_account
from core.doors import acting_as, before_sign_in
from identity.edge.terms_files import terms_in_force
from identity.people import SignedIn
from identity.store import terms as store
from identity.terms import Terms

REMEMBERED: Final = 20_000
"""Sessions of which a process remembers that their person has accepted."""


class Standing(Enum):
    """What the terms of use mean for one session."""

    CLEAR = "clear"
    """Nothing to accept: accepted already, no terms in force, or nobody there."""
    ASKED = "asked"
    """The terms in force wait to be accepted, before anything else."""
    ASKED_PATIENT = "asked_patient"
    """As above, for a patient at home: the questionnaire of the day stays open."""


_accepted: OrderedDict[tuple[bytes, tuple[bytes, ...]], None] = OrderedDict()
_lock = Lock()


def standing_of(token: str) -> Standing:
    """Return the standing of a session; an acceptance is never taken back, so it is remembered."""
    digests = tuple(terms.digest for terms in terms_in_force().values())
    if not digests:
        return Standing.CLEAR
    key = (hashlib.sha256(token.encode()).digest(), digests)
    with _lock:
        if key in _accepted:
            return Standing.CLEAR
    with before_sign_in() as conn:
        found = store.load_standing(conn, key[0], list(digests))
    if found is None:
        return Standing.CLEAR
    if not found.accepted:
        return Standing.ASKED_PATIENT if found.is_patient else Standing.ASKED
    with _lock:
        _accepted[key] = None
        while len(_accepted) > REMEMBERED:
            _accepted.popitem(last=False)
    return Standing.CLEAR


def accept(person: SignedIn, digest_hex: str) -> Terms | None:
    """Note that a person accepts the text he was shown; None when that text is not in force."""
    shown = next(
        (terms for terms in terms_in_force().values() if terms.digest_hex == digest_hex), None
    )
    if shown is None:
        return None
    with acting_as(person.actor) as conn:
        if store.save_acceptance(
            conn, shown, person=person.person, session=person.session, now=clock.now()
        ):
            detail = {"version": int(shown.version), "digest": shown.digest_hex}
            note_account(conn, person.actor, "account:terms", detail)
    return shown


def accepted_by(person: SignedIn) -> list[store.Acceptance]:
    """Return the texts a person accepted, the latest first."""
    with acting_as(person.actor) as conn:
        return store.load_acceptances(conn, person.person)
