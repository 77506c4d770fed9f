"""Lock 1 for what a post gives on lists and tools of its organisation, never on a record."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends
from starlette.exceptions import HTTPException

from core.access import Permission
from core.doors import acting_as, note_access
from core.rights import rights
from identity.edge.http import AccessDenied, signed_in
from identity.people import SignedIn


def acting_post(permission: Permission) -> Callable[[SignedIn], SignedIn]:
    """Return the dependency that lets a post with `permission` through; others get 403, written
    down, and who has no post at all the 404 of a page that does not exist."""

    def acting(person: Annotated[SignedIn, Depends(signed_in)]) -> SignedIn:
        if rights().of_post(person.role, permission):
            return person
        with acting_as(person.actor) as conn:
            note_access(conn, person.actor, permission, None, "E", outcome="refused")
        if person.post is None:
            raise HTTPException(status_code=404)
        raise AccessDenied(permission)

    acting.__name__ = f"post_{permission.name.lower()}"
    return acting
