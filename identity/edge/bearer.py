"""From an Authorization header to the key of another system: nobody's session is ever enough."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Final

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from identity.key_service import who_calls
from identity.keys import MARK, ApiKey, KeyScope

BEARER: Final = HTTPBearer(
    scheme_name="key",
    bearerFormat=f"{MARK}…",
    description="A key of an organisation, made by its operator: chevet key make.",
    auto_error=False,
)
Given = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]


class ProgramError(HTTPException):
    """What a program is answered: a word it can act on, and why, for whoever writes it."""

    def __init__(
        self, status: int, word: str, reason: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, headers=headers)
        self.word = word
        self.reason = reason


@cache
def key_for(scope: KeyScope) -> Callable[[Given], ApiKey]:
    """Return the dependency that asks for a live key made for `scope`.

    The challenges are those of RFC 6750 §3.
    """

    def asked(given: Given) -> ApiKey:
        token = given.credentials if given else ""
        key = who_calls(token) if token.startswith(MARK) else None
        if key is None:
            challenge = {"www-authenticate": 'Bearer realm="chevet"'}
            raise ProgramError(401, "key_needed", "no live key was given", challenge)
        if not key.grants(scope):
            words = f'Bearer realm="chevet", error="insufficient_scope", scope="{scope}"'
            reason = f"this key is not for: {scope}"
            raise ProgramError(403, "denied", reason, {"www-authenticate": words})
        return key

    asked.__name__ = f"key_for_{scope}"
    return asked
