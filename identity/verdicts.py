"""What becomes of an attempt to prove who one is. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WrongCredentials:
    """Login or password is wrong; which of the two is not said."""


@dataclass(frozen=True, slots=True)
class TooManyAttempts:
    """Too many wrong attempts from this place: it has to wait, others need not."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """It was right."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """It was wrong, used before, or expired."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session was opened; `token` goes into the cookie and is kept nowhere else."""

    token: str
