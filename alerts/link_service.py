"""From the link of a message and a code to the one alert it opens."""

from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

from alerts.reading_service import find_patient
from core import clock
from core.doors import Actor
from identity.factor_service import check_code_of, second_factors, send_sms_code
from identity.factors import SecondFactors
from identity.link import read_link
from identity.origin import Origin
from identity.session_service import open_session, posts_of, who_is
from identity.verdicts import Confirmed, TooManyAttempts, Wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A link that may be used: which alert it opens, and by which codes its person proves it."""

    person: UUID
    alert: UUID
    factors: SecondFactors


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """An alert that is open to this browser by the token of a session."""

    patient: UUID
    alert: UUID
    token: str


class Gone:
    """The link is forged, cut or over, or its alert no longer concerns whom it was written to."""


def waiting(link: str) -> Waiting | Gone:
    """Return what a link asks for; nothing is opened, noted or sent by it."""
    found = read_link(link, clock.now())
    if found is None:
        return Gone()
    person, alert = found
    return Waiting(person=person, alert=alert, factors=second_factors(person))


def send_code(link: str, locale: str, origin: Origin) -> bool:
    """Send a code to the telephone of whom a link was written to; False where none could be."""
    found = waiting(link)
    if isinstance(found, Gone):
        return False
    return isinstance(send_sms_code(found.person, locale, origin), Confirmed)


def open_alert(link: str, code: str, origin: Origin) -> Open | Gone | Wrong | TooManyAttempts:
    """Use a code of whom a link was written to; open its alert, if he may read it in any post."""
    found = waiting(link)
    if isinstance(found, Gone):
        return found
    verdict = check_code_of(found.person, code, origin)
    match verdict:
        case Confirmed():
            return _open(found.person, found.alert, origin)
        case Wrong() | TooManyAttempts():
            return verdict
        case _:
            assert_never(verdict)


def _open(person: UUID, alert: UUID, origin: Origin) -> Open | Gone:
    for held in posts_of(person):
        actor = Actor(person=person, post=held.post, session=None, purpose="TREAT")
        patient = find_patient(actor, alert)
        if patient is not None:
            token = open_session(
                person, aal="link", post=held.post, origin=origin, only_alert=alert
            )
            # A closed account still has its codes; its sessions are nobody's.
            return Open(patient=patient, alert=alert, token=token) if who_is(token) else Gone()
    return Gone()
