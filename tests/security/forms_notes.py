"""Forms of notes."""

from uuid import uuid4

from tests.security.cast import Cast
from tests.security.sending import Form, Maker, Things
from tests.security.things_notes import in_a_month, make_reminder

NOTE = "/patients/{patient_id}/notes"


def _note(_cast: Cast, _: Things) -> Form:
    return {"item_id": str(uuid4()), "text": "Une note"}


def _answer(_cast: Cast, _: Things) -> Form:
    return {"new": str(uuid4()), "text": "Une réponse"}


def _reminder(_cast: Cast, _: Things) -> Form:
    return {"remind_on": in_a_month(), "remind_whom": "me"}


def _done(cast: Cast, things: Things) -> Form:
    return {"reminder": str(make_reminder(cast, things["item_id"]))}


def _judged(_cast: Cast, _: Things) -> Form:
    return {"kept": "yes", "review_on": in_a_month(), "reason": "Toujours vrai"}


NOTED: dict[str, Form | Maker] = {
    f"POST {NOTE}": _note,
    f"POST {NOTE}/search": {"words": "chute"},
    "POST /p/notes/search": {"words": "chute"},
    f"POST {NOTE}/{{item_id}}/answers": _answer,
    f"POST {NOTE}/{{item_id}}/reminders": _reminder,
    f"POST {NOTE}/{{item_id}}/reminders/done": _done,
    f"POST {NOTE}/{{item_id}}/withheld": _judged,
}
