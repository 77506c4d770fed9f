"""Forms of the tchat."""

from uuid import uuid4

from tests.security.cast import Cast
from tests.security.sending import Form, Maker, Things
from tests.security.things_chat import last_seq

ROOM = "/patients/{patient_id}/chat/{room_id}"


def _said(_cast: Cast, _: Things) -> Form:
    return {"key": str(uuid4()), "text": "Bonjour", "urgent": "yes"}


def _withdrawn(cast: Cast, things: Things) -> Form:
    return {"seq": str(last_seq(cast, things["room_id"])), "reason": "Une raison"}


def _kept(cast: Cast, things: Things) -> Form:
    last = str(last_seq(cast, things["room_id"]))
    return {"first": "1", "last": last, "item_id": str(uuid4()), "known": "yes"}


def _begun(cast: Cast, _: Things) -> Form:
    return {"person": str(cast.home.care.gp.person)}


TALKED: dict[str, Form | Maker] = {
    "POST /patients/{patient_id}/chat": _begun,
    f"POST {ROOM}": _said,
    f"POST {ROOM}/search": {"words": "mot"},
    f"POST {ROOM}/mute": {"hours": "8"},
    f"POST {ROOM}/withdraw": _withdrawn,
    f"POST {ROOM}/export": _kept,
    "SOCKET /chat/{room_id}/live": {},
}
