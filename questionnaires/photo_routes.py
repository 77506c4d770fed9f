"""Photographs over HTTP: sent by a phone, shown to those who may read answers."""

from collections.abc import Callable
from typing import Annotated, Final, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from core.access import Permission
from core.doors import CareContext
from core.i18n import translator
from identity.edge.http import Visit, care, own_today, visit
from questionnaires import photo_service
from questionnaires.edge.photo import MOST_BYTES, Unusable
from questionnaires.photo_service import NotKept

POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
)
"""A file somebody sent: opened by itself it loads nothing, runs nothing and is framed by nobody."""
router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Writes = Annotated[CareContext, Depends(own_today(Permission.ANSWERS_WRITE))]
Reads = Annotated[CareContext, Depends(care(Permission.ANSWERS_READ))]


_REFUSED: Final[dict[Unusable | NotKept, tuple[int, int]]] = {
    Unusable.TOO_LARGE: (413, 0),
    Unusable.BUSY: (503, 10),
    NotKept.TOO_FAST: (429, 60),
    NotKept.TOO_MANY_TODAY: (429, 3600),
}
"""Status, and after how many seconds to try again; else 422."""


async def photo_of(request: Request) -> bytes:
    """Return the file named `photo`, one byte more than is taken at most; empty without one."""
    async with request.form(max_files=1, max_fields=4) as sent:
        photo = sent.get("photo")
        return await photo.read(MOST_BYTES + 1) if isinstance(photo, UploadFile) else b""


@router.post("/p/api/photos")
def take_photo(ctx: Writes, at: AtVisit, photo: Annotated[bytes, Depends(photo_of)]) -> Response:
    """Keep a photograph of the patient's own record: `{"id": …}`, or why not in a sentence."""
    return kept(ctx, at.locale, photo)


def kept(ctx: CareContext, locale: str, photo: bytes) -> Response:
    """Answer whoever sends a photograph for the patient in hand. 503: try again later."""
    outcome = photo_service.keep(ctx, photo)
    if isinstance(outcome, UUID):
        return JSONResponse({"id": str(outcome)}, 201)
    status, again = _REFUSED.get(outcome, (422, 0))
    said = why_not(outcome, translator(locale))
    later = {"Retry-After": str(again)} if again else None
    return JSONResponse({"error": outcome.value, "say": said}, status, headers=later)


def why_not(why: Unusable | NotKept, _: Callable[[str], str]) -> str:
    """Return why a photograph is not taken, and what to do."""
    match why:
        case Unusable.TOO_LARGE:
            return _("This photograph is too large: 10 MB at most.")
        case Unusable.TOO_MANY_PIXELS:
            return _("This photograph is too large: 40 million pixels at most.")
        case Unusable.NOT_A_PICTURE:
            return _("This file is not a photograph we can read: choose a JPEG, PNG or WebP.")
        case Unusable.BUSY:
            return _("The photograph could not be taken just now. Try again in a minute.")
        case NotKept.TOO_FAST:
            return _("You send photographs very fast. Wait a minute, then send this one again.")
        case NotKept.TOO_MANY_TODAY:
            return _("You have sent many photographs today. Call your team if it is urgent.")
        case _:
            assert_never(why)


@router.get("/patients/{patient_id}/photos/{photo_id}")
def show_photo(ctx: Reads, photo_id: UUID) -> Response:
    """Show a photograph of the record."""
    photo = photo_service.show(ctx, photo_id)
    if photo is None:
        raise HTTPException(status_code=404)
    return Response(
        photo.bytes,
        media_type="image/jpeg",
        headers={
            "content-disposition": f'attachment; filename="{photo_id}.jpg"',
            "content-security-policy": POLICY,
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        },
    )
