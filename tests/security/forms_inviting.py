"""Forms of invitations, of coordinates and of replacements."""

from datetime import timedelta
from uuid import uuid4

from tests.days import day_in_france
from tests.security.cast import Cast
from tests.security.sending import Form, Maker, Things

CIRCLE = "/patients/{patient_id}/circle"


def _circle_version(cast: Cast) -> str:
    row = cast.owner.execute(
        "select version from access.circle where patient_id = %s", [cast.patient]
    ).fetchone()
    return str(row[0] if row else 0)


def _invited(_cast: Cast, _: Things) -> Form:
    address = f"{uuid4()}@gp.example"
    return {"role": "physiotherapist", "name": "Lina Petit", "address": address}


def _attending(cast: Cast, _: Things) -> Form:
    row = cast.owner.execute(
        "select id from access.membership where patient_id = %s and party = %s",
        [cast.patient, cast.home.care.gp.person],
    ).fetchone()
    assert row is not None
    return {"stay": str(row[0]), "version": _circle_version(cast)}


def _replacement(_cast: Cast, _: Things) -> Form:
    first = day_in_france() + timedelta(days=1)
    return {"login": "10000000009", "first": str(first), "last": str(first + timedelta(days=7))}


def _sent_back(cast: Cast, things: Things) -> Form:
    row = cast.owner.execute(
        "select asked_at from coordination.invitation where id = %s", [things["waiting_id"]]
    ).fetchone()
    return {"act": "send_back", "asked": row[0].isoformat() if row else ""}  # type: ignore[attr-defined]


INVITING: dict[str, Form | Maker] = {
    f"POST {CIRCLE}/invitations": _invited,
    f"POST {CIRCLE}/invitations/{{invitation_id}}": {"act": "withdraw"},
    f"POST {CIRCLE}/contacts/{{membership_id}}": {"place": "1", "channel": "call"},
    f"POST {CIRCLE}/attending": _attending,
    f"POST {CIRCLE}/replacement": _replacement,
    f"POST {CIRCLE}/replacement/{{membership_id}}/end": {},
    "POST /admin/invited/{waiting_id}": _sent_back,
}
