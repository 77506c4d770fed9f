"""Explanations in Python and verdicts in SQL agree, over generated circles and items."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from core.access import Permission, Rights, Role
from core.explain import Explained, Tie, explain
from core.items import READING, Item, ItemKind, KeptFrom, Reader, Sensitivity, why_hidden
from core.rights import rights
from tests.conftest import Database
from tests.integration.generated_circles import (
    NOW,
    ORGANISATIONS,
    PATIENT,
    PERSONS,
    Circle,
    Owner,
    circles,
    in_place,
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
