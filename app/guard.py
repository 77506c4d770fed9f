"""Stands before every page: refuses requests forged by other sites, and says what a page may do.

A browser says where a request comes from (Sec-Fetch-Site, Origin) and pages cannot forge it, so
no token in forms is needed. Source: OWASP CSRF prevention, "Fetch Metadata".
"""

import re
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors_http import failure_answer
from app.health import count_request
from core.settings import settings

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_BODY_BYTES: Final = 1024 * 1024
"""A form is a few kilobytes; without a bound anybody could fill the memory before signing in."""
MOST_PHOTO_BYTES: Final = 10 * 1024 * 1024 + 64 * 1024
"""A photograph of ten megabytes in its envelope; read after the person is known, into a file."""
FILE_PATHS: Final = re.compile(
    r"/p/api/photos|/patients/[^/]+/record/statements"
    r"|/patients/[0-9a-f-]{36}/documents(/[0-9a-f-]{36}/versions)?"
)
"""Where files are sent to; any other form is small."""


def content_policy() -> str:
    """Return what a page may load and do: only what comes from here.

    Sounds stand in the page itself, as parts of their questionnaire.

    Signing in may lead to a console at another address, and browsers hold redirects of a form to
    its policy.
    """
    console = _origin(settings().console_url) if settings().console_url else ""
    return "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            "img-src 'self'",
            "media-src data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            f"form-action 'self' {console}".strip(),
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def is_forged(method: str, headers: Headers) -> bool:
    """Say whether an unsafe request does not come from our own pages.

    Without any sign of its origin a request passes only when it carries no cookie: then it acts
    for nobody.
    """
    if method in SAFE_METHODS:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return "cookie" in headers
    own = (settings().base_url, settings().console_url)
    ours = {_origin(url) for url in own if url}
    return origin not in ours and urlsplit(origin).netloc != headers.get("host")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def forged_answer() -> Response:
    """Return the refusal of a forged request."""
    return PlainTextResponse("This request comes from another site.", 403)


def bounded(receive: Receive, most: int = MOST_BODY_BYTES) -> Receive:
    """Return a `receive` that gives up on a body longer than any page of ours sends."""
    size = 0

    async def measured() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise HTTPException(413)
        return message

    return measured


class Guard:
    """The outermost layer of the web application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a forged request, or pass it on and dress the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        started = False

        async def dressed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message).setdefault(
                    "content-security-policy", content_policy()
                )
                count_request(scope, message["status"])
            await send(message)

        if is_forged(scope["method"], Headers(scope=scope)):
            await forged_answer()(scope, receive, dressed)
            return
        try:
            most = MOST_PHOTO_BYTES if FILE_PATHS.fullmatch(scope["path"]) else MOST_BODY_BYTES
            await self._app(scope, bounded(receive, most), dressed)
        except Exception as error:
            if started:
                raise
            await failure_answer(Request(scope), error)(scope, receive, dressed)
