"""Calls of the functions that the login of the pages may call, with ids that would find something.

A value is chosen by the name of the parameter: a function asked about an item is given an item,
so that only the missing identity can stand between it and an answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg

from core import clock
from core.sqlfile import load_queries
from tests.security.cast import CANARY, Cast, Owner
from tests.security.things import MAKERS

EXPECTED = Path(__file__).parent / "functions.txt"
Connection = psycopg.Connection[tuple[object, ...]]
INS = "251047505600164"
"""The national identifier of the patient, once it is put in."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function the app's login may call; `parameters` are names and types, in order."""

    name: str
    signature: str
    parameters: tuple[tuple[str, str], ...]


def functions(owner: Owner) -> Iterator[Function]:
    """Yield each function that the app's login may call."""
    rows = owner.execute(
        "select n.nspname || '.' || p.proname, p.oid::regprocedure::text,"
        " array(select p.proargnames[n] from generate_series(1, p.pronargs) n order by n),"
        " array(select format_type(t, null) from unnest(p.proargtypes) with ordinality as a(t, n)"
        " order by n) from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where has_function_privilege('chevet_app', p.oid, 'EXECUTE')"
        " and has_schema_privilege('chevet_app', n.oid, 'USAGE')"
        " and p.prorettype <> 'trigger'::regtype"
        " and n.nspname in (select nspname from pg_namespace where nspowner ="
        " 'chevet_owner'::regrole) and not exists (select from pg_depend d where d.objid = p.oid"
        " and d.deptype = 'e') order by 2"
    ).fetchall()
    for name, signature, names, types in rows:
        assert isinstance(names, list)
        assert isinstance(types, list)
        yield Function(str(name), str(signature), tuple(zip(names, types, strict=True)))


def reviewed() -> dict[str, str]:
    """Return the reviewed functions: what each may do for nobody."""
    lines = [line for line in EXPECTED.read_text().splitlines() if line and line[0] != "#"]
    return {name: verdict for name, verdict in (line.split(": ", 1) for line in lines)}


def answered(
    conn: Connection, cast: Cast, *, instant: bool
) -> tuple[dict[str, list[object]], int, int]:
    """Return what gives nobody more than its line allows; how many were called, and answered.

    With `instant` the time is said, as for a machine: then no comparison with it is null.
    """
    wrong, called, gave = {}, 0, 0
    verdicts = reviewed()
    for function in functions(cast.owner):
        verdict = verdicts.get(function.name, "nothing")
        if verdict == "harmless":
            continue
        called += 1
        given = rows_of(conn, function, cast, instant=instant)
        gave += bool(given)
        if given and not obeys(verdict, given, cast):
            wrong[function.signature] = given[:3]
    return wrong, called, gave


def rows_of(conn: Connection, function: Function, cast: Cast, *, instant: bool) -> list[object]:
    """Call a function for nobody, and undo it; what it refuses is nothing, what fails is told."""
    values = [argument(function.name, *one, cast) for one in function.parameters]
    holes = ", ".join(f"%s::{kind}" for _, kind in function.parameters)
    try:
        with conn.transaction(force_rollback=True):
            if instant:
                conn.execute(
                    load_queries("core")["become_service"], {"now": clock.now().isoformat()}
                )
            query = f"select * from {function.name}({holes})"
            rows = conn.execute(query.encode(), values).fetchall()
    except psycopg.Error as error:
        return [] if is_refusal(error) else [repr(error)]
    return [row for row in rows if not is_empty(row)]


def is_refusal(error: psycopg.Error) -> bool:
    """Say whether a function refused for want of an actor, and not for what it was given."""
    if isinstance(error, psycopg.errors.NotNullViolation):
        return error.diag.column_name == "person"  # nobody can have done it
    return isinstance(error, psycopg.errors.InsufficientPrivilege | psycopg.errors.RaiseException)


def obeys(verdict: str, given: list[object], cast: Cast) -> bool:
    """Say whether what a function gives is what its reviewed line allows."""
    if verdict == "echo":
        return given in ([(cast.patient,)], [([cast.patient],)])
    if verdict == "instant":
        return len(given) == 1
    if verdict == "refuses":
        return given in ([("not_allowed",)], [("gone",)])
    return verdict == "hides" and given == [(True,)]


def is_empty(row: tuple[object, ...]) -> bool:
    """Say whether a row says nothing: null, nought, no, an empty list."""
    return all(value in (None, 0, False, "", []) for value in row)


THINGS = {
    "p_run": "run_id",
    "p_item": "item_id",
    "p_note": "item_id",
    "p_line": "line_id",
    "p_items": "item_id",
    "p_room": "room_id",
    "p_people": "patient_id",
    "p_mentions": "patient_id",
    "p_within": "item_id",
    "p_parties": "patient_id",
    "p_post": "post",
    "p_pair": "pair_id",
    "p_link": "link_id",
    "p_share": "share_id",
    "p_answer_link": "answer_link",
    "p_import": "import_id",
    "p_consent": "consent_id",
    "p_session": "session",
    "p_alert": "alert_id",
    "p_answer": "answer_id",
    "p_alerts": "alert_id",
    "p_request": "request_id",
    "p_episode": "episode_id",
    "p_tie": "tie_id",
    "p_kit": "kit_id",
    "p_callee": "contact_id",
    "p_patient": "patient_id",
    "p_task": "task_id",
    "p_subscription": "subscription_id",
    "p_handover": "handover_id",
    "p_drill": "drill_id",
    "p_statement": "statement_id",
    "p_transfer": "transfer_id",
    "p_seen": "alert_id",
    "p_repeat": "repeat_id",
    "p_swap": "swap_id",
    "p_waiting": "waiting_id",
    "p_stay": "membership_id",
}
"""The thing of the record that a parameter names, as a path names it."""
UNDER_REVIEW = {"coordination.done_in_emergency", "coordination.review", "coordination.to_review"}
"""Functions whose `p_id` is an access in an emergency."""
NEW = {
    "p_id",
    "p_contact",
    "p_draft",
    "p_membership",
    "p_memberships",
    "p_message",
    "p_code_message",
    "p_task",
    "p_notice",
    "p_invitation",
    "p_before",
    "p_reminder",
    "p_event",
    "p_new",
    "p_key",
}
"""Names of what is made: an id that is nobody's yet."""
SAID = {
    "p_permission": "identity:read",
    "p_role": "gp",
    "p_kind": "answer",
    "p_cause": "close_names",
    "p_means": "spoken",
    "p_verdict": "justified",
    "p_act": "suspend",
    "p_ins": INS,
    "p_first_name": "Jeanne",
    "p_mail": "nobody@cast.example",
    "p_number": "10101010101",
    "p_fallback": "sms",
}
"""Words that are accepted where any other would be refused for itself."""


def argument(function: str, name: str, kind: str, cast: Cast) -> object:
    """Return a value that would find the patient's thing, were the caller allowed to."""
    if kind in ("uuid", "uuid[]"):
        return _id(function, name, cast) if kind == "uuid" else [_id(function, name, cast)]
    if kind == "text":
        return SAID.get(name, CANARY.lower())
    if name == "p_ends_at":
        return clock.now() + timedelta(days=30)
    if kind == "jsonb":
        return "{}"
    return clock.now() if kind == "timestamp with time zone" else PLAIN[kind]


PLAIN = {
    "interval": "8 hours",
    "integer": 10,
    "smallint": 1,
    "bigint": 1,
    "real": 97,
    "date": "1951-04-02",
    "time without time zone": "08:00",
    "smallint[]": [0],
    "text[]": ["email"],
    "bytea": bytes(32),
    "boolean": True,
    "jsonb": "{}",
}


def _id(function: str, name: str, cast: Cast) -> object:
    known = {
        "p_organisation": cast.home.care.centre,
        "p_person": cast.home.care.gp.person,
        "p_party": cast.home.care.gp.person,
        "p_gp": cast.home.care.gp.person,
        "p_substitute": cast.home.care.nurse.person,
        "p_to": cast.home.care.nurse.person,
        "p_owner": cast.home.care.nurse.person,
        "p_author": cast.home.care.gp.person,
        "p_shift": cast.alert,
        "p_replaces": cast.alert,
        "p_by": cast.patient,
        "p_recipient": cast.patient,
        "p_other": cast.other_patient,
        "p_keep": cast.other_patient,
        "p_after": cast.patient,
        "p_centre": cast.home.care.centre,
        "p_performer": cast.organisations["here"],
    }
    if name in known:
        return known[name]
    if name in THINGS:
        return MAKERS[THINGS[name]](cast)
    if name == "p_answer":
        return _answer(cast)
    if name == "p_id" and function in UNDER_REVIEW:
        return MAKERS["access_id"](cast)
    if name == "p_id" and function == "access.find_organisations":
        return cast.home.care.centre
    assert name in NEW, f"{function}: say in tests/security/calls.py what {name} is"
    return uuid4()


def _answer(cast: Cast) -> object:
    """Return a filled-in questionnaire of the patient."""
    answer = uuid4()
    cast.owner.execute(
        "insert into questionnaires.answer (id, patient_id, instrument, version, answers,"
        " answered_at, received_at, entered_by, client_key)"
        " values (%s, %s, 'home-daily', 1, '{}', now(), now(), %s, %s)",
        [answer, cast.patient, cast.patient, str(answer)],
    )
    return answer
