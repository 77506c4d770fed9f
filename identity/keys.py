"""Keys of other systems: what one may be used for, and how it is written. Pure.

A key stands for an organisation's system, never for a person: it opens no record.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

MARK: Final = "chevet_key_"
"""How every key begins, so that whoever searches a repository for secrets finds one."""
LASTS: Final = timedelta(days=365)
"""How long a key lasts unless its maker says otherwise (proposed)."""
LONGEST: Final = timedelta(days=731)
"""A key that nobody ever renews is one that nobody remembers (proposed)."""


class KeyScope(StrEnum):
    """What a key may be used for."""

    SCORING = "scoring"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A live key, as it was recognised; `scopes` may hold words of a later version."""

    key: UUID
    organisation: UUID
    scopes: list[str]

    def grants(self, scope: KeyScope) -> bool:
        """Say whether the key was made for this."""
        return scope in self.scopes


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptKey:
    """A key as the operator sees it: the key itself is kept nowhere."""

    key: UUID
    name: str
    scopes: list[str]
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None

    def state(self, now: datetime) -> str:
        """Return live, ended or expired."""
        if self.ended_at is not None:
            return "ended"
        return "live" if self.expires_at > now else "expired"
