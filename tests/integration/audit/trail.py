"""A trail with people in it, and the ways somebody with the database in hand may bend it."""

from collections.abc import Callable
from random import Random
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow

from core import clock
from core.access import Permission
from core.audit.continuing import continue_chain
from core.audit.sealing import seal_finished
from core.care import open_record
from core.doors import Actor, CareContext, Service, acting_as, serving
from core.settings import settings
from tests.people import make_care, make_gp

Tamper = Callable[[psycopg.Connection[TupleRow], Random], str]


def open_and_look(actor: Actor, patient: UUID) -> None:
    opened = open_record(actor, patient, Permission.VITALS_READ)
    assert isinstance(opened, CareContext)
    with acting_as(opened):
        pass


def write_trail(rounds: int, owner_dsn: str = "") -> None:
    """Let people open a record, with a refusal in each round, and seal each; with an owner's
    connection a second chain begins half-way."""
    care, stranger = make_care(), make_gp("Dr Anne Inconnue")
    for number in range(rounds):
        for actor in (care.gp, care.nurse, care.patient_actor, care.gp, care.nurse):
            open_and_look(actor, care.patient)
        open_record(stranger, care.patient, Permission.VITALS_READ)
        until_all_is_finished()
        assert seal_finished(settings().anchor_places()) >= 6
        if owner_dsn and number == rounds // 2:
            open_and_look(care.gp, care.patient)
            places = settings().anchor_places()
            begun = continue_chain(owner_dsn, places, reason="drill", signed_by="A. Martin")
            assert (begun.number, begun.sealed, begun.moved) == (2, 1, 0)


def until_all_is_finished() -> None:
    """Wait for the transactions of other tests on this server: none may be sealed past them."""
    end = clock.monotonic() + 30
    with serving(Service.SEALER) as conn:
        row = conn.execute("select coalesce(max(xid), '0')::text from audit.event").fetchone()
    assert row is not None
    while clock.monotonic() < end:
        with serving(Service.SEALER) as conn:
            finished = conn.execute(
                "select pg_snapshot_xmin(pg_current_snapshot()) > %s::xid8", row
            ).fetchone()
        if finished == (True,):
            return
    raise AssertionError("a transaction on this server does not end")


EDITS = {
    "at": "at + interval '1 second'",
    "person": "gen_random_uuid()",
    "post": "gen_random_uuid()",
    "session": "gen_random_uuid()",
    "service": "'review'",
    "purpose": "'ETREAT'",
    "action": "case action when 'R' then 'U' else 'R' end",
    "permission": "'notes:read'",
    "patient_id": "gen_random_uuid()",
    "outcome": "case outcome when 'refused' then 'success' else 'refused' end",
    "role": "'home_help'",
    "basis": "'consent'",
    "entity_kind": "'note'",
    "entity_id": "'7'",
    "source": "'elsewhere'",
    "detail": """'{"act": "none"}'""",
    "chain": "3 - chain",
}
SEAL_EDITS = {
    "count": "count + 1",
    "digest": "sha256(digest)",
    "content": "sha256(content)",
    "from_xid": "(from_xid::text::bigint + 1)::text::xid8",
    "before_xid": "(before_xid::text::bigint + 1)::text::xid8",
    "through_id": "through_id + 1",
    "sealed_at": "sealed_at - interval '1 year'",
    "chain": "3 - chain",
    "removed_at": "now()",
}


def one_of(conn: psycopg.Connection[TupleRow], chance: Random, table: str) -> int:
    ids = [int(row[0]) for row in conn.execute(f"select id from audit.{table} order by id")]
    return chance.choice(ids)


def bend(tamper: Tamper, conn: psycopg.Connection[TupleRow], chance: Random) -> str:
    """Tamper and commit; what the database itself refuses is no tampering: try another."""
    while True:
        try:
            said = tamper(conn, chance)
            conn.commit()
            return said
        except psycopg.IntegrityError:
            conn.rollback()


def edit_event(conn: psycopg.Connection[TupleRow], chance: Random) -> str:
    column = chance.choice(sorted(EDITS))
    which = one_of(conn, chance, "event")
    conn.execute(f"update audit.event set {column} = {EDITS[column]} where id = {which}")
    return f"edit {column}"


def delete_event(conn: psycopg.Connection[TupleRow], chance: Random) -> str:
    conn.execute("delete from audit.event where id = %s", [one_of(conn, chance, "event")])
    return "delete"


def insert_event(conn: psycopg.Connection[TupleRow], chance: Random) -> str:
    conn.execute(
        "insert into audit.event (xid, at, person, purpose, action, permission, patient_id,"
        " outcome, chain) select xid, at, person, purpose, action, permission, patient_id,"
        " outcome, chain from audit.event where id = %s",
        [one_of(conn, chance, "event")],
    )
    return "insert"


def insert_from_the_future(conn: psycopg.Connection[TupleRow], chance: Random) -> str:
    conn.execute(
        "insert into audit.event (xid, at, service, purpose, action, permission, outcome)"
        " values ('9000000000000000000', now(), 'review', 'x', 'E', 'service:run', 'success')"
    )
    return "insert ahead"


def swap(conn: psycopg.Connection[TupleRow], chance: Random) -> str:
    column = chance.choice(["id", "xid"])
    rows = conn.execute(
        f"select id, {column}::text as other from audit.event order by 1"
    ).fetchall()
    one = chance.choice(rows)
    two = chance.choice([row for row in rows if row[1] != one[1]])
    if column == "id":
        conn.execute("alter table audit.event alter column id set generated by default")
        for old, new in ((one[0], -1), (two[0], one[0]), (-1, two[0])):
            conn.execute("update audit.event set id = %s where id = %s", [new, old])
        conn.execute("alter table audit.event alter column id set generated always")
    else:
        for row, other in ((one, two), (two, one)):
            conn.execute("update audit.event set xid = %s::xid8 where id = %s", [other[1], row[0]])
    return f"swap {column}"


def edit_seal(conn: psycopg.Connection[TupleRow], chance: Random) -> str:
    column = chance.choice(sorted(SEAL_EDITS))
    which = one_of(conn, chance, "seal")
    conn.execute(f"update audit.seal set {column} = {SEAL_EDITS[column]} where id = {which}")
    return f"seal: edit {column}"


def delete_seal(conn: psycopg.Connection[TupleRow], chance: Random) -> str:
    conn.execute("delete from audit.seal where id = %s", [one_of(conn, chance, "seal")])
    return "seal: delete"


def cut_the_end(conn: psycopg.Connection[TupleRow], chance: Random) -> str:
    """The last seals and every event they cover, and what came after: a chain without flaw."""
    seals = conn.execute("select id, chain, from_xid::text from audit.seal order by id").fetchall()
    first = chance.choice(seals)
    conn.execute(
        "delete from audit.event where chain > %(chain)s or (chain = %(chain)s and"
        " xid >= %(xid)s::xid8)",
        {"chain": first[1], "xid": first[2]},
    )
    conn.execute("delete from audit.seal where id >= %s", [first[0]])
    conn.execute("delete from audit.continuation where number > %s", [first[1]])
    return "cut the end"


def remove_too_young(conn: psycopg.Connection[TupleRow], chance: Random) -> str:
    """As if retention had removed the oldest ranges."""
    seals = conn.execute("select id, before_xid::text from audit.seal where chain = 1 order by id")
    last = chance.choice(seals.fetchall())
    conn.execute("delete from audit.event where chain = 1 and xid < %s::xid8", [last[1]])
    conn.execute("update audit.seal set removed_at = now() where id <= %s", [last[0]])
    return "remove before its time"


def edit_reason(conn: psycopg.Connection[TupleRow], chance: Random) -> str:
    column = chance.choice(["reason", "signed_by"])
    conn.execute(f"update audit.continuation set {column} = 'somebody else'")
    return f"continuation: edit {column}"


TAMPERS: tuple[tuple[Tamper, int], ...] = (
    (edit_event, 8),
    (delete_event, 3),
    (insert_event, 3),
    (insert_from_the_future, 1),
    (swap, 4),
    (edit_seal, 4),
    (delete_seal, 2),
    (cut_the_end, 3),
    (remove_too_young, 1),
    (edit_reason, 1),
)
