"""The lock of the console: nothing under its address answers without a live session that may.

Pure ASGI, outermost, for HTTP and for the websocket alike. A socket is asked again for its session
before each push and every few seconds, and closes with 4401 when it is over.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import PlainTextResponse, RedirectResponse

from core.access import Permission
from dashboard.callbacks import carry, in_thread, may
from identity.edge.http import session_from_cookie_header
from identity.people import SignedIn

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SESSION_OVER: Final = 4401
"""Close code of a socket whose session ended or lost its right; 4xxx is free for applications."""
RECHECK_SECONDS: Final = 2.0
"""How often an idle socket is asked for its session; the promise is a closed socket in 5 s."""

_log = logging.getLogger("chevet.console")


class Guard:
    """Lets through what carries a live session with the right to see the queue."""

    def __init__(self, app: App, *, prefix: str, headers: list[tuple[bytes, bytes]]) -> None:
        self._app = app
        self._prefix = prefix
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one socket."""
        cookies = _cookies(scope)
        who = await in_thread(_person, cookies)
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send, cookies, who)
        elif who is None:
            await self._refuse(scope, receive, send)
        else:
            carry(who)
            await self._app(scope, receive, self._with_headers(scope["path"], send))

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith((f"{self._prefix}/_dash-", f"{self._prefix}/assets/")):
            await PlainTextResponse("sign in", 401)(scope, receive, send)
            return
        page = quote(scope["path"], safe="/")
        await RedirectResponse(f"/sign-in?next={page}", 303)(scope, receive, send)

    def _with_headers(self, path: str, send: Send) -> Send:
        kept = path.startswith(
            (f"{self._prefix}/_dash-component-suites/", f"{self._prefix}/assets/")
        )
        more = self._headers if kept else [*self._headers, (b"cache-control", b"no-store")]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *more]
            await send(message)

        return sending

    async def _socket(
        self, scope: Scope, receive: Receive, send: Send, cookies: str, who: SignedIn | None
    ) -> None:
        if who is None:
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": SESSION_OVER})
            return
        carry(who)
        socket = _Socket(receive, send, cookies)
        watch = asyncio.create_task(socket.watch())
        try:
            await self._app(scope, socket.receive, socket.send)
        finally:
            watch.cancel()


class _Socket:
    """One socket, and whether its session is over."""

    def __init__(self, receive: Receive, send: Send, cookies: str) -> None:
        self._receive = receive
        self._send = send
        self._cookies = cookies
        self._over = asyncio.Event()
        self._closing = asyncio.Lock()

    async def watch(self) -> None:
        """Ask for the session until it is over, then close."""
        while not self._over.is_set():
            await asyncio.sleep(RECHECK_SECONDS)
            await self._check()

    async def send(self, message: Message) -> None:
        if message["type"] == "websocket.send":
            await self._check()
        if not self._over.is_set():
            await self._send(message)

    async def receive(self) -> Message:
        """Return the next message, or a disconnection as soon as the session is over."""
        coming = asyncio.ensure_future(self._receive())
        over = asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait({coming, over}, return_when=asyncio.FIRST_COMPLETED)
            if self._over.is_set():
                return {"type": "websocket.disconnect", "code": SESSION_OVER}
            return coming.result()
        finally:
            over.cancel()
            if not coming.done():
                coming.cancel()

    async def _check(self) -> None:
        try:
            live = await in_thread(_person, self._cookies) is not None
        except Exception:
            # Who cannot be asked for may not listen.
            _log.exception("console.session_unknown")
            live = False
        async with self._closing:
            if live or self._over.is_set():
                return
            self._over.set()
            await self._send({"type": "websocket.close", "code": SESSION_OVER})


def _cookies(scope: Scope) -> str:
    found = [value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"]
    return "; ".join(found)


def _person(cookies: str) -> SignedIn | None:
    who = session_from_cookie_header(cookies)
    return who if may(who, Permission.QUEUE_READ) else None
