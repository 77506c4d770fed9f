"""The pages of this room, gathered."""

from fastapi import APIRouter

from questionnaires import (
    answers_routes,
    desk_routes,
    edition_routes,
    form_routes,
    link_answer_routes,
    link_routes,
    phone_api_routes,
    photo_routes,
)

router = APIRouter(include_in_schema=False)
for pages in (
    edition_routes,
    desk_routes,
    link_routes,
    link_answer_routes,
    answers_routes,
    form_routes,
    phone_api_routes,
    photo_routes,
):
    router.include_router(pages.router)
