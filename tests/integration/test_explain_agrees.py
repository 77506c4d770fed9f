"""Explanations in Python and verdicts in SQL agree, over generated circles and items."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.access import MISSIONS, Permission, Rights, Role, natural_basis
from core.explain import Explained, Tie, explain
from core.items import READING, Item, ItemKind, KeptFrom, Reader, Sensitivity, why_hidden
from core.rights import rights
from tests.conftest import Database

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


@pytest.fixture
def owner(database: Database) -> Iterator[Owner]:
    """A connection that nothing hides from; everybody is there, nobody is tied yet."""
    with psycopg.connect(database.dsn("OWNER"), autocommit=True) as conn:
        for party in (*PERSONS, *ORGANISATIONS, PATIENT):
            kind = "organisation" if party in ORGANISATIONS else "person"
            conn.execute(
                "insert into access.party (id, kind, name, created_at) values (%s, %s, %s, %s)",
                [party, kind, f"N{party.int}", NOW],
            )
        conn.execute("insert into access.patient (id, created_at) values (%s, %s)", [PATIENT, NOW])
        yield conn


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


def become(conn: Owner, person: UUID, post: UUID | None, *, in_hand: bool) -> None:
    conn.execute(
        "select set_config('chevet.person', %s, true), set_config('chevet.post', %s, true),"
        " set_config('chevet.patient', %s, true), set_config('chevet.now', %s, true)",
        [str(person), str(post or ""), str(PATIENT) if in_hand else "", NOW.isoformat()],
    )


def granted_by_sql(conn: Owner) -> set[str]:
    """Return every permission for which the database lets the actor see the patient."""
    rows = conn.execute(
        "select p from unnest(%s::text[]) p"
        " where exists (select from access.visible_patients(p) v where v = %s)",
        [sorted(Permission), PATIENT],
    )
    return {row[0] for row in rows}


def ties_of(conn: Owner, person: UUID) -> list[Tie]:
    rows = conn.execute(
        "select membership_id, role, basis, agreed, mission, organisation, organisation_name, post,"
        " starts_at, ends_at, post_starts_at, post_ends_at, stands_for from access.ties_of(%s, %s)",
        [PATIENT, person],
    ).fetchall()
    names = [name for name in Tie.__dataclass_fields__]
    return [Tie(**{**dict(zip(names, row, strict=True)), "agreed": tuple(row[3])}) for row in rows]


def acting_ties(ties: list[Tie], post: UUID | None) -> list[Tie]:
    """Return the ties that count for a person acting in one post, or in none."""
    return [tie for tie in ties if tie.post in (None, post)]


Explain = Callable[[list[Tie], Permission, Rights, datetime], Explained]


def disagreements(
    conn: Owner, circle: Circle, counts: Counter[str], by: Explain = explain
) -> list[str]:
    """Return where Python's explanation and SQL's verdict differ."""
    wrong: list[str] = []
    with in_place(conn, circle) as items:
        posts = conn.execute("select id, person, organisation from access.post").fetchall()
        for person in PERSONS:
            mine = [(post, where) for post, whose, where in posts if whose == person]
            ties = ties_of(conn, person)
            for post, organisation in [(None, None), *mine]:
                counting = acting_ties(ties, post)
                explained = {p for p in Permission if by(counting, p, rights(), NOW).allow}
                for in_hand in (True, False):
                    become(conn, person, post, in_hand=in_hand)
                    judged = granted_by_sql(conn)
                    counts["verdicts"] += len(Permission)
                    counts["allowed"] += len(judged)
                    if judged != explained:
                        wrong.append(f"{person} in {post}: {sorted(judged ^ explained)}")
                roles = frozenset(tie.role for tie in counting if tie.is_live(NOW))
                reader = Reader(person=person, organisation=organisation, roles=roles)
                wrong += hidden_differently(conn, items, reader, counts)
    return wrong


def hidden_differently(
    conn: Owner, items: list[UUID], reader: Reader, counts: Counter[str]
) -> list[str]:
    wrong = []
    for item in items:
        (hidden,) = conn.execute("select access.hidden_from_me(%s)", [item]).fetchone() or (None,)
        why = why_hidden(load(conn, item), kept_from(conn, item), reader)
        counts["items"] += 1
        counts["hidden"] += bool(hidden)
        if hidden is not (why is not None):
            wrong.append(f"item {item}: hidden {hidden}, {why}")
    return wrong


def load(conn: Owner, item: UUID) -> Item:
    row = conn.execute(
        "select kind, sensitivity, sensitivity_by, author from access.item where item_id = %s",
        [item],
    ).fetchone()
    assert row is not None
    return Item(
        item_id=item,
        patient_id=PATIENT,
        kind=ItemKind(row[0]),
        sensitivity=Sensitivity(row[1]),
        sensitivity_by=row[2],
        author=row[3],
    )


def kept_from(conn: Owner, item: UUID) -> list[KeptFrom]:
    rows = conn.execute(
        "select party, role from access.item_hidden where item_id = %s and ended_at is null", [item]
    )
    return [KeptFrom(item_id=item, party=party, role=role) for party, role in rows]


@pytest.mark.promise("S2")
def test_explanation_and_verdict_agree(
    owner: Owner, record_property: Callable[[str, object], None]
) -> None:
    counts: Counter[str] = Counter()

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(circles)
    def agree(circle: Circle) -> None:
        assert disagreements(owner, circle, counts) == []

    agree()
    assert counts["allowed"] > 100
    assert counts["hidden"] > 20
    record_property("counts", f"circles 60; {dict(counts)}; seed derandomized")


def found_within(conn: Owner, by: Explain = explain) -> bool:
    """Say whether some generated circle shows a difference."""
    seen: list[str] = []

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(circles)
    def look(circle: Circle) -> None:
        if not seen:
            seen.extend(disagreements(conn, circle, Counter(), by))

    look()
    return bool(seen)


def test_a_database_that_hides_nothing_is_found(owner: Owner) -> None:
    owner.execute(
        "create or replace function access.hidden_from_me(p_item uuid) returns boolean"
        " language sql stable security definer set search_path = pg_catalog, pg_temp"
        " return false"
    )
    assert found_within(owner)


def test_a_database_that_forgets_ends_or_agreements_is_found(owner: Owner) -> None:
    owner.execute("update access.role_permission set needs_agreement = false")
    assert found_within(owner)


def test_an_explanation_that_forgets_when_things_end_is_found(owner: Owner) -> None:
    def always_live(
        ties: list[Tie], permission: Permission, table: Rights, now: datetime
    ) -> Explained:
        return explain(ties, permission, table, min([now, *(t.since for t in ties)]))

    assert found_within(owner, always_live)


def test_the_lists_of_both_locks_are_the_same(owner: Owner) -> None:
    for kind, permission in READING.items():
        assert owner.execute("select access.item_permission(%s, 'read')", [kind]).fetchone() == (
            permission,
        )
    (body,) = owner.execute(
        "select prosrc from pg_proc where oid = 'access.hidden_from_me(uuid)'::regprocedure"
    ).fetchone() or ("",)
    from core.items import READS_SENSITIVE

    assert all(f"'{role}'" in body for role in READS_SENSITIVE)
    assert {role for role in Role if f"'{role}'" in body} == READS_SENSITIVE
