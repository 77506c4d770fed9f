"""The pages of this room, gathered."""

from fastapi import APIRouter

from coordination import (
    circle_routes,
    emergency_routes,
    explain_routes,
    items_routes,
    journal_routes,
    notes_routes,
    noting_routes,
    own_routes,
)
from coordination.inclusion import (
    agreeing_routes,
    ending_routes,
    follow_up_routes,
    inclusion_routes,
    request_routes,
)
from coordination.opening import desk_routes as opening_desk_routes
from coordination.opening import routes as opening_routes

router = APIRouter(include_in_schema=False)
for part in (
    circle_routes,
    own_routes,
    emergency_routes,
    noting_routes,
    notes_routes,
    items_routes,
    explain_routes,
    journal_routes,
    ending_routes,
    request_routes,
    inclusion_routes,
    follow_up_routes,
    agreeing_routes,
    opening_routes,
    opening_desk_routes,
):
    router.include_router(part.router)
