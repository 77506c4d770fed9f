"""Proving once more who one is, before a grave act: the password, or the current second factor."""

from identity.factor_service import check_code
from identity.factors import CODE_DIGITS, digits_of
from identity.origin import Origin
from identity.password_service import check_own
from identity.people import SignedIn
from identity.slowdown import network_of
from identity.verdicts import Confirmed, TooManyAttempts, Wrong

__all__ = ["Confirmed", "TooManyAttempts", "Wrong", "confirm"]


def confirm(person: SignedIn, secret: str, *, address: str) -> Confirmed | Wrong | TooManyAttempts:
    """Check the password or a code of somebody signed in; no password has six digits.

    Attempts are counted for this session alone: nobody can keep its owner from a grave act.
    """
    origin = Origin(address=network_of(address))
    if len(digits_of(secret)) == CODE_DIGITS:
        return check_code(person, secret, origin)
    return check_own(person, secret, origin)
