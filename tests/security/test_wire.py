"""The quick way to the application says what Starlette's own client says."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.security.wire import Wire

DONE: list[str] = []


async def told(request: Request) -> Response:
    """Everything the application can know of a request."""
    answer = JSONResponse(
        {
            "method": request.method,
            "url": str(request.url),
            "headers": sorted(request.headers.items()),
            "client": request.client,
            "body": (await request.body()).decode(),
        },
        background=BackgroundTask(DONE.append, "done"),
    )
    answer.set_cookie("kept", "yes")
    return answer


async def moved(_: Request) -> Response:
    return RedirectResponse("/told?from=moved", status_code=303)


async def parts(_: Request) -> Response:
    async def each() -> AsyncIterator[bytes]:
        for part in (b"one ", b"two"):
            yield part

    return StreamingResponse(each())


async def broken(_: Request) -> Response:
    raise ValueError("on purpose")


FIXED = {"content-type": "multipart/form-data; boundary=between"}
VERBS = ["GET", "HEAD", "POST"]
APP = Starlette(
    routes=[
        Route(f"/{function.__name__}", function, methods=VERBS)
        for function in (told, moved, parts, broken)
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("GET", "/told?q=%C3%A9", {}),
        ("HEAD", "/told", {}),
        ("POST", "/told", {"data": {"a": "é"}}),
        ("POST", "/told", {"json": [1]}),
        ("POST", "/told", {"files": {"f": ("n.txt", b"x")}, "headers": FIXED}),
        ("POST", "/moved", {"follow_redirects": True}),
        ("GET", "/moved", {"follow_redirects": False}),
        ("GET", "/parts", {}),
        ("GET", "/%6Eowhere/%2F", {}),
        ("GET", "/broken", {}),
    ],
)
def test_both_ways_say_the_same(method: str, path: str, sent: dict[str, Any]) -> None:
    said = []
    for kind in (TestClient, Wire):
        DONE.clear()
        with kind(APP, raise_server_exceptions=False) as client:
            for _ in range(2):  # the second time with the cookie of the first
                answer = client.request(method, path, **sent)
            seen = (answer.status_code, sorted(answer.headers.multi_items()), answer.content)
            said.append((*seen, sorted(client.cookies.items()), str(answer.url), list(DONE)))
    assert said[0] == said[1]


def test_what_breaks_is_raised_where_that_is_asked_for() -> None:
    with Wire(APP) as client, pytest.raises(ValueError, match="on purpose"):
        client.get("/broken")
