"""Forms of stays, actions, visits and requests for support."""

from uuid import uuid4

from tests.security.cast import Cast
from tests.security.sending import Form, Maker, Things
from tests.security.things_notes import in_a_month
from tests.security.things_plan import no_stay

ACTIONS = "/patients/{patient_id}/actions"
STAYS = "/patients/{patient_id}/stays"


def _begun(cast: Cast, _: Things) -> Form:
    no_stay(cast)
    return {"act": "admitted"}


def _given(_cast: Cast, _: Things) -> Form:
    return {"item_id": str(uuid4()), "wording": "Appeler", "whom": "me", "due_on": in_a_month()}


PLANNED: dict[str, Form | Maker] = {
    f"POST {STAYS}": _begun,
    f"POST {STAYS}/{{stay_id}}": {"act": "still", "version": "1"},
    f"POST {ACTIONS}": _given,
    f"POST {ACTIONS}/{{item_id}}": {"act": "take", "version": "1"},
}
