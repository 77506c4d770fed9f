"""The web front door: every room's pages, behind one guard."""

from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

import alerts.bedside_routes
import alerts.bedside_visit_routes
import alerts.duties_routes
import alerts.limits_routes
import alerts.link_routes
import alerts.model_runs_routes
import alerts.repeat_routes
import alerts.routes
import alerts.talk_routes
import app.bedside_files
import app.bedside_shell_routes
import app.carer_routes
import app.day_routes
import app.health
import app.notification_routes
import app.phone_files
import app.phone_home_routes
import app.phone_more_routes
import app.phone_routes
import app.routes
import app.scoring_routes
import app.site_routes
import app.telling_routes
import coordination.actions.routes
import coordination.calls.routes
import coordination.chat.routes
import coordination.coordinates.routes
import coordination.documents.routes
import coordination.inviting.routes
import coordination.notices_routes
import coordination.reaching.routes
import coordination.routes
import coordination.stays.routes
import coordination.support.routes
import coordination.timeline.routes
import coordination.visits.routes
import identity.administration.routes
import identity.connections.routes
import identity.federation.routes
import identity.routes
import questionnaires.plans.rhythm_routes
import questionnaires.plans.routes
import questionnaires.routes
from app.errors_http import handle_errors
from app.guard import Guard
from app.shield import Shield
from app.terms_gate import TermsGate
from core.pages import environment

HERE = Path(__file__).parent

PUBLIC = frozenset(
    {
        "/sign-in",
        "/sign-in/passkey",
        "/sign-in/passkey/options",
        "/activate/{token}",
        "/invitations/{token}",
        "/forgotten",
        "/reset/{token}",
        "/reset/{token}/sms",
        "/sign-out",
        "/sign-in/with/{provider}",
        "/sign-in/with/{provider}/answer",
        "/language",
        "/l/{link}",
        "/l/{link}/sms",
        "/l/{alert_id}/leave",
        "/d/{token}",
        "/q/{token}",
        "/q/{token}/code",
        "/q/{token}/called",
        "/about",
        "/help",
        "/healthz",
        "/readyz",
        "/metrics",
        "/p/manifest.webmanifest",
        "/p/push/received",
        "/p/sw.js",
        "/p/app/{shell}/{script}",
        "/p/offline",
        "/bedside",
        "/bedside/sw.js",
        "/bedside/app/{shell}/{script}",
        "/api/openapi.json",
        "/api/v1/scoring",
    }
)
"""Routes that need no session; a test finds any other that asks for none."""


PAGES = (
    identity.routes,
    questionnaires.routes,
    alerts.routes,
    coordination.routes,
    app.routes,
    app.site_routes,
    app.phone_routes,
    app.bedside_shell_routes,
    app.phone_home_routes,
    app.phone_more_routes,
    app.carer_routes,
    app.notification_routes,
    app.telling_routes,
    app.day_routes,
    app.scoring_routes,
    app.health,
    identity.federation.routes,
    identity.connections.routes,
    identity.administration.routes,
    questionnaires.plans.routes,
    questionnaires.plans.rhythm_routes,
    coordination.calls.routes,
    coordination.documents.routes,
    coordination.chat.routes,
    coordination.reaching.routes,
    coordination.coordinates.routes,
    coordination.inviting.routes,
    coordination.notices_routes,
    coordination.stays.routes,
    coordination.support.routes,
    coordination.actions.routes,
    coordination.visits.routes,
    coordination.timeline.routes,
    alerts.bedside_visit_routes,
    alerts.bedside_routes,
    alerts.link_routes,
    alerts.talk_routes,
    alerts.limits_routes,
    alerts.repeat_routes,
    alerts.duties_routes,
    alerts.model_runs_routes,
)
"""Whose routes the front door serves, in the order in which an address is looked for."""


def create_web() -> FastAPI:
    """Return the application that serves the pages and the HTTP API."""
    web = FastAPI(title="Chevet", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    for pages in PAGES:
        web.include_router(pages.router)
    web.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    environment().globals["phone"] = app.phone_files
    environment().globals["bedside"] = app.bedside_files
    handle_errors(web)
    web.add_middleware(TermsGate)
    web.add_middleware(Guard)
    web.add_middleware(Shield)
    return web
