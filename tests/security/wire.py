"""A browser for thousands of questions: one hand-over to the application's thread for each.

Starlette's own client streams, and hands over to the thread of the event loop seven times a
request: where most answers are a short refusal, that is most of the work. Here the application
is called once and its whole answer comes back; cookies, redirects and sockets stay Starlette's.
"""

import asyncio
from typing import Any
from urllib.parse import unquote

import httpx2
from starlette.testclient import TestClient
from starlette.types import Message, Scope

PORTS = {"http": 80, "https": 443}
Answered = tuple[int, list[tuple[bytes, bytes]], bytes]


class Wire(TestClient):
    """Starlette's client, inside its `with` block; only the way to the application is ours."""

    __test__ = False

    def __init__(self, app: Any, *, raise_server_exceptions: bool = True) -> None:
        super().__init__(app, raise_server_exceptions=raise_server_exceptions)
        self._transport = _OneHandOver(self, self._transport, raise_server_exceptions)


class _OneHandOver(httpx2.BaseTransport):
    def __init__(self, client: Wire, sockets: httpx2.BaseTransport, raises: bool) -> None:
        self._client = client
        self._sockets = sockets
        self._raises = raises

    def close(self) -> None:
        self._sockets.close()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.scheme in ("ws", "wss"):
            return self._sockets.handle_request(request)
        portal = self._client.portal
        assert portal is not None, "ask inside the client's `with` block"
        scope = _scope(request, self._client.app_state)
        status, headers, body = portal.call(self._answer, scope, request.read())
        shown = b"" if request.method == "HEAD" else body
        return httpx2.Response(
            status, headers=headers, stream=httpx2.ByteStream(shown), request=request
        )

    async def _answer(self, scope: Scope, sent: bytes) -> Answered:
        """Call the application to its end, what it does after its answer included."""
        asked, complete = False, asyncio.Event()
        started: list[Message] = []
        parts: list[bytes] = []

        async def receive() -> Message:
            nonlocal asked
            if asked:
                await complete.wait()
                return {"type": "http.disconnect"}
            asked = True
            return {"type": "http.request", "body": sent}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                assert not started, "an answer has one beginning"
                started.append(message)
            elif message["type"] == "http.response.body":
                assert started, "a body comes after its beginning"
                assert not complete.is_set(), "nothing follows the end of a body"
                parts.append(bytes(message.get("body", b"")))
                if not message.get("more_body", False):
                    complete.set()

        try:
            await self._client.app(scope, receive, send)
        except Exception:
            if self._raises:
                raise
        if not started:
            return 500, [], b""
        return started[0]["status"], list(started[0].get("headers", [])), b"".join(parts)


def _scope(request: httpx2.Request, state: dict[str, Any]) -> Scope:
    """Return what a server would say of the request."""
    url = request.url
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "path": unquote(url.path),
        "raw_path": url.raw_path.split(b"?", 1)[0],
        "root_path": "",
        "scheme": url.scheme,
        "query_string": url.query,
        "headers": [(key.lower(), value) for key, value in request.headers.raw],
        "client": ("testclient", 50000),
        "server": [
            url.raw_host.decode("ascii"),
            url.port or {"http": 80, "https": 443}[url.scheme],
        ],
        "extensions": {},
        "state": state.copy(),
    }
