"""Puts the console together: Dash, its pages, its words of security."""

from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

from dash import Dash
from fastapi import FastAPI

from dashboard.pages.route import layout

PAGES: Final = (
    "route",
    "queue",
    "patient",
    "prescription",
    "prescription_draft",
    "prescription_replay",
    "acts",
    "asking",
    "dialogs",
    "gp",
    "quarantine",
    "precision",
    "model",
    "technical",
    "handover",
    "drill",
    "rota",
    "rota_plan",
    "rota_swaps",
    "stream",
)


def create_dash(server: FastAPI, prefix: str) -> list[tuple[bytes, bytes]]:
    """Set Dash up on `server` under `prefix` and return the headers each answer must carry."""
    dash: Any = Dash(
        __name__,
        server=cast(Any, server),
        url_base_pathname=f"{prefix}/",
        assets_folder=str(Path(__file__).parents[1] / "static"),
        serve_locally=True,
        suppress_callback_exceptions=True,
        title="Chevet",
        update_title="",
        websocket_inactivity_timeout=0,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    for page in PAGES:
        import_module(f"dashboard.pages.{page}")
    dash.layout = layout
    # Both are private to Dash and done lazily otherwise: at the first page for the routes, at the
    # first HTTP request for the callbacks, so that a browser coming back by its socket after a
    # restart would be told that there is no such callback.
    dash.backend._setup_catchall()
    dash._setup_server()
    return _headers(dash)


def _headers(dash: Any) -> list[tuple[bytes, bytes]]:
    """Return the headers of the console; styles are set inline by the components themselves."""
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {' '.join(dash.csp_hashes())}",
            "worker-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
    return [(b"content-security-policy", policy.encode())]
