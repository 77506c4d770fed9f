"""Circles with stays, posts, agreements and hidden items, as nobody would think of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from hypothesis import strategies as st

from core.access import MISSIONS, Permission, Role, natural_basis
from core.items import ItemKind
from core.rights import rights

Owner = psycopg.Connection[Any]
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PERSONS, ORGANISATIONS = [UUID(int=n) for n in (1, 2)], [UUID(int=n) for n in (11, 12)]
PATIENT = UUID(int=21)
PERSON_ROLES = sorted(set(Role) - MISSIONS - {Role.PATIENT})
POST_ROLES = sorted(
    set(PERSON_ROLES)
    - {
        Role.EMERGENCY,
        Role.CARER,
        Role.TRUSTED_PERSON,
        Role.LEGAL_REPRESENTATIVE,
        Role.PROPERTY_REPRESENTATIVE,
    }
)
BY_AGREEMENT = sorted(set().union(*rights().by_agreement.values()))

starts = st.sampled_from([-2, -1, 0, 1])
ends = st.sampled_from([None, 2, 3, 4])
"""Hours after the start; a start two hours ago with an end after two is over this very moment."""


@dataclass(frozen=True)
class Membership:
    party: UUID
    role: Role
    starts: int
    ends: int | None
    agreed: frozenset[Permission]


@dataclass(frozen=True)
class Post:
    person: UUID
    organisation: UUID
    role: Role
    starts: int
    ends: int | None


@dataclass(frozen=True)
class Signed:
    author: UUID
    kind: ItemKind
    sensitive: bool
    from_parties: frozenset[UUID]
    from_roles: frozenset[Role]
    ended: bool


@dataclass(frozen=True)
class Circle:
    """People and organisations around one patient, their posts, and what was signed."""

    memberships: list[Membership]
    posts: list[Post]
    items: list[Signed]


agreements = st.frozensets(st.sampled_from(BY_AGREEMENT), max_size=4)
circles = st.builds(
    Circle,
    memberships=st.lists(
        st.one_of(
            st.builds(
                Membership,
                st.sampled_from(PERSONS),
                st.sampled_from(PERSON_ROLES),
                starts,
                ends,
                agreements,
            ),
            st.builds(
                Membership,
                st.sampled_from(ORGANISATIONS),
                st.sampled_from(sorted(MISSIONS)),
                starts,
                ends,
                agreements,
            ),
        ),
        max_size=4,
    ),
    posts=st.lists(
        st.builds(
            Post,
            st.sampled_from(PERSONS),
            st.sampled_from(ORGANISATIONS),
            st.sampled_from(POST_ROLES),
            starts,
            ends,
        ),
        max_size=3,
    ),
    items=st.lists(
        st.builds(
            Signed,
            st.sampled_from([*PERSONS, ORGANISATIONS[0]]),
            st.sampled_from(ItemKind),
            st.booleans(),
            st.frozensets(st.sampled_from([*PERSONS, *ORGANISATIONS]), max_size=2),
            st.frozensets(st.sampled_from(PERSON_ROLES), max_size=2),
            st.booleans(),
        ),
        max_size=3,
    ),
)


@contextmanager
def in_place(conn: Owner, circle: Circle) -> Iterator[list[UUID]]:
    """Put a circle there for a moment; yield the ids of its items."""
    with conn.transaction(force_rollback=True):
        for one in circle.memberships:
            end = one.ends if one.role is not Role.EMERGENCY else (one.ends or 2)
            conn.execute(
                "insert into access.membership (id, patient_id, party, role, basis, agreed,"
                " starts_at, ends_at) values (%s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    uuid4(),
                    PATIENT,
                    one.party,
                    one.role,
                    natural_basis(one.role),
                    sorted(one.agreed),
                    *span(one.starts, end),
                ],
            )
        for post in circle.posts:
            conn.execute(
                "insert into access.post (id, person, organisation, role, starts_at, ends_at)"
                " values (%s, %s, %s, %s, %s, %s)",
                [
                    uuid4(),
                    post.person,
                    post.organisation,
                    post.role,
                    *span(post.starts, post.ends),
                ],
            )
        yield [sign(conn, item) for item in circle.items]


def span(start: int, end: int | None) -> tuple[datetime, datetime | None]:
    began = NOW + start * HOUR
    return began, None if end is None else began + end * HOUR


def sign(conn: Owner, signed: Signed) -> UUID:
    item = uuid4()
    conn.execute(
        "insert into access.item (item_id, patient_id, kind, sensitivity, sensitivity_by, author,"
        " author_name, author_role, patient_name, signed_at)"
        " values (%s, %s, %s, %s, %s, %s, 'N', 'gp', 'P', %s)",
        [
            item,
            PATIENT,
            signed.kind,
            "sensitive" if signed.sensitive else "normal",
            signed.author,
            signed.author,
            NOW,
        ],
    )
    ended = (PATIENT, NOW) if signed.ended else (None, None)
    for party in signed.from_parties:
        hide(conn, item, party, None, ended)
    for role in signed.from_roles:
        hide(conn, item, None, role, ended)
    return item


def hide(
    conn: Owner, item: UUID, party: UUID | None, role: Role | None, ended: tuple[Any, Any]
) -> None:
    conn.execute(
        "insert into access.item_hidden (id, item_id, party, role, by, at, ended_by, ended_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        [uuid4(), item, party, role, PATIENT, NOW, *ended],
    )
