"""Each of the two locks holds alone: the matrix again with one of them taken away.

With the first lock gone a stranger gets a page or a failure, but with nothing of the record in it,
and his acts change no row. With the second gone he gets the very refusals of the whole; only what
names no patient (`lists`, `leads` in the verdicts) has no first lock, as its verdict says.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from zlib import crc32

import psycopg
import pytest
from starlette.testclient import TestClient

from core.access import Role
from tests.conftest import Database
from tests.security.asking import ask, ask_callback, complaints
from tests.security.cast import Cast, Someone
from tests.security.console_values import held_by_browser
from tests.security.forms import act_of
from tests.security.locks import (
    fingerprint,
    guards_of,
    rows_seen,
    second_lock_away,
    without_first_lock,
)
from tests.security.relations import Relation, Standing
from tests.security.routes import dash_callbacks
from tests.security.verdicts import Outcome, Verdict, read_verdicts

pytestmark = [pytest.mark.promise("S2"), pytest.mark.timeout(1500)]
Record = Callable[[str, object], None]
GUARDED = ("care", "roles", "own", "mine", "leads", "post")
WEB = [verdict for verdict in read_verdicts("web") if verdict.kind in GUARDED]
CALLBACKS = [verdict for verdict in read_verdicts("callbacks") if verdict.key != "live"]


ROLES_A_ROUTE = int(os.environ.get("CHEVET_S2_ROLES") or 4)
"""Of each relation, how many roles ask by one route. They take turns, so that every role stands in
every relation before some route; 99 asks with all of them."""


def strangers(cast: Cast, verdict: Verdict) -> list[Someone]:
    """Return who is signed in, and has nothing at all to do with the patient."""
    return [who for who in refused(cast, verdict) if not who.standing.roles_held]


def refused(cast: Cast, verdict: Verdict) -> list[Someone]:
    """Return who is signed in and must not be let in, some roles of each relation."""
    by_relation = defaultdict[Relation, list[Someone]](list)
    for who in cast.everybody.values():
        if who.standing.signed_in and Outcome.LET_IN not in verdict.expected(who.standing):
            by_relation[who.standing.relation].append(who)
    turn = crc32(verdict.key.encode())
    chosen = []
    for everybody in by_relation.values():
        at = turn % len(everybody)
        chosen += (everybody[at:] + everybody[:at])[:ROLES_A_ROUTE]
    return chosen


def test_the_database_alone_shows_and_gives_nothing_to_strangers(
    cast: Cast, client: TestClient, record_property: Record
) -> None:
    cast.restore()
    wrong, told = [], Counter[str]()
    with without_first_lock():
        for verdict in WEB:
            wrong += intrusions(cast, client, verdict, told)
        for verdict in CALLBACKS:
            wrong += glimpses(cast, client, verdict, told)
    record_property("counts", f"first lock away: asked {told.total()}; {said(told)}")
    assert wrong == []


def intrusions(cast: Cast, client: TestClient, verdict: Verdict, told: Counter[str]) -> list[str]:
    """Return what strangers read or changed by a route."""
    act, wrong = act_of(verdict.key, cast), []
    acts = act.method != "GET"
    before = fingerprint(cast.owner) if acts else {}
    for who in strangers(cast, verdict):
        answer = ask(client, who, act.method, act.address, **act.sent())
        told[answer.outcome] += 1
        if replace(answer, text=act.answered_in(answer.text)).tells:
            wrong.append(f"{verdict.key}: {who.standing} reads the record")
    after = fingerprint(cast.owner) if acts else {}
    changed = [table for table, digest in after.items() if digest != before[table]]
    return wrong + [f"{verdict.key}: strangers changed {table}" for table in changed]


def glimpses(cast: Cast, client: TestClient, verdict: Verdict, told: Counter[str]) -> list[str]:
    """Return who saw the patient by a callback of the console."""
    callback, given, wrong = dash_callbacks()[verdict.key], held_by_browser(cast), []
    for who in strangers(cast, verdict):
        answer = ask_callback(client, who, callback, given)
        told[answer.outcome] += 1
        if answer.tells:
            wrong.append(f"{verdict.key}: {who.standing} sees the patient")
    return wrong


@pytest.mark.parametrize("opened", ["circle", "samu"])
def test_with_both_locks_away_the_first_of_these_tests_finds_it(
    cast: Cast, client: TestClient, opened: str
) -> None:
    """The deliberate fault: were the second lock not there, its test would say so."""
    page = next(one for one in WEB if one.key == f"GET /patients/{{patient_id}}/{opened}")
    with without_first_lock(), second_lock_away(cast):
        assert len(intrusions(cast, client, page, Counter())) > 20
    assert intrusions(cast, client, page, Counter()) == []


def test_the_first_lock_alone_refuses_as_both_do(
    cast: Cast, client: TestClient, record_property: Record
) -> None:
    cast.restore()
    wrong, told = [], Counter[str]()
    with second_lock_away(cast):
        for verdict in WEB:
            if verdict.kind != "leads" and not verdict.lists:
                act = act_of(verdict.key, cast)
                for who in refused(cast, verdict):
                    answer = ask(client, who, act.method, act.address, **act.sent())
                    told[answer.outcome] += 1
                    wrong += [f"{verdict.key}: {one}" for one in complaints(who, answer, verdict)]
        for verdict in CALLBACKS:
            callback, given = dash_callbacks()[verdict.key], held_by_browser(cast)
            for who in refused(cast, verdict):
                answer = ask_callback(client, who, callback, given)
                told[answer.outcome] += 1
                wrong += [f"{verdict.key}: {one}" for one in complaints(who, answer, verdict)]
    record_property("counts", f"second lock away: asked {told.total()}; {said(told)}")
    assert wrong == []


def said(told: Counter[str]) -> str:
    return ", ".join(f"{outcome} {count}" for outcome, count in sorted(told.items()))


@pytest.mark.parametrize("in_hand", [True, False])
def test_a_member_sees_by_sql_only_what_his_roles_grant(
    cast: Cast, module_database: Database, in_hand: bool, record_property: Record
) -> None:
    """As each of the cast on the app's own login, every relation that names patients."""
    cast.restore()
    guards = guards_of(cast.owner)
    assert len(guards) > 8
    wrong, rows = [], 0
    with psycopg.connect(module_database.dsn("APP"), autocommit=True) as conn:
        for who in cast.everybody.values():
            if not who.standing.signed_in:
                continue
            seen = rows_seen(conn, who, cast.patient, guards, in_hand=in_hand)
            rows += sum(seen.values())
            wrong += [
                f"{who.standing} sees {count} rows of {relation}"
                for relation, count in seen.items()
                if count and not any(map(who.standing.holds, guards[relation]))
            ]
    record_property("counts", f"relations {len(guards)}; rows seen {rows}; wrongly 0")
    assert rows > 100
    assert wrong == []


def test_a_policy_that_names_another_right_is_found(cast: Cast, module_database: Database) -> None:
    """The deliberate fault: a table opened to everybody, though its policy seems to be there."""
    cast.restore()
    guards = guards_of(cast.owner)
    cast.owner.execute("create policy oops on identity.patient for select using (true)")
    stranger = cast.everybody[Standing(Role.GP, Relation.NONE)]
    with psycopg.connect(module_database.dsn("APP"), autocommit=True) as conn:
        seen = rows_seen(conn, stranger, cast.patient, guards, in_hand=False)
    cast.owner.execute("drop policy oops on identity.patient")
    assert seen["identity.patient"] == 1
