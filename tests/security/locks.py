"""Takes one of the two locks away, from outside: by substitution, or by SQL on the test's base."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest

from core import clock
from core.access import Allowed, Held, Permission, Rights
from core.sqlfile import load_queries
from tests.security.cast import Cast, Owner, Someone

OURS = (
    "('access', 'alerts', 'audit', 'coordination', 'core', 'devices', 'identity', 'ingest', "
    "'messages', 'questionnaires', 'vitals')"
)


@contextmanager
def without_first_lock() -> Iterator[None]:
    """Let the check in Python allow everything to everybody, by any role."""
    everything = Allowed(Held(membership_id=uuid4(), role="gp", basis="care_team"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.care.decide", lambda *_: everything)
        patch.setattr(Rights, "of_post", lambda *_: True)
        patch.setattr("coordination.items_service.may_decide", lambda *_: True)
        patch.setattr("coordination.items_service.may_lift", lambda *_: True)
        yield


FILTERS = {
    "access.visible_patients(text)": "select id from access.patient",
    "access.acting_organisation(text)": "select '{organisation}'::uuid",
    "access.may_open(uuid,text)": "select true",
}
"""What the policies, doorways and functions of lists ask. `held_for`, which the first lock reads,
is left as it is."""


@contextmanager
def second_lock_away(cast: Cast) -> Iterator[int]:
    """Let the database show everything to everybody; yield how many tables were opened."""
    owner = cast.owner
    tables = [str(table) for (table,) in owner.execute(SECURED.encode()).fetchall()]
    kept = [definition(owner, name) for name in FILTERS]
    for table in tables:
        owner.execute(f"alter table {table} disable row level security".encode())
    for (name, body), text in zip(FILTERS.items(), kept, strict=True):
        head = re.split(r"\bLANGUAGE\b", text, maxsplit=1)[0]
        opened = body.format(organisation=cast.organisations["here"])
        assert name.split("(")[0] in head
        owner.execute(
            f"{head} language sql stable security definer"
            f" set search_path = pg_catalog, pg_temp as $open${opened}$open$".encode()
        )
    try:
        yield len(tables)
    finally:
        for table in tables:
            owner.execute(f"alter table {table} enable row level security".encode())
        for text in kept:
            owner.execute(text.encode())


SECURED = (
    "select quote_ident(n.nspname) || '.' || quote_ident(c.relname) from pg_class c"
    " join pg_namespace n on n.oid = c.relnamespace"
    " where c.relrowsecurity and c.relkind in ('r', 'p')"
)


def definition(owner: Owner, function: str) -> str:
    row = owner.execute("select pg_get_functiondef(%s::regprocedure)", [function]).fetchone()
    assert row is not None
    return str(row[0])


THROUGH_ITEMS = ("access.reads_item(", "access.reads_item('notes:read', ")
"""What asks whether an item is read asks for the right of its kind; all of the cast are notes."""


def guards_of(owner: Owner) -> dict[str, tuple[Permission, ...]]:
    """Return, of each relation with a patient a row that people may read, which rights open it.

    They are read from the policies and from the text of the doorways.
    """
    found = owner.execute(
        "select quote_ident(n.nspname) || '.' || quote_ident(c.relname),"
        " case when c.relkind = 'v' then pg_get_viewdef(c.oid) else"
        " (select string_agg(pg_get_expr(p.polqual, p.polrelid), ' ') from pg_policy p"
        " where p.polrelid = c.oid and p.polcmd in ('r', '*')"
        " and 'chevet_app'::regrole = any (p.polroles)) end"
        " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        f" where c.relkind in ('r', 'v') and (n.nspname in {OURS} or n.nspname = 'doorway')"
        " and has_any_column_privilege('chevet_app', c.oid, 'SELECT') and exists ("
        " select from pg_attribute a where a.attrelid = c.oid and a.attname = 'patient_id'"
        " and has_column_privilege('chevet_app', c.oid, a.attnum, 'SELECT'))".encode()
    ).fetchall()
    return {
        str(relation): tuple(
            Permission(name)
            for name in re.findall(r"'([a-z_]+:[a-z_]+)'", str(text).replace(*THROUGH_ITEMS))
        )
        for relation, text in found
    }


def rows_seen(
    conn: psycopg.Connection[tuple[object, ...]],
    who: Someone,
    patient: UUID,
    relations: Iterable[str],
    *,
    in_hand: bool,
) -> dict[str, int]:
    """Count, as somebody on the app's login, the patient's rows in each relation."""
    seen = {}
    with conn.transaction():
        conn.execute(
            load_queries("core")["become_person"],
            {
                "person": str(who.person),
                "post": str(who.post or ""),
                "patient": str(patient) if in_hand else "",
                "now": clock.now().isoformat(),
            },
        )
        for relation in relations:
            query = f"select count(*) from {relation} where patient_id = %s"
            row = conn.execute(query.encode(), [patient]).fetchone()
            seen[relation] = int(str(row[0])) if row else 0
    return seen


LIVE_ELSEWHERE = {
    "audit.event",
    "core.heartbeat",
    "identity.search_made",
    "identity.session",
    "identity.sign_in_failure",
}
"""Tables that change whoever asks: traces of refusals, signs of life, counts of searches."""


def fingerprint(owner: Owner) -> dict[str, str]:
    """Return a digest of the rows of each table, but for those that change with any request."""
    tables = owner.execute(
        "select quote_ident(n.nspname) || '.' || quote_ident(c.relname) from pg_class c"
        " join pg_namespace n on n.oid = c.relnamespace"
        f" where c.relkind = 'r' and n.nspname in {OURS}".encode()
    ).fetchall()
    found = {}
    for (table,) in tables:
        if table in LIVE_ELSEWHERE:
            continue
        row = owner.execute(
            "select coalesce(md5(string_agg(t::text, '' order by t::text)), '')"
            f" from {table} t".encode()
        ).fetchone()
        found[str(table)] = str(row and row[0])
    return found
