"""Forms of reaching a patient."""

from tests.security.cast import Cast
from tests.security.sending import Form, Maker, Things


def _home(cast: Cast, _made: Things) -> Form:
    """The sheet as it stands now: an old one is not kept."""
    row = cast.owner.execute(
        "select version from coordination.home where patient_id = %s", [cast.patient]
    ).fetchone()
    return {"commune": "Paris", "postcode": "75013", "version": str(row[0] if row else 0)}


REACHED: dict[str, Form | Maker] = {
    "POST /patients/{patient_id}/people": {"name": "Luc", "phone": "0639980113"},
    "POST /patients/{patient_id}/people/{contact_id}": {"name": "Luc", "phone": "0639980114"},
    "POST /patients/{patient_id}/people/{contact_id}/move": {"direction": "up"},
    "POST /patients/{patient_id}/people/{contact_id}/remove": {},
    "POST /patients/{patient_id}/reach": {"outcome": "no_answer", "note": "Sonne"},
    "POST /patients/{patient_id}/doubt-checks": {"who": "Les pompiers"},
    "POST /patients/{patient_id}/doubt-checks/{check_id}": {"outcome": "well"},
    "POST /patients/{patient_id}/home": _home,
}
