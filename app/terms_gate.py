"""Holds a session until its person has accepted the terms of use in force.

Closed, the session opens nothing but the terms themselves, help, language and sign-out. Two
exceptions, each with a banner: a patient at home keeps the page of his day and its questionnaire,
and whoever is called to an alert keeps the page of that alert and its acts. A contract must not
stand between somebody who is ill and those who answer (docs/decisions/0062).
"""

import re
from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors_http import is_for_programs
from identity.edge.http import session_token
from identity.terms_service import Standing, standing_of

TERMS: Final = "/account/terms"
OPEN: Final = frozenset(
    {TERMS, "/help", "/about", "/language", "/sign-out", "/healthz", "/readyz", "/metrics",
     "/p/manifest.webmanifest", "/p/sw.js", "/p/offline", "/p/push/received",
     "/bedside", "/bedside/sw.js",
     "/api/openapi.json", "/api/v1/scoring"}
)  # fmt: skip
OPEN_BELOW: Final = ("/static/", "/sign-in", "/p/app/", "/bedside/app/")
OPEN_TO_PATIENTS: Final = re.compile(
    r"/p|/p/questions|/p/sent|/p/tasks/[^/]+|/p/call-back|/p/api/.+"
)
ALERT: Final = re.compile(r"/a/[^/]+|/l/[^/]+(/sms|/leave)?|/patients/[^/]+/alerts/[^/]+(/reply)?")
"""The link of a call, and the page it leads to: seen and acted on without a detour."""


class TermsGate:
    """Stands between the guard and the pages, or the console."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or lead to the terms."""
        if scope["type"] not in ("http", "websocket") or _is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        token = session_token(Headers(scope=scope).get("cookie", ""))
        standing = await run_in_threadpool(standing_of, token) if token else Standing.CLEAR
        if standing is not Standing.CLEAR and _cannot_wait(standing, scope["path"]):
            scope.setdefault("state", {})["terms_asked"] = True
            standing = Standing.CLEAR
        if standing is Standing.CLEAR:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await _lead_to_terms(scope)(scope, receive, send)


def _is_open(path: str) -> bool:
    return path in OPEN or path.startswith(OPEN_BELOW)


def _cannot_wait(standing: Standing, path: str) -> bool:
    if standing is Standing.ASKED_PATIENT and OPEN_TO_PATIENTS.fullmatch(path):
        return True
    return ALERT.fullmatch(path) is not None


def _lead_to_terms(scope: Scope) -> Response:
    path: str = scope["path"]
    if is_for_programs(path):
        return JSONResponse({"error": "terms_not_accepted", "reason": ""}, 403)
    if path.startswith("/console/_dash"):
        return PlainTextResponse("terms not accepted", 403)
    query = scope.get("query_string", b"").decode("latin-1")
    here = path + (f"?{query}" if query else "")
    return RedirectResponse(
        f"{TERMS}?next={quote(here)}" if scope["method"] == "GET" else TERMS, 303
    )
