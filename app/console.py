"""The process of the console: Dash on a FastAPI of its own, beside the pages for signing in.

Two applications share one address. Dash answers every path it owns, so a prefix keeps it away
from the rest; each needs its own middleware and only one may have the start-up hooks.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware

from app.guard import bounded, forged_answer, is_forged
from app.shield import Shield
from app.terms_gate import TermsGate
from app.web import create_web
from dashboard.edge.application import create_dash
from dashboard.edge.guard import Guard
from dashboard.live import Hints, hints

PREFIX: Final = "/console"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class PrefixDispatch:
    """Sends what lies under the console's address to the console, and the rest to the pages."""

    def __init__(self, pages: App, console: App, heard: Hints) -> None:
        self._pages = pages
        self._console = console
        self._hints = heard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, one socket or the life of the process."""
        if scope["type"] == "lifespan":
            self._hints.start()
            try:
                await self._pages(scope, receive, send)
            finally:
                self._hints.stop()
            return
        path: str = scope["path"]
        if path == PREFIX or path.startswith(f"{PREFIX}/"):
            await self._console(scope, receive, send)
        else:
            await self._pages(scope, receive, send)


class Door:
    """Refuses what another site forged, and bounds what is sent, before the console."""

    def __init__(self, console: App) -> None:
        self._console = console

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one socket; Dash itself asks a socket for its origin."""
        if scope["type"] == "http" and is_forged(scope["method"], Headers(scope=scope)):
            await forged_answer()(scope, receive, send)
        elif scope["type"] == "http":
            await self._console(scope, bounded(receive), send)
        else:
            await self._console(scope, receive, send)


def create_console() -> App:
    """Return the application of the console process; once per process."""
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    headers = create_dash(server, PREFIX)
    guarded = Guard(GZipMiddleware(server, minimum_size=1000), prefix=PREFIX, headers=headers)
    return PrefixDispatch(create_web(), Shield(Door(TermsGate(guarded))), hints)
