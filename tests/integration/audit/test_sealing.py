"""Heads leave the database in two places; a restored chain is continued; old ranges go whole."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from core.access import Permission
from core.audit.anchors import last_anchor, read_anchors
from core.audit.continuing import continue_chain, remove_expired
from core.audit.sealing import ChainAheadError, seal_finished, unsealed_age_seconds
from core.audit.verifying import verify_chain
from core.doors import Service, acting_as, note_access, serving
from core.settings import Settings, settings
from tests.conftest import Database
from tests.integration.audit.trail import open_and_look, write_trail
from tests.people import make_care

MONTH_SECONDS = 30.5 * 24 * 3600


@pytest.mark.promise("S10")
def test_the_head_is_anchored_at_each_seal_and_after_ten_quiet_minutes(
    database: Database, clock_file: Path, tmp_path: Path
) -> None:
    places = [tmp_path / "here/anchors", tmp_path / "there/anchors"]
    care = make_care()
    open_and_look(care.gp, care.patient)
    assert seal_finished(places) == 1
    clock_file.write_text("590")
    assert seal_finished(places) == 0
    assert [len(list(read_anchors(place))) for place in places] == [1, 1]
    clock_file.write_text("601")
    seal_finished(places)
    heads = list(read_anchors(places[1]))
    assert len(heads) == 2
    assert heads[0].digest == heads[1].digest
    assert heads[1].at - heads[0].at >= timedelta(minutes=10)
    assert verify_chain(read_anchors(places[1])).problem is None


def test_a_place_that_cannot_be_written_stops_nothing(database: Database, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    places = [tmp_path / "file/anchors", tmp_path / "anchors"]
    care = make_care()
    open_and_look(care.gp, care.patient)
    assert seal_finished(places) == 1
    assert last_anchor(places[1]) is not None


def test_a_line_cut_short_by_a_crash_says_nothing_and_a_false_one_is_told(
    database: Database, tmp_path: Path
) -> None:
    write_trail(2)
    place = settings().anchor_places()[0]
    with place.open("a") as file:
        file.write('{"at": "2026-')
    assert verify_chain(read_anchors(place)).problem is None
    place.write_text("nonsense\n" + place.read_text())
    problem = verify_chain(read_anchors(place)).problem
    assert problem == "line 1 of anchors is not an anchor"


@pytest.mark.promise("S10")
def test_after_a_restore_into_a_younger_server_the_chain_is_continued(database: Database) -> None:
    write_trail(2)
    care = make_care()
    places = settings().anchor_places()
    with psycopg.connect(database.dsn("OWNER")) as owner:
        # As after a dump is loaded into a younger server: what is there is numbered far ahead.
        owner.execute("delete from audit.seal")
        owner.execute("update audit.event set xid = (xid::text::bigint + 1000000000)::text::xid8")
    reseal(database)
    open_and_look(care.gp, care.patient)
    with pytest.raises(ChainAheadError):
        seal_finished(places)
    assert verify_chain().problem is not None
    begun = continue_chain(
        database.dsn("OWNER"), places, reason="restored from last night", signed_by="A. Martin"
    )
    assert (begun.number, begun.moved) == (2, 1)
    open_and_look(care.gp, care.patient)
    assert seal_finished(places) == 3  # what was moved, the act itself, what came since
    assert unsealed_age_seconds() == 0
    verdict = verify_chain()
    assert (verdict.problem, verdict.chains, verdict.unsealed) == (None, 2, 0)


def reseal(database: Database) -> None:
    """Seal what is there as the older server had, beyond its last transaction."""
    from core.audit.continuing import _seal_the_rest
    from core.audit.sealing import load_bounds

    with serving(Service.SEALER) as conn:
        _seal_the_rest(conn, load_bounds(conn))


def test_a_chain_is_not_ended_without_a_reason_and_a_name(database: Database) -> None:
    for reason, name in (("", "A. Martin"), ("restored", " ")):
        with pytest.raises(ValueError, match="say why"):
            continue_chain(database.dsn("OWNER"), [], reason=reason, signed_by=name)


@pytest.mark.promise("S10")
def test_retention_removes_whole_old_ranges_and_the_chain_still_verifies(
    database: Database, clock_file: Path
) -> None:
    clock_file.write_text(str(-14 * MONTH_SECONDS))
    write_trail(3)
    clock_file.write_text(str(-2 * MONTH_SECONDS))
    write_trail(2)
    clock_file.write_text("0")
    assert remove_expired(36).events == 0
    removed = remove_expired(12)
    assert (removed.seals, removed.events) == (3, 18)
    assert remove_expired(12).seals == 0
    seal_finished(settings().anchor_places())
    verdict = verify_chain(read_anchors(settings().anchor_places()[0]))
    assert (verdict.problem, verdict.removed, verdict.events) == (None, 18, 13)
    with serving(Service.SEALER) as conn:
        row = conn.execute("select detail->>'events' from audit.event where purpose = 'retention'")
        assert row.fetchall() == [("18",)]


@pytest.mark.promise("S10")
def test_retention_keeps_a_range_that_was_tampered_with(
    database: Database, clock_file: Path
) -> None:
    clock_file.write_text(str(-14 * MONTH_SECONDS))
    write_trail(2)
    clock_file.write_text("0")
    with psycopg.connect(database.dsn("OWNER")) as owner:
        owner.execute("delete from audit.event where id = 2")
    with pytest.raises(errors.RaiseException, match="nothing was removed"):
        remove_expired(12)
    with serving(Service.SEALER) as conn:
        assert conn.execute("select count(*) from audit.event").fetchone() == (11,)


@pytest.mark.parametrize("months", [0, 5, 37])
def test_the_database_refuses_other_spans_of_retention(database: Database, months: int) -> None:
    with pytest.raises(errors.RaiseException, match="6 to 36"):
        remove_expired(months)


def test_a_clock_ahead_removes_nothing_early(database: Database, clock_file: Path) -> None:
    write_trail(1)
    clock_file.write_text(str(40 * MONTH_SECONDS))
    assert remove_expired(12).seals == 0


def test_longer_than_a_year_needs_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEVET_AUDIT_RETENTION_MONTHS", "24")
    with pytest.raises(ValueError, match="CHEVET_AUDIT_RETENTION_REASON"):
        Settings()
    monkeypatch.setenv("CHEVET_AUDIT_RETENTION_REASON", "legal dispute")
    assert Settings().audit_retention_months == 24


WRITES = (
    "update audit.event set purpose = 'x'",
    "delete from audit.event",
    "truncate audit.event",
    "update audit.seal set count = 1",
    "delete from audit.seal",
    "update audit.continuation set reason = 'x'",
    "insert into audit.event (xid, at, service, purpose, action, permission, outcome) values"
    " ('1', now(), 'review', 'x', 'E', 'x', 'success')",
    "alter table audit.event disable row level security",
)


@pytest.mark.promise("S10")
@pytest.mark.parametrize("login", ["APP", "WORKER", "INGEST", "GATE"])
def test_no_login_changes_or_removes_what_is_written(database: Database, login: str) -> None:
    write_trail(1)
    assert allowed(database, login) == []


def test_a_grant_too_many_would_be_seen(database: Database) -> None:
    with psycopg.connect(database.dsn("OWNER")) as owner:
        owner.execute("grant delete on audit.event to chevet_worker")
    assert allowed(database, "WORKER") == ["delete from audit.event"]


def allowed(database: Database, login: str) -> list[str]:
    """What a login may do of what nobody may."""
    done = []
    with psycopg.connect(database.dsn(login), autocommit=True) as conn:
        for statement in WRITES:
            try:
                conn.execute(statement.encode())
            except errors.InsufficientPrivilege:
                continue
            done.append(statement)
    return done


def test_the_app_reads_nothing_of_the_trail(database: Database) -> None:
    write_trail(1)
    with psycopg.connect(database.dsn("APP")) as conn, pytest.raises(errors.InsufficientPrivilege):
        conn.execute("select at from audit.event")


def test_nobody_writes_an_event_in_the_name_of_another(database: Database) -> None:
    care = make_care()
    with acting_as(care.gp) as conn, pytest.raises(errors.InsufficientPrivilege):
        note_access(conn, care.nurse, Permission.VITALS_READ, care.patient)
