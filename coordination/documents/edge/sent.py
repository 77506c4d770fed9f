"""What a form with a file sends, read after the person is known and never beyond its bound."""

from dataclasses import dataclass, fields

from fastapi import Request
from starlette.datastructures import UploadFile

from coordination.documents.document import Typed
from coordination.documents.edge.judge import MOST_BYTES
from coordination.noting import Written

LONGEST_FIELD = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form as it came: the fields of a document, of its withholding, the rest, and the file."""

    typed: Typed
    withholding: Written
    other: dict[str, str]
    file: bytes
    """One byte more than is taken at most; its name is read by nobody."""


async def sent_form(request: Request) -> Sent:
    """Return the form of a request with its file; the file is empty without one."""
    async with request.form(max_files=2, max_fields=30) as form:
        texts = {
            name: value[:LONGEST_FIELD] for name, value in form.items() if isinstance(value, str)
        }
        file = b""
        for name in ("file", "camera"):
            one = form.get(name)
            if isinstance(one, UploadFile) and one.size:
                file = await one.read(MOST_BYTES + 1)
                break
    said = {one.name: texts.get(one.name, "") for one in fields(Typed)}
    return Sent(
        typed=Typed(**said),
        withholding=Written(
            text="-",
            withheld=texts.get("withheld", ""),
            cause=texts.get("cause", ""),
            reason=texts.get("reason", ""),
            review_on=texts.get("review_on", ""),
        ),
        other=texts,
        file=file,
    )
