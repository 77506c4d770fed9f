"""Asks the application as somebody of the cast, and says what the answer means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from coordination.chat.edge.live import OVER
from coordination.chat.edge.socket import NOT_HERE
from core.access import Role
from tests.integration.web.scene import ORIGIN
from tests.security.cast import CANARY, CANARY_PHONE, Cast, Someone
from tests.security.relations import Relation, Standing
from tests.security.things import MAKERS
from tests.security.verdicts import Outcome, Verdict

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
    if method == "SOCKET":
        return _listen(client, path, headers)
    client.cookies.clear()
    answer = client.request(method, path, headers=headers, follow_redirects=False, **sent)
    client.cookies.clear()
    return Answer(
        outcome=_outcome(answer.status_code, answer.headers.get("location", "")),
        status=answer.status_code,
        text=answer.text,
        headers=str(dict(answer.headers)),
    )


def _listen(client: TestClient, path: str, headers: dict[str, str]) -> Answer:
    """Open a socket, say that nothing was seen yet, and hear what there is, or why it closes."""
    heard, outcome = "", Outcome.LET_IN
    with client.websocket_connect(path, headers=headers) as socket:
        socket.send_text('{"after": 0}')
        try:
            while '"ready"' not in (frame := socket.receive_text()):
                heard += frame
        except WebSocketDisconnect as closed:
            outcome = {OVER: Outcome.SIGN_IN, NOT_HERE: Outcome.HIDDEN}.get(
                closed.code, Outcome.BROKEN
            )
    return Answer(outcome=outcome, status=101, text=heard, headers="")


def ask_callback(
    client: TestClient, who: Someone, callback: Mapping[str, Any], given: Mapping[str, object]
) -> Answer:
    """Send what the browser sends for a callback of the console; `given` by `id.property`."""
    inputs = [_valued(one, given) for one in callback["inputs"]]
    sent = {
        "output": callback["output"],
        "outputs": _outputs(callback["output"]),
        "inputs": inputs,
        "changedPropIds": [f"{one['id']}.{one['property']}" for one in inputs],
        "state": [_valued(one, given) for one in callback.get("state", ())],
    }
    answer = ask(client, who, "POST", "/console/_dash-update-component", json=sent)
    if answer.outcome is Outcome.LET_IN and FAILED_ON_PAGE in answer.text:
        return replace(answer, outcome=Outcome.BROKEN)
    if answer.outcome is Outcome.LET_IN and SAID_ON_PAGE in answer.text:
        hidden = REFUSED_AS_ABSENT in answer.text
        return replace(answer, outcome=Outcome.HIDDEN if hidden else Outcome.DENIED)
    return answer


FAILED_ON_PAGE = '"console-fault":{"children":"'
"""The words of the console for a callback that failed, which answers as if it had not."""
SAID_ON_PAGE = '"sideUpdate":{"record-refusal"'
REFUSED_AS_ABSENT = "Cette page n"
"""The words of the console for a patient who is not the nurse's, as for none."""


def _valued(one: Mapping[str, Any], given: Mapping[str, object]) -> dict[str, object]:
    named = f"{one['id']}.{one['property']}"
    return {"id": one["id"], "property": one["property"], "value": given.get(named)}


def _outputs(output: str) -> object:
    single = [part for part in output.strip(".").split("...") if part]
    parsed = [
        {"id": part.rsplit(".", 1)[0], "property": part.rsplit(".", 1)[1].split("@")[0]}
        for part in single
    ]
    return parsed if output.startswith("..") else (parsed[0] if parsed else [])


def _outcome(status: int, location: str) -> Outcome:
    if status == 401 or (300 <= status < 400 and location.startswith(SIGN_IN_PAGES)):
        return Outcome.SIGN_IN
    if status == 403:
        return Outcome.DENIED
    if status == 404:
        return Outcome.HIDDEN
    return Outcome.BROKEN if status >= 500 else Outcome.LET_IN


def complaints(who: Someone, answer: Answer, verdict: Verdict) -> list[str]:
    """Return in what an answer disobeys its verdict."""
    expected = verdict.expected(who.standing)
    wrong = []
    if answer.outcome not in expected:
        wrong.append(f"{who.standing}: {answer.status}, expected {' or '.join(sorted(expected))}")
    if answer.tells and not may_tell(who, expected):
        wrong.append(f"{who.standing}: {answer.status} holds something of the record")
    return wrong


def may_tell(who: Someone, expected: frozenset[Outcome]) -> bool:
    """Say whether an answer may hold something of the record: the patient's own name does."""
    if who.standing == Standing(Role.PATIENT, Relation.SELF):
        return True
    return Outcome.LET_IN in expected and bool(who.standing.roles_held)
