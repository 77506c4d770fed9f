"""Invitations and coordinates: what a form may say, and how things stand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from coordination.consent import DONE_LABELS, SEEN_LABELS
from coordination.coordinates.coordinates import (
    CircleStatus,
    Contact,
    Own,
    read_contact,
    read_own,
    status_of,
)
from coordination.coordinates.coordinates import Mend as ContactMend
from coordination.inviting import inviting
from coordination.inviting.inviting import Asking, Mend, Status, Whom, read_asking, read_whom
from core.access import Permission, Role
from core.matrix import PROPOSED

NOW = datetime(2027, 1, 4, 14, 0, tzinfo=UTC)
ONE = inviting.Invitation(
    id=UUID(int=1),
    name="Lina Petit",
    address="lina@kine.example",
    role=Role.PHYSIOTHERAPIST,
    family=False,
    invited_by_name="Dr Paul Lefèvre",
    invited_at=NOW,
    expires_at=NOW + timedelta(days=7),
    sends=1,
    answer=None,
    answered_at=None,
    asked_family="",
    asked_given="",
    asked_at=None,
    confirmed_at=None,
    known=False,
    undeliverable=False,
)


def test_whom_a_form_names() -> None:
    typed = {"name": " Lina  Petit ", "address": " Lina@Kine.example ", "role": "physiotherapist"}
    whom = read_whom(typed)
    assert whom == Whom(
        name="Lina Petit", address="lina@kine.example", rpps=None, role=Role.PHYSIOTHERAPIST
    )
    by_number = read_whom({"rpps": "100 0000 0009", "role": "gp"})
    assert isinstance(by_number, Whom)
    assert by_number.rpps == "10000000009"
    carer = read_whom(typed | {"role": "carer", "rpps": "10000000009"})
    assert isinstance(carer, Whom)
    assert carer.is_family
    assert carer.rpps is None


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"role": "gp"}, {"name", "address"}),
        ({"role": "carer", "rpps": "10000000009"}, {"name", "address"}),
        ({"name": "L", "address": "nobody", "role": "gp"}, {"address"}),
        ({"name": "L", "address": "l@x.fr", "rpps": "10000000008", "role": "gp"}, {"rpps"}),
        ({"name": "L", "address": "l@x.fr", "role": "patient"}, {"role"}),
        ({"name": "L", "address": "l@x.fr", "role": "legal_representative"}, {"role"}),
    ],
)
def test_what_is_to_be_mended(typed: dict[str, str], fields: set[str]) -> None:
    mend = read_whom(typed)
    assert isinstance(mend, Mend)
    assert set(mend.problems) == fields


def test_a_professional_says_his_number_and_somebody_close_none() -> None:
    typed = {"family": "Petit", "given": "Lina"}
    assert read_asking(typed, family=True) == Asking(family="Petit", given="Lina", rpps=None)
    assert isinstance(read_asking(typed, family=False), Mend)
    asked = read_asking(typed | {"rpps": "10000000009"}, family=False)
    assert asked == Asking(family="Petit", given="Lina", rpps="10000000009")


def test_how_an_invitation_stands() -> None:
    asked = replace(ONE, asked_at=NOW)
    cases = {
        Status.WAITING: ONE,
        Status.ASKED: asked,
        Status.CONFIRMED: replace(asked, known=True, confirmed_at=NOW),
        Status.ACCEPTED: replace(ONE, answer="accepted"),
        Status.WITHDRAWN: replace(ONE, answer="withdrawn"),
    }
    assert {inviting.status_of(one, NOW) for one in cases.values()} == set(cases)
    assert inviting.status_of(asked, ONE.expires_at) is Status.EXPIRED


def test_how_a_member_is_reached() -> None:
    typed = {"place": "2", "channel": "call", "phone": "06 39 98 01 15", "note": " le  soir "}
    assert read_contact(typed) == Contact(
        place=2, channel="call", phone="0639980115", note="le soir"
    )
    for wrong in ({"place": "0"}, {"place": "²"}, {"place": "100"}, {"phone": "12"}):
        assert isinstance(read_contact(typed | wrong), ContactMend)
    shown = {"phone_to": "nobody", "mail_to": "circle"}
    assert isinstance(read_own({"phone": "", "mail": "a@b.fr", **shown}, 3), Own)
    assert isinstance(read_own({"phone": "", "mail": "a@b.fr"}, 3), ContactMend)


def test_a_circle_stands_by_who_is_in_it() -> None:
    assert status_of({"patient", "carer"}, died=False) is CircleStatus.PROPOSED
    assert status_of({"patient", "telemonitoring_centre"}, died=False) is CircleStatus.ACTIVE
    assert status_of({"patient", "gp"}, died=True) is CircleStatus.INACTIVE


def test_every_right_on_a_record_that_a_role_holds_is_said_in_words() -> None:
    members = {role for role in Role} - {
        Role.ADMINISTRATOR,
        Role.IDENTITY_OFFICER,
        Role.ACCESS_REVIEWER,
    }
    held = {one for role in members for one in PROPOSED.always.get(role, frozenset())}
    held |= {one for granted in PROPOSED.by_agreement.values() for one in granted}
    of_posts = {one for one in held if one.partition(":")[0] not in OF_RECORD}
    assert held - of_posts - set(SEEN_LABELS) - set(DONE_LABELS) == set()


OF_RECORD = {one.partition(":")[0] for one in Permission} - {
    "queue",
    "quarantine",
    "record",
    "break_glass",
    "patients",
    "telemonitoring",
    "directory",
    "accounts",
    "instruments",
    "rota",
    "contributions",
}
