"""What a page costs: it may not grow with how many patients a centre follows.

A centre with 20,000 patients is seeded by SQL, one with 2,000 and one with 10 beside it, and the
server says how many rows and pages each statement touched.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from core import clock
from core.doors import Actor, Service, acting_as, close_doors, serving
from core.sqlfile import load_queries
from tests.conftest import Database, Services
from tests.integration.alerts.home import key_of
from tests.people import make_centre

SIZES = (10, 2_000, 20_000)
PAGE = 50
MOST_ROWS_A_PAGE = 8 * PAGE
"""Rows scanned for a page of the queue: entry, membership, summary, traits and its alerts."""

SEED = """
with made as (
    select gen_random_uuid() as id, n from generate_series(1, %(count)s) n
), party as (
    insert into access.party select id, 'person', 'P ' || n, %(now)s from made
), patient as (
    insert into access.patient (id, created_at) select id, %(now)s from made
), traits as (
    insert into identity.patient (patient_id, birth_name, birth_first_names, birth_date, sex)
    select id, 'Nom' || n, 'Jeanne', '1950-01-01', 'female' from made
), member as (
    insert into access.membership (id, patient_id, party, role, basis, starts_at)
    select gen_random_uuid(), id, %(centre)s, 'telemonitoring_centre', 'care_team', %(now)s
    from made
), summary as (
    insert into alerts.patient_summary (patient_id, level, rank, since, judged_at, items, missing,
        doubtful, latest, news2, open_alerts, open_red)
    select id, case when n %% 40 = 0 then 'red' else 'green' end, 0, %(now)s, %(now)s, '[]', '[]',
        '[]', '[]', '{}', (n %% 40 = 0)::int, (n %% 40 = 0)::int
    from made
), entry as (
    insert into alerts.queue_entry
    select %(centre)s, id, case when n %% 40 = 0 then 430 else 0 end, %(now)s from made
)
insert into alerts.alert (id, patient_id, patient_key, item, level, state, raised_at,
    first_breach_at, late, evidence, ladder, round, from_rung, rung, exhaustions, next_step_at,
    cause)
select gen_random_uuid(), id, n, 'spo2', 'red', 'raised', %(now)s, %(now)s, false,
    '[{"part": "first"}]', '{}', 1, 1, 1, 0, %(now)s::timestamptz + interval '1 hour',
    'abnormal'
from made where n %% 40 = 0
"""

READINGS = """
insert into vitals.reading (measured_at, received_at, patient_key, source, value, vital, quality)
select %(now)s::timestamptz - n * interval '1 minute', %(now)s, k, 1, 95, v, 0
from generate_series(1, 2000) n, generate_series(%(key)s, %(key)s + 19) k, generate_series(1, 2) v
"""

DRILLS = """
insert into alerts.drill (id, organisation, patient_id, measured_at, started_at)
select gen_random_uuid(), %(centre)s, %(patient)s, %(now)s::timestamptz - n * interval '1 day',
    %(now)s::timestamptz - n * interval '1 day'
from generate_series(1, 2000) n
"""
"""Exercises of many organisations over many years: of so few, none would be looked up."""


@dataclass(frozen=True)
class Centre:
    """A centre's nurse, one of its patients and his key."""

    nurse: Actor
    patient: UUID
    key: int


@pytest.fixture
def centres(database: Database, services: Services) -> dict[int, Centre]:
    made: dict[int, tuple[UUID, Actor]] = {size: make_centre(f"Centre {size}") for size in SIZES}
    now = clock.now() - timedelta(minutes=1)
    with psycopg.connect(database.dsn("OWNER")) as conn:
        # The seed puts each patient in his place itself; the trigger would do so one by one.
        conn.execute("alter table access.membership disable trigger membership_enters_queue")
        for size, (centre, _) in made.items():
            conn.execute(SEED, {"count": size, "centre": centre, "now": now})
        conn.execute("alter table access.membership enable trigger membership_enters_queue")
        first = conn.execute(
            "select patient_id from access.membership where party = %s limit 1", [made[10][0]]
        ).fetchone()
        assert first is not None
    close_doors()
    found: dict[int, Centre] = {}
    with psycopg.connect(database.dsn("OWNER")) as conn:
        for size, (centre, nurse) in made.items():
            row = conn.execute(
                "select patient_id from alerts.queue_entry where organisation = %s"
                " order by rank desc, since, patient_id limit 1",
                [centre],
            ).fetchone()
            assert row is not None
            found[size] = Centre(nurse, row[0], key_of(row[0]))
        key = found[20_000].key
        conn.execute(READINGS, {"now": now, "key": key})
        exercised = {"centre": made[10][0], "patient": found[10].patient, "now": now}
        conn.execute(DRILLS, exercised)
    with psycopg.connect(database.dsn("SUPERUSER"), autocommit=True) as conn:
        conn.execute(
            "insert into alerts.repeat (id, patient_id, patient_key, item, breaches, asked_at,"
            " due_at, state, ended_at) select gen_random_uuid(), id, key, 'spo2', '{}', now(),"
            " now() + interval '15 minutes', 'within', now() from access.patient"
        )
        conn.execute("analyze")
    return found


def planned(conn: Any, query: str, params: dict[str, Any]) -> dict[str, Any]:
    """Return the plan as executed, its figures included."""
    explain = f"explain (analyze, buffers, timing off, format json) {query}"
    return dict(conn.execute(explain, params).fetchone()[0][0]["Plan"])


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)


def scanned(plan: dict[str, Any]) -> int:
    """Return rows read by scans, the rows thrown away by filters included."""
    return sum(
        int(node["Actual Loops"]) * int(node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
        for node in nodes(plan)
        if "Scan" in node["Node Type"] and node["Node Type"] != "Subquery Scan"
    )


def sequential(plan: dict[str, Any]) -> list[str]:
    """Return the tables read from end to end, the tiny ones of rights and posts left out."""
    small = {"role_permission", "post", "amendment"}
    return [
        str(node["Relation Name"])
        for node in nodes(plan)
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] not in small
    ]


def blocks(plan: dict[str, Any]) -> int:
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


def queue_body(database: Database) -> str:
    """Return the select inside alerts.queue_page, to be explained as the owner runs it."""
    with psycopg.connect(database.dsn("OWNER")) as conn:
        row = conn.execute(
            "select pg_get_functiondef('alerts.queue_page(integer,integer)'::regprocedure)"
        ).fetchone()
    assert row is not None
    body = row[0].split("BEGIN ATOMIC", 1)[1].rsplit("END", 1)[0].strip().rstrip(";")
    return str(body).replace("queue_page.p_limit", str(PAGE)).replace("p_limit", str(PAGE))


def as_person(conn: Any, actor: Actor) -> None:
    conn.execute(
        load_queries("core")["become_person"],
        {
            "person": str(actor.person),
            "post": str(actor.post),
            "patient": "",
            "now": clock.now().isoformat(),
        },
    )


def test_plans_do_not_grow_with_the_centre(database: Database, centres: dict[int, Centre]) -> None:
    """One seeding, several questions: it costs seconds."""
    _queue(database, centres)
    _patient_in_hand(centres)
    _latest(centres[20_000])
    _chart(centres[20_000])


def _queue(database: Database, centres: dict[int, Centre]) -> None:
    body = queue_body(database)
    for offset in (0, 100):
        for size in (2_000, 20_000):
            with psycopg.connect(database.dsn("OWNER")) as conn:
                as_person(conn, centres[size].nurse)
                text = body.replace("queue_page.p_offset", str(offset)).replace(
                    "p_offset", str(offset)
                )
                plan = planned(conn, text, {})
            assert sequential(plan) == [], size
            used = {node.get("Index Name") for node in nodes(plan)}
            assert "queue_in_order" in used
            assert scanned(plan) <= MOST_ROWS_A_PAGE + 4 * offset, (size, scanned(plan))


def _patient_in_hand(centres: dict[int, Centre]) -> None:
    cost = {}
    for size, centre in centres.items():
        with acting_as(centre.nurse, patient=centre.patient) as conn:
            query = load_queries("alerts")["load_summary"]
            plan = planned(conn, query, {"patient": centre.patient})
        assert sequential(plan) == [] or size == 10
        cost[size] = blocks(plan)
    assert cost[20_000] <= cost[10] + 40, cost


def _latest(centre: Centre) -> None:
    now = clock.now()
    params = {
        "patient_key": centre.key,
        "since": now - timedelta(days=30),
        "until": now,
        "vitals": [1, 2, 3, 4, 5, 6, 7],
        "unusable": 2 | 16 | 32,
        "to_verify": 1 | 64 | 8,
    }
    with serving(Service.REVIEW) as conn:
        plan = planned(conn, load_queries("alerts")["latest_readings"], params)
        spots = [n for n in nodes(plan) if "reading_by_patient" in str(n.get("Index Name", ""))]
    assert spots, "the newest readings are not found by the index"
    assert not any("_hyper_" in table for table in sequential(plan)), sequential(plan)
    # Each vital and class stops at its first row; only « to verify » reads on, and finds none.
    assert scanned(plan) < 2 * 2 * 2_000 + 500, scanned(plan)


def _chart(centre: Centre) -> None:
    now = clock.now()
    params = {
        "patient": centre.patient,
        "vitals": [1, 2],
        "start": now - timedelta(hours=24),
        "end": now,
    }
    with acting_as(centre.nurse, patient=centre.patient) as conn:
        plan = planned(conn, load_queries("alerts")["chart_readings"], params)
    assert not any("_hyper_" in table for table in sequential(plan)), sequential(plan)
    assert 2 * 1_430 <= int(plan["Actual Rows"]) <= 2 * 1_440
    assert blocks(plan) < 40_000, blocks(plan)
