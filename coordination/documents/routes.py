"""The pages of documents, gathered: « new » is looked for before any document's own page."""

from fastapi import APIRouter

from coordination.documents import keeping_routes, link_routes, reading_routes

router = APIRouter(include_in_schema=False)
for part in (keeping_routes, link_routes, reading_routes):
    router.include_router(part.router)
