"""The outermost layer of every HTTP process: whose host, how often, which cookies, which headers.

It dresses each answer, whoever made it (page, file, redirect, refusal, failure), and each answer
to the opening of a socket. An exception that got this far never reaches the server's own log, whose
traceback would show what the code had in its hands.
"""

import ipaddress
import traceback
from typing import Final
from urllib.parse import urlsplit

import structlog
from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.cookies import read_inward, write_outward
from app.errors_http import too_many_answer
from app.guard import content_policy
from app.headers import dress, host_of, is_among
from app.rates import Rates, rules_for
from core.settings import settings
from identity.edge.http import session_token

_log = structlog.get_logger("shield")
MACHINES_ASK: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Answered on loopback too, whatever the site is called: a supervisor asks there."""
THREADS: Final = 8


class BrokenAnswerError(Exception):
    """An answer failed after it had begun; the log says of what kind. Carries nothing else."""


class Shield:
    """Stands before an application; `app` sees only what may come in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._rates = Rates()
        self._limiter: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one socket."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        secure = settings().cookie_secure
        if secure:
            scope = {**scope, "headers": read_inward(scope["headers"])}
        answer = _Answer(scope, send, secure=secure)
        try:
            await self._serve(scope, receive, answer.send)
        except Exception as error:
            _note(error, scope["type"])
            await answer.fail()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if not _is_our_host(headers.get("host", ""), scope["path"]):
            await _refuse(scope, receive, send, 421)
            return
        waits = await self._seconds_to_wait(scope, headers)
        if not waits:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await _refuse(scope, receive, send, 429)
        else:
            answer = too_many_answer(Request(scope), waits)
            answer.headers["content-security-policy"] = content_policy()
            await answer(scope, receive, send)

    async def _seconds_to_wait(self, scope: Scope, headers: Headers) -> int:
        client = scope.get("client")
        rules = rules_for(
            scope.get("method", "GET"),
            scope["path"],
            session=session_token(headers.get("cookie", "")) or "",
            address=client[0] if client else "",
            key=headers.get("authorization", ""),
        )
        if not rules:
            return 0
        if self._limiter is None:
            self._limiter = CapacityLimiter(THREADS)
        return await to_thread.run_sync(self._rates.seconds_to_wait, rules, limiter=self._limiter)


class _Answer:
    """What goes out to one client: dressed, and honest when it breaks."""

    def __init__(self, scope: Scope, send: Send, *, secure: bool) -> None:
        self._scope = scope
        self._send = send
        self._secure = secure
        self._started = False

    async def send(self, message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            self._started = True
            if self._secure:
                message = {**message, "headers": write_outward(message.get("headers", []))}
            message.setdefault("headers", [])
            path, status = self._scope["path"], message["status"]
            dress(MutableHeaders(scope=message), path=path, status=status, secure=self._secure)
        elif message["type"] in ("websocket.accept", "websocket.close"):
            self._started = True
        await self._send(message)

    async def fail(self) -> None:
        if self._started:
            raise BrokenAnswerError from None
        if self._scope["type"] == "websocket":
            await self.send({"type": "websocket.close", "code": 1011})
            return
        await PlainTextResponse("failed", 500)(self._scope, _nothing, self.send)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    """Refuse in few words; a socket whose server can is refused by an answer of HTTP."""
    words = {421: "This site has another name.", 429: "Too many requests."}[status]
    if scope["type"] == "http":
        await PlainTextResponse(words, status)(scope, receive, send)
        return
    await receive()
    if "websocket.http.response" in scope.get("extensions", {}):
        body = words.encode()
        head = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
        await send({"type": "websocket.http.response.start", "status": status, "headers": head})
        await send({"type": "websocket.http.response.body", "body": body})
        return
    await send({"type": "websocket.close", "code": 1008})


def _is_our_host(host: str, path: str) -> bool:
    wanted = settings()
    named = {urlsplit(url).hostname or "" for url in (wanted.base_url, wanted.console_url) if url}
    named |= {name.strip().lower() for name in wanted.allowed_hosts.split(",") if name.strip()}
    return is_among(host, named) or (path in MACHINES_ASK and _is_loopback(host_of(host)))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _note(error: Exception, kind: str) -> None:
    """Log the kind and the place alone: the text of an error may hold health data."""
    trace = traceback.extract_tb(error.__traceback__)
    place = f"{trace[-1].filename}:{trace[-1].lineno}" if trace else ""
    _log.error("request_failed", kind=type(error).__name__, place=place, over=kind)
