"""What machines ask of the web process: is it alive, can it serve, what has it done."""

import psycopg
from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest
from psycopg_pool import PoolTimeout
from starlette.types import Scope

from core.doors import before_sign_in

router = APIRouter(include_in_schema=False)

_requests = Counter("chevet_http_requests", "Answers given", ["method", "route", "status"])


def count_request(scope: Scope, status: int) -> None:
    """Count an answer by the pattern of its route, so that no id reaches the metrics."""
    pattern = getattr(scope.get("route"), "path", "none")
    _requests.labels(scope["method"], pattern, str(status)).inc()


@router.get("/healthz")
def healthz() -> PlainTextResponse:
    """Say that the process answers."""
    return PlainTextResponse("ok")


@router.get("/readyz")
def readyz() -> PlainTextResponse:
    """Say whether the database answers, which is all that pages need."""
    try:
        with before_sign_in() as conn:
            conn.execute("select 1")
    except (psycopg.Error, PoolTimeout):
        return PlainTextResponse("the database does not answer", 503)
    return PlainTextResponse("ok")


@router.get("/metrics")
def metrics() -> Response:
    """Give the counters of this process to Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
