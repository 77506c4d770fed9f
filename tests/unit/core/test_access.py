"""The table of rights: who may what, why, and what a deployment may change of it."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import (
    MISSIONS,
    Allowed,
    Basis,
    Denied,
    Held,
    NotInCircle,
    Permission,
    Role,
    decide,
    natural_basis,
)
from core.matrix import (
    AGREEMENT_PERMISSIONS,
    NO_RECORD,
    OF_POSTS,
    PROPOSED,
    ROLE_PERMISSIONS,
    RightsError,
    with_changes,
)

RECORD = [permission for permission in Permission if permission not in OF_POSTS]


def held(role: str, basis: str | None = None, *agreed: str, number: int = 1) -> Held:
    return Held(
        membership_id=UUID(int=number),
        role=role,
        basis=basis or natural_basis(role),
        agreed=agreed,
    )


def test_every_role_has_its_block() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert not set(AGREEMENT_PERMISSIONS) - set(Role)


@pytest.mark.parametrize("permission", Permission)
def test_nobody_without_a_role_may_anything(permission: Permission) -> None:
    assert decide([], permission, PROPOSED) == NotInCircle()
    assert decide([held("superuser")], permission, PROPOSED) == NotInCircle()


@pytest.mark.parametrize("role", sorted(NO_RECORD))
def test_tools_of_a_post_and_missions_open_no_record(role: Role) -> None:
    for permission in RECORD:
        assert isinstance(decide([held(role)], permission, PROPOSED), Denied)
    assert not MISSIONS - NO_RECORD


def test_a_right_by_agreement_needs_the_agreement_on_that_membership() -> None:
    carer = held("carer")
    assert isinstance(decide([carer], Permission.VITALS_READ, PROPOSED), Denied)
    agreed = held("carer", None, "vitals:read")
    assert decide([agreed], Permission.VITALS_READ, PROPOSED) == Allowed(agreed)
    elsewhere = held("home_help", None, number=2)
    assert isinstance(decide([held("carer"), elsewhere], Permission.NOTES_READ, PROPOSED), Denied)


def test_an_agreement_cannot_grant_what_the_role_never_has() -> None:
    help_at_home = held("home_help", None, *Permission)
    assert isinstance(decide([help_at_home], Permission.VITALS_READ, PROPOSED), Denied)
    assert isinstance(decide([help_at_home], Permission.SOCIAL_READ, PROPOSED), Denied)


def test_the_glass_is_broken_only_where_no_other_way_grants_it() -> None:
    emergency = held("emergency", number=1)
    member = held("hospital_doctor", number=2)
    both = [emergency, member]
    assert decide(both, Permission.VITALS_READ, PROPOSED) == Allowed(member)
    assert decide(both, Permission.NOTES_READ, PROPOSED) == Allowed(emergency)


@given(st.lists(st.sampled_from(sorted(Role)), max_size=4), st.sampled_from(sorted(Permission)))
def test_the_order_of_roles_changes_nothing(roles: list[Role], permission: Permission) -> None:
    every = [held(role, number=place) for place, role in enumerate(roles)]
    assert decide(every, permission, PROPOSED) == decide(every[::-1], permission, PROPOSED)


def test_no_post_grants_the_rights_of_the_glass_or_of_the_family() -> None:
    assert natural_basis(Role.EMERGENCY) is Basis.BREAK_GLASS
    assert PROPOSED.of_post("hospital_doctor", Permission.BREAK_GLASS)
    assert not PROPOSED.of_post("emergency", Permission.BREAK_GLASS)
    assert not PROPOSED.of_post(None, Permission.QUEUE_READ)
    assert not PROPOSED.of_post("nothing", Permission.QUEUE_READ)


def test_a_deployment_changes_single_cells() -> None:
    changed = with_changes(
        {"pharmacist": {"notes:read": "no"}, "carer": {"alerts:read": "agreement"}}
    )
    assert isinstance(decide([held("pharmacist")], Permission.NOTES_READ, changed), Denied)
    agreed = held("carer", None, "alerts:read")
    assert decide([agreed], Permission.ALERTS_READ, changed) == Allowed(agreed)
    assert changed.always["gp"] == PROPOSED.always["gp"]


@pytest.mark.parametrize(
    ("role", "permission", "word", "words"),
    [
        ("boss", "notes:read", "yes", "there is no role boss"),
        ("gp", "notes:all", "yes", "there is no permission notes:all"),
        ("gp", "notes:read", "maybe", 'write "yes", "agreement" or "no"'),
        ("administrator", "notes:read", "yes", "opens no record"),
        ("ward", "queue:read", "yes", "grants nothing"),
        ("gp", "queue:read", "agreement", "no patient's agreement"),
        ("patient", "audit:read", "no", "nobody may take this away"),
    ],
)
def test_what_a_deployment_may_not_ask_is_said(
    role: str, permission: str, word: str, words: str
) -> None:
    with pytest.raises(RightsError, match=words):
        with_changes({role: {permission: word}})
