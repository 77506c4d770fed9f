"""Entries of the directory, and what is said in them."""

from uuid import UUID, uuid4

from stdnum import luhn

from core import clock
from core.access import Role
from tests.security.cast import CANARY_PHONE, Cast, add_party
from tests.security.makers import makes
from tests.security.sending import Form, Maker, Things


def _entry(cast: Cast, organisation: UUID | None) -> UUID:
    person = add_party(cast.owner, "person", "Dr Annuaire")
    start = f"1{person.int % 10**9:09d}"
    cast.owner.execute(
        "insert into identity.professional (person, rpps, family_name, given_names, profession,"
        " changed_at) values (%s, %s, 'Annuaire', 'Ada', '10', now())",
        [person, start + luhn.calc_check_digit(start)],
    )
    if organisation:
        cast.owner.execute(
            "insert into access.post (id, person, organisation, role, starts_at)"
            " values (%s, %s, %s, %s, %s)",
            [uuid4(), person, organisation, Role.GP, clock.now()],
        )
    cast.owner.execute(
        "insert into identity.directory_private (party, phone, said_by, said_at)"
        " values (%s, %s, %s, now())",
        [person, CANARY_PHONE, person],
    )
    return person


@makes("party")
def make_entry(cast: Cast) -> UUID:
    """A professional of the directory, of no organisation, with a private number."""
    return _entry(cast, None)


@makes("professional_id")
def make_colleague(cast: Cast) -> UUID:
    """A professional of the directory in the organisation that follows the patient."""
    return _entry(cast, cast.home.care.centre)


def _said(_cast: Cast, _: Things) -> Form:
    return {"offers": "Visites à domicile", "availability": "Lundi"}


DIRECTED: dict[str, Form | Maker] = {
    "POST /directory": {"words": "annuaire"},
    "POST /directory/found.json": {"words": "annuaire"},
    "POST /directory/found.csv": {"words": "annuaire"},
    "POST /directory/{party}/star": {"starred": "yes"},
    "POST /patients/{patient_id}/directory": {"words": "annuaire"},
    "POST /admin/directory/entries/{professional_id}": _said,
}
