"""People who watch over identities, for tests."""

from core.doors import Actor
from identity import service as identity


def make_officer(name: str = "Claire Vigie") -> Actor:
    """Return an identity officer of a hospital."""
    return make_post(name, "Centre hospitalier", "identity_officer")


def make_post(name: str, organisation: str, role: str) -> Actor:
    """Return a person in a post of an organisation of his own."""
    person = identity.register_person(name)
    place = identity.register_organisation(organisation)
    return Actor(person=person, post=identity.give_post(person, place, role), session=None)
