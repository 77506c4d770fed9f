"""Asks the application as somebody of the cast, and says what the answer means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.testclient import TestClient

from tests.integration.web.scene import ORIGIN
from tests.security.cast import CANARY, CANARY_PHONE, MAKERS, Cast, Someone
from tests.security.verdicts import Outcome

SIGN_IN_PAGES = ("/sign-in",)
"""Where somebody is sent who has to show who he is, or show it better."""
IN_BRACES = re.compile(r"{(\w+)(?::\w+)?}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    outcome: Outcome
    status: int
    text: str
    headers: str

    @property
    def tells(self) -> bool:
        """Say whether it holds something of the patient's record."""
        whole = (self.headers + self.text).lower()
        return CANARY.lower() in whole or CANARY_PHONE in whole.replace(" ", "")


def fill(path: str, cast: Cast, things: Mapping[str, object] | None = None) -> str:
    """Return the path with a real thing of the patient for each name in braces."""
    made: dict[str, object] = dict(things or {})
    for name in IN_BRACES.findall(path):
        if name not in made:
            maker = MAKERS.get(name)
            made[name] = maker(cast) if maker else uuid4()
    return IN_BRACES.sub(lambda found: str(made[found[1]]), path)


def ask(client: TestClient, who: Someone, method: str, path: str, **sent: Any) -> Answer:
    """Send one request with the actor's cookie alone."""
    headers = {"origin": ORIGIN}
    if who.token:
        headers["cookie"] = f"chevet_session={who.token}"
    client.cookies.clear()
    answer = client.request(method, path, headers=headers, follow_redirects=False, **sent)
    client.cookies.clear()
    return Answer(
        outcome=_outcome(answer.status_code, answer.headers.get("location", "")),
        status=answer.status_code,
        text=answer.text,
        headers=str(dict(answer.headers)),
    )


def _outcome(status: int, location: str) -> Outcome:
    if status == 401 or (300 <= status < 400 and location.startswith(SIGN_IN_PAGES)):
        return Outcome.SIGN_IN
    if status == 403:
        return Outcome.DENIED
    if status == 404:
        return Outcome.HIDDEN
    return Outcome.BROKEN if status >= 500 else Outcome.LET_IN
