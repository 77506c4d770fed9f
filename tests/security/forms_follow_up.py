"""Forms of asking for, beginning and ending a follow-up."""

from datetime import timedelta
from uuid import uuid4

from core import clock
from core.access import Role
from tests.security.cast import DAY, Cast, add_member, add_party
from tests.security.sending import Form, Maker, Things
from tests.security.things import make_episode


def _dying(cast: Cast, _made: Things) -> Form:
    """The day before yesterday, in a record where no death is noted."""
    _living(cast)
    return {"day": (clock.now() - timedelta(days=2)).date().isoformat(), "sure": "yes"}


def _living(cast: Cast) -> None:
    cast.owner.execute(
        "update coordination.death set undone_at = now(), undone_by = noted_by,"
        " undo_reason = 'error' where patient_id = %s and undone_at is null",
        [cast.patient],
    )
    cast.owner.execute(
        "update access.patient set died_on = null, death_noted_at = null where id = %s",
        [cast.patient],
    )


def _dead(cast: Cast, _made: Things) -> Form:
    """A death is noted, and was not."""
    _living(cast)
    cast.owner.execute(
        "insert into coordination.death (id, patient_id, died_on, noted_by, organisation,"
        " noted_at, stopped) values (gen_random_uuid(), %s, current_date, %s, %s, now(), '{}')",
        [cast.patient, cast.home.care.nurse.person, cast.home.care.centre],
    )
    return {"reason": "Confusion avec un homonyme"}


def _bereaved(cast: Cast, made: Things) -> Form:
    """A relative whose stay ended with the death."""
    _dead(cast, made)
    relative = add_party(cast.owner, "person", "Proche")
    stay = add_member(cast.owner, cast.patient, relative, Role.CARER, clock.now() - DAY, None)
    cast.owner.execute(
        "update access.membership set ends_at = now() + interval '1 second',"
        " end_reason = 'death' where id = %s",
        [stay],
    )
    return {"party": str(relative)}


def _wish(cast: Cast, _made: Things) -> Form:
    return {
        **_somebody(cast, _made),
        "centre": str(cast.home.care.centre),
        "first_name": "Odette",
        "programme": "covid-14",
        "risk": "high",
        "reason": "Sort des urgences",
        "patient_told": "yes",
    }


def _somebody(_cast: Cast, _made: Things) -> Form:
    """Somebody nobody knows yet."""
    name = uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))
    return {
        "birth_name": name,
        "birth_first_names": "Odette",
        "birth_date": "1944-02-11",
        "sex": "female",
        "phone": "0639980177",
    }


def _checked(cast: Cast, made: Things) -> Form:
    """A request that was accepted waits for the record it is for."""
    cast.owner.execute(
        "update coordination.request set state = 'accepted', decided_at = now(), decided_by = %s"
        " where id = %s",
        [cast.home.care.nurse.person, made["request_id"]],
    )
    return {**_somebody(cast, made), "document": "seen"}


def _reached(cast: Cast, _made: Things) -> Form:
    return {"episode": str(make_episode(cast)), "outcome": "reached", "note": "Va bien"}


def _relative(cast: Cast, made: Things) -> Form:
    """A patient known already, of whom nobody asks to be registered again."""
    return {**_somebody(cast, made), "kind": "household", "same": str(cast.other_patient)}


def _including(cast: Cast, _made: Things) -> Form:
    """On one path, in a record where nobody died and no such follow-up runs."""
    _living(cast)
    cast.owner.execute(
        "update questionnaires.plan set ended_at = now(), end_reason = 'other'"
        " where patient_id = %s and ended_at is null",
        [cast.patient],
    )
    return {
        "programme": "covid-14",
        "met": ["adult", "able", "reachable", "stable", "known_saturation"],
        "informed": "yes",
        "means": "spoken",
        "usage_data": "no",
        "zone": "Europe/Paris",
        "act": "include",
    }


def _agreeing(cast: Cast, _made: Things) -> Form:
    return {"episode": str(make_episode(cast)), "telemonitoring": "yes", "usage_data": "no"}


def _invited(cast: Cast, _made: Things) -> Form:
    """He has not opened his account yet."""
    cast.owner.execute(
        "update identity.account set password_hash = '' where person = %s", [cast.patient]
    )
    return {"mail": f"{uuid4().hex}@cast.example"}


FOLLOWED: dict[str, Form | Maker] = {
    "POST /patients/{patient_id}/exit/{episode_id}": {"reason": "hospitalisation"},
    "POST /patients/{patient_id}/death": _dying,
    "POST /patients/{patient_id}/death/undo": _dead,
    "POST /patients/{patient_id}/death/told": _bereaved,
    "POST /patients/{patient_id}/kit/{kit_id}": {"outcome": "returned"},
    "POST /p/follow-up": _agreeing,
    "POST /patients/{patient_id}/first-contact": _reached,
    "POST /patients/{patient_id}/follow-up/invitation": _invited,
    "POST /patients/{patient_id}/household": _relative,
    "POST /patients/{patient_id}/household/{tie_id}/end": {},
    "POST /patients/{patient_id}/inclusion": _including,
    "POST /requests/new": _wish,
    "POST /requests/{request_id}": {"act": "accept"},
    "POST /requests/{request_id}/patient": _checked,
}
