"""The shell of the phone: manifest, service worker, modules, and the page without a network."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from starlette.exceptions import HTTPException

from app import phone_files
from core.i18n import translator
from identity.edge.http import Visit, html, visit

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
JAVASCRIPT = "text/javascript; charset=utf-8"


@router.get("/p/manifest.webmanifest")
def manifest(at: AtVisit) -> Response:
    """Let a phone install the pages, in the visitor's language."""
    return Response(
        phone_files.manifest(at.locale, translator(at.locale)),
        media_type="application/manifest+json",
    )


@router.get("/p/sw.js")
def service_worker() -> Response:
    """Give the worker; it is asked about every address that begins with /p and takes its own."""
    return Response(
        phone_files.worker(),
        media_type=JAVASCRIPT,
        headers={"service-worker-allowed": "/p"},
    )


@router.get("/p/app/{shell}/{script}")
def module(shell: str, script: str) -> Response:
    """Give one module of the version that is in force."""
    known = phone_files.modules().get(script)
    if shell != phone_files.version() or known is None:
        raise HTTPException(status_code=404)
    return Response(known, media_type=JAVASCRIPT)


@router.get(phone_files.OFFLINE)
def offline_page(at: AtVisit) -> Response:
    """Show what can be done without a network; it is kept on phones and names nobody."""
    return html(replace(at, signed_in=None), "app/offline.html")
