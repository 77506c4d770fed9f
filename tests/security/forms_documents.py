"""Forms of documents, each with a file that is taken."""

from io import BytesIO
from uuid import uuid4

from PIL import Image

from tests.security.cast import Cast
from tests.security.sending import Form, Maker, Things
from tests.security.things_notes import in_a_month

DOCUMENT = "/patients/{patient_id}/documents"


def _picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (8, 8), "red").save(made, "JPEG")
    return made.getvalue()


def _kept(_cast: Cast, _: Things) -> Form:
    about = {"title": "Une plaie", "kind": "72170-4", "site": "back"}
    return {"new": str(uuid4()), "file": _picture(), **about}


def _version(_cast: Cast, _: Things) -> Form:
    return {"title": "Une plaie, plus tard", "after": "1", "file": _picture()}


def _judged(_cast: Cast, _: Things) -> Form:
    return {"kept": "yes", "review_on": in_a_month(), "reason": "Toujours vrai"}


KEPT: dict[str, Form | Maker] = {
    f"POST {DOCUMENT}": _kept,
    f"POST {DOCUMENT}/{{document_id}}/versions": _version,
    f"POST {DOCUMENT}/{{document_id}}/withdrawn": {"why": "Une erreur"},
    f"POST {DOCUMENT}/{{document_id}}/withheld": _judged,
    f"POST {DOCUMENT}/{{document_id}}/links": {"days": "3", "way": "hand"},
    f"POST {DOCUMENT}/links/{{share_id}}/end": {},
}
