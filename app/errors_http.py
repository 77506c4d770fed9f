"""Turns what went wrong into an answer: a page for people, JSON for programs."""

import re
import traceback
from dataclasses import replace
from typing import Final
from urllib.parse import quote

import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException

from core.i18n import translator
from core.matrix import OF_POSTS
from identity.edge.bearer import ProgramError
from identity.edge.http import (
    AccessDenied,
    SecondFactorNeeded,
    Visit,
    html,
    person_if_any,
    visit_of,
)
from identity.words import permission_label

log = structlog.get_logger(__name__)

CARER_API: Final = re.compile(r"/p/for/[^/]+/api/")
PAGES = (400, 403, 404, 429)
"""Statuses that have a page of their own; others share that of 400 or of 500."""


def handle_errors(app: FastAPI) -> None:
    """Set the answers to everything that can go wrong."""
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)


def is_for_programs(path: str) -> bool:
    """Say whether a script or a program asks, which is answered in JSON and led nowhere."""
    return path.startswith(("/api/", "/fhir/", "/p/api/")) or CARER_API.match(path) is not None


def _is_program(request: Request) -> bool:
    return is_for_programs(request.url.path)


def _on_http(request: Request, error: Exception) -> Response:
    if isinstance(error, ProgramError):
        told = {"error": error.word, "reason": error.reason}
        return JSONResponse(told, error.status_code, headers=error.headers)
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 401:
        return _ask_to_sign_in(request, error)
    reason = ""
    if isinstance(error, AccessDenied):
        words = translator(visit_of(request, person_if_any(request)).locale)
        act = words(permission_label(error.permission))
        reason = (
            words("This record is archived. Reopen it first.")
            if error.archived
            else words("Your post does not allow you to {act}.").format(act=act)
            if error.permission in OF_POSTS
            else words("Your role in this care circle does not allow you to {act}.").format(act=act)
        )
    return error_answer(request, status, reason)


def _on_invalid(request: Request, error: Exception) -> Response:
    """An id that cannot be one is a page that does not exist; anything else is a bad request."""
    places = error.errors() if isinstance(error, RequestValidationError) else []
    in_path = any(place["loc"][0] == "path" for place in places)
    return error_answer(request, 404 if in_path else 400)


def failure_answer(request: Request, error: Exception) -> Response:
    """Return the page of a failure, and log its kind and place only: texts may hold health data.

    Asks the database nothing, which may be what has failed.
    """
    trace = traceback.extract_tb(error.__traceback__)
    place = f"{trace[-1].filename}:{trace[-1].lineno}" if trace else ""
    log.error("request_failed", kind=type(error).__name__, place=place, method=request.method)
    known = visit_of(request, getattr(request.state, "signed_in", None))
    # A text or number that PostgreSQL cannot hold (a NUL byte, for one) is the sender's fault.
    status = 400 if isinstance(error, psycopg.DataError) else 500
    return _answer(request, replace(known, path=""), status)


def too_many_answer(request: Request, seconds: int) -> Response:
    """Return the answer to whoever asks too often; asks the database nothing."""
    wait = {"retry-after": str(seconds)}
    if _is_program(request):
        return JSONResponse({"error": "too_many_requests", "reason": ""}, 429, headers=wait)
    if request.url.path.startswith("/console/_dash"):
        return PlainTextResponse("too many requests", 429, headers=wait)
    answer = _answer(request, replace(visit_of(request, None), path=""), 429)
    answer.headers.update(wait)
    return answer


def _ask_to_sign_in(request: Request, error: Exception) -> Response:
    """Lead to the factor that is missing, and afterwards back to the page that was asked for."""
    half = isinstance(error, SecondFactorNeeded)
    if _is_program(request):
        wanted = "second_factor_needed" if half else "sign_in_needed"
        return JSONResponse({"error": wanted}, 401)
    query = f"?{request.url.query}" if request.url.query else ""
    here = request.url.path + query if request.method == "GET" else ""
    if isinstance(error, SecondFactorNeeded) and error.back:
        here = error.back
    page = "/sign-in/second" if half else "/sign-in"
    return RedirectResponse(page + (f"?next={quote(here)}" if here else ""), 303)


def error_answer(request: Request, status: int, reason: str = "") -> Response:
    """Return the answer of a status; its page never repeats what was asked for.

    The address is left out of it, so that a hidden record and a missing page look the same.
    """
    try:
        person = person_if_any(request)
    except (psycopg.Error, PoolTimeout):
        person = None
    return _answer(request, replace(visit_of(request, person), path=""), status, reason)


def _answer(request: Request, at: Visit, status: int, reason: str = "") -> Response:
    if _is_program(request):
        names = {
            400: "bad_request",
            403: "denied",
            404: "not_found",
            405: "method_not_allowed",
            413: "too_large",
            429: "too_many_requests",
        }
        return JSONResponse({"error": names.get(status, "failed"), "reason": reason}, status)
    other = 400 if status < 500 else 500
    shown = status if status in PAGES else other
    return html(at, "app/error.html", status=status, shown=shown, reason=reason)
