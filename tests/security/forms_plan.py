"""Forms of stays, actions, visits and requests for support."""

from uuid import uuid4

from tests.days import day_in_france
from tests.security.cast import Cast
from tests.security.sending import Form, Maker, Things
from tests.security.things_notes import in_a_month
from tests.security.things_plan import dac, no_stay

ACTIONS = "/patients/{patient_id}/actions"
STAYS = "/patients/{patient_id}/stays"
VISITS = "/patients/{patient_id}/visits"
SUPPORT = "/patients/{patient_id}/support"


def _begun(cast: Cast, _: Things) -> Form:
    no_stay(cast)
    return {"act": "admitted"}


def _given(_cast: Cast, _: Things) -> Form:
    return {"item_id": str(uuid4()), "wording": "Appeler", "whom": "me", "due_on": in_a_month()}


def _coming(cast: Cast, _: Things) -> Form:
    return {"party": str(cast.home.care.gp.person), "what": "Toilette", "weekday": "1"}


def _made(_cast: Cast, _: Things) -> Form:
    return {"day": str(day_in_france()), "outcome": "done"}


def _asked(cast: Cast, _: Things) -> Form:
    return {
        "request": str(uuid4()),
        "performer": str(dac(cast)),
        "code": "complex",
        "note": "Seul à la maison",
        "urgency": "7",
        "told": "yes",
    }


PLANNED: dict[str, Form | Maker] = {
    f"POST {STAYS}": _begun,
    f"POST {STAYS}/{{stay_id}}": {"act": "still", "version": "1"},
    f"POST {ACTIONS}": _given,
    f"POST {ACTIONS}/{{action_id}}": {"act": "take", "version": "1"},
    f"POST {VISITS}": _coming,
    f"POST {VISITS}/{{line_id}}/end": {},
    f"POST {VISITS}/{{line_id}}": _made,
    f"POST {SUPPORT}": _asked,
    f"POST {SUPPORT}/{{support_id}}/withdraw": {"version": "1"},
    "POST /support/{support_id}": {"act": "receive", "version": "1"},
}
