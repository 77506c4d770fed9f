"""Keys by which other systems ask: made and ended by the operator, recognised at the door."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import clock
from core.doors import Service, before_sign_in, note_run, serving
from core.ids import new_id
from identity.administration.refused import Refused
from identity.keys import LASTS, LONGEST, MARK, ApiKey, KeptKey, KeyScope
from identity.session_service import hash_token
from identity.store import administration, keys


@dataclass(frozen=True, slots=True)
class Made:
    """A new key: `token` is shown now and never again."""

    key: UUID
    token: str
    expires_at: datetime


def make_key(
    which: str, name: str, scopes: Sequence[str], until: datetime | None = None
) -> Made | Refused:
    """Make a key for a system of an organisation (its identifier or FINESS number)."""
    unknown = sorted(set(scopes) - set(KeyScope))
    if unknown or not scopes:
        return Refused(f"A key is for one or more of: {', '.join(KeyScope)}.")
    if not 1 <= len(name.strip()) <= 100:
        return Refused("Name the system the key is for, in 1 to 100 characters.")
    now = clock.now()
    ends = until or now + LASTS
    if not now < ends <= now + LONGEST:
        return Refused(f"A key ends between now and {LONGEST.days} days from now.")
    made = Made(key=new_id(now), token=MARK + secrets.token_urlsafe(32), expires_at=ends)
    with serving(Service.ADMINISTRATION) as conn:
        organisation = administration.load_organisation(conn, which)
        if organisation is None:
            return Refused("No such organisation.")
        keys.save_key(
            conn,
            id=made.key,
            organisation=organisation.organisation,
            name=name.strip(),
            scopes=sorted(set(scopes)),
            token_hash=hash_token(made.token),
            now=now,
            expires_at=ends,
        )
        note_run(conn, Service.ADMINISTRATION, "key_made", about=str(made.key))
    return made


def end_key(key: UUID) -> UUID | Refused:
    """End a key: the next request with it is refused."""
    with serving(Service.ADMINISTRATION) as conn:
        if not keys.end_key(conn, key, clock.now()):
            return Refused("No such key, or it was ended already.")
        note_run(conn, Service.ADMINISTRATION, "key_ended", about=str(key))
    return key


def keys_of(which: str) -> list[KeptKey] | Refused:
    """Return the keys of an organisation, ended ones too."""
    with serving(Service.ADMINISTRATION) as conn:
        organisation = administration.load_organisation(conn, which)
        if organisation is None:
            return Refused("No such organisation.")
        return keys.load_keys_of(conn, organisation.organisation)


def who_calls(token: str) -> ApiKey | None:
    """Return the live key that was given."""
    with before_sign_in() as conn:
        return keys.load_key(conn, hash_token(token))
