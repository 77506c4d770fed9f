"""The shell of the bedside without a network: service worker and modules."""

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from app import bedside_files

router = APIRouter(include_in_schema=False)
JAVASCRIPT = "text/javascript; charset=utf-8"


@router.get("/bedside/sw.js")
def service_worker() -> Response:
    """Give the worker; it takes « My visits » and its own files."""
    return Response(
        bedside_files.worker(),
        media_type=JAVASCRIPT,
        headers={"service-worker-allowed": bedside_files.PAGE},
    )


@router.get("/bedside/app/{shell}/{script}")
def module(shell: str, script: str) -> Response:
    """Give one module of the version that is in force."""
    known = bedside_files.modules().get(script)
    if shell != bedside_files.version() or known is None:
        raise HTTPException(status_code=404)
    return Response(known, media_type=JAVASCRIPT)
