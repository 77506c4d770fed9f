"""Turns what went wrong into an answer: a page for people, JSON for programs."""

from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from core.i18n import translator
from identity.edge.http import AccessDenied, Visit, html, person_if_any, visit_of
from identity.words import permission_label

log = structlog.get_logger(__name__)

PAGES = (400, 403, 404)
"""Statuses that have a page of their own; the others are shown by the page of 500."""


def handle_errors(app: FastAPI) -> None:
    """Set the answers to everything that can go wrong."""
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(Exception, _on_failure)


def _is_program(request: Request) -> bool:
    return request.url.path.startswith(("/api/", "/fhir/"))


def _on_http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 401:
        return _ask_to_sign_in(request)
    reason = ""
    if isinstance(error, AccessDenied):
        words = translator(_at(request).locale)
        reason = words("Your role in this care circle does not allow you to {act}.").format(
            act=words(permission_label(error.permission))
        )
    return error_answer(request, status, reason)


def _on_invalid(request: Request, error: Exception) -> Response:
    """An id that cannot be one is a page that does not exist; anything else is a bad request."""
    places = error.errors() if isinstance(error, RequestValidationError) else []
    in_path = any(place["loc"][0] == "path" for place in places)
    return error_answer(request, 404 if in_path else 400)


def _on_failure(request: Request, error: Exception) -> Response:
    log.error("request_failed", kind=type(error).__name__, method=request.method)
    return error_answer(request, 500)


def _ask_to_sign_in(request: Request) -> Response:
    if _is_program(request):
        return JSONResponse({"error": "sign_in_needed"}, 401)
    query = f"?{request.url.query}" if request.url.query else ""
    here = request.url.path + query if request.method == "GET" else ""
    return RedirectResponse("/sign-in" + (f"?next={quote(here)}" if here else ""), 303)


def error_answer(request: Request, status: int, reason: str = "") -> Response:
    """Return the answer of a status; its page never repeats what was asked for."""
    if _is_program(request):
        names = {400: "bad_request", 403: "denied", 404: "not_found"}
        return JSONResponse({"error": names.get(status, "failed"), "reason": reason}, status)
    shown = status if status in PAGES else 500
    answer = html(_at(request), "app/error.html", status=status, shown=shown, reason=reason)
    if request.method == "HEAD":
        answer.body = b""
    return answer


def _at(request: Request) -> Visit:
    """The address is left out, so that a hidden record and a missing page look the same."""
    known = visit_of(request, getattr(request.state, "signed_in", None))
    if known.signed_in is None and not hasattr(request.state, "signed_in"):
        known = _try_to_know(request, known)
    return Visit(signed_in=known.signed_in, locale=known.locale, time_zone=known.time_zone, path="")


def _try_to_know(request: Request, unknown: Visit) -> Visit:
    try:
        return visit_of(request, person_if_any(request))
    except Exception:
        log.exception("session_not_readable")
        return unknown
