"""Stands before every page: refuses requests forged by other sites, and sets safe headers.

A browser says where a request comes from (Sec-Fetch-Site, Origin) and pages cannot forge it, so
no token in forms is needed. Source: OWASP CSRF prevention, "Fetch Metadata".
"""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.health import count_request
from core.settings import settings

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CONTENT_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SAFE_HEADERS: Final = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer: with it browsers hide the origin of our own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


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
    ours = {_origin(settings().base_url), _origin(settings().console_url)}
    return origin not in ours and urlsplit(origin).netloc != headers.get("host")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Guard:
    """The outermost layer of the web application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a forged request, or pass it on and dress the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                _dress(MutableHeaders(scope=message), scope["path"])
                count_request(scope, message["status"])
            await send(message)

        if is_forged(scope["method"], Headers(scope=scope)):
            refusal = PlainTextResponse("This request comes from another site.", 403)
            await refusal(scope, receive, dressed)
            return
        await self._app(scope, receive, dressed)


def _dress(headers: MutableHeaders, path: str) -> None:
    for name, value in SAFE_HEADERS.items():
        headers.setdefault(name, value)
    kept = path.startswith("/static/")
    headers.setdefault("cache-control", "public, max-age=3600" if kept else "no-store")
    if settings().cookie_secure:
        headers.setdefault("strict-transport-security", "max-age=31536000")
