"""Importing the national directory into a real database, and finding people in it."""

from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from typer.testing import CliRunner

from app.cli import app
from core.doors import Actor
from identity import directory_service
from identity.directory import ImportReport
from identity.directory_csv import read_csv
from identity.directory_fhir import read_fhir
from identity.finding import service as finding
from identity.finding.entry import Asked, Entry, Typed, read_asked
from tests.conftest import Database
from tests.integration.identity.extracts import (
    DOCTOR,
    HOSPITAL,
    NURSE,
    PRACTICE,
    bundle,
    lines,
    organisation,
    practitioner,
    role,
    whole,
)
from tests.integration.identity.officers import make_post


def load(*resources: dict[str, Any], dry_run: bool = False) -> ImportReport:
    extract = read_fhir([bundle(*resources)])
    return directory_service.import_directory(
        extract, format="fhir", source="extrait.json", dry_run=dry_run
    )


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.ended


def rows(database: Database, query: LiteralString) -> list[tuple[object, ...]]:
    with psycopg.connect(database.dsn("OWNER")) as conn:
        return conn.execute(query).fetchall()


def found(actor: Actor, name: str = "", job: str = "") -> list[Entry]:
    asked = read_asked(Typed(words=name, profession=job, kind="person"))
    assert isinstance(asked, Asked)
    return finding.search(actor, asked)


@pytest.fixture
def reader(database: Database) -> Actor:
    return make_post("Dr Paul Lefèvre", "Cabinet médical", "gp")


def test_an_extract_is_written_once_and_then_unchanged(database: Database, reader: Actor) -> None:
    assert counts(load(*whole(), dry_run=True)) == (6, 0, 0, 0)
    assert rows(database, "select 1 from identity.professional") == []
    assert counts(load(*whole())) == (6, 0, 0, 0)
    assert counts(load(*whole())) == (0, 0, 6, 0)
    posts = rows(
        database,
        "select role from access.post where id in (select post from"
        " identity.directory_post) order by role",
    )
    assert posts == [("home_nurse",), ("hospital_doctor",)]
    parents = rows(database, "select count(*) from identity.organisation where parent is not null")
    assert parents == [(1,)]
    assert len(rows(database, "select 1 from identity.directory_import")) == 3


def test_a_later_extract_changes_names_and_ends_posts(database: Database, reader: Actor) -> None:
    load(*whole())
    married = practitioner("p1", DOCTOR, "Églantine-Rose", "Zoé", "10")
    report = load(married, role("r1", "p1", "o1", active=False))
    assert counts(report) == (0, 1, 0, 1)
    (doctor,) = found(reader, "eglantine rose")
    assert doctor.places == []
    assert rows(database, "select 1 from access.party where name = 'Dr Zoé Églantine-Rose'")


def test_what_an_extract_does_not_speak_of_is_left_alone(database: Database, reader: Actor) -> None:
    load(*whole())
    load(whole()[0])
    assert [one.rpps for one in found(reader, "d'aubepine")] == [NURSE]
    assert len(found(reader, "d'aubepine")[0].places) == 1
    before = rows(database, "select ends_at from access.post where ends_at is not null")
    assert before == []


def test_refusals_say_why_and_the_rest_is_taken(database: Database) -> None:
    report = load(
        *whole()[:3],
        practitioner("p9", DOCTOR, "Autre", "Nom", "10"),
        role("r7", "nobody", "o1"),
        role("r8", "p1", "nowhere"),
        practitioner("p3", NURSE, "Psy", "Anne", "93"),
        role("r9", "p3", "o1"),
    )
    assert [one["reason"] for one in report.refused] == [
        "Its numbers are those of another entry too.",
        "Its professional is not in the directory.",
        "Its organisation is not in the directory.",
        "There is no role here for this profession in this place.",
    ]
    assert report.created == 4


@pytest.mark.parametrize("dry_run", [True, False])
def test_what_the_database_cannot_hold_is_refused_alone(
    database: Database, reader: Actor, *, dry_run: bool
) -> None:
    wrong = practitioner("p1", DOCTOR, "Églantine", "Zoé", "1X")
    zero = practitioner("p2", NURSE, "Nul\0", "Luc", "60")
    places = whole()[:2]
    report = load(*places, wrong, zero, role("r1", "p1", "o1"), dry_run=dry_run)
    assert [one["reason"] for one in report.refused] == [
        "The resource has not the shape of the guide.",
        directory_service.UNWRITABLE_REASON,
        "Its professional is not in the directory.",
    ]
    assert counts(report) == (2, 0, 0, 0)
    kept = rows(database, "select 1 from identity.organisation")
    assert len(kept) == (0 if dry_run else 2)


def test_a_refused_place_says_nothing_of_what_another_is_part_of(database: Database) -> None:
    report = load(
        *whole()[:1],
        organisation("o2", PRACTICE, "Cabinet Fictif", "SA07"),
        organisation("o3", PRACTICE, "Autre", "SA07", partOf={"reference": "Organization/o1"}),
    )
    assert [one["reason"] for one in report.refused] == [
        "Its numbers are those of another entry too."
    ]
    assert rows(database, "select 1 from identity.organisation where parent is not null") == []


def test_csv_finds_what_fhir_wrote(database: Database, reader: Actor) -> None:
    load(*whole())
    row = f"8|{DOCTOR}|Églantine|Zoé|10|SM26|S|{HOSPITAL}|Hôpital Fictif|SA01"
    directory_service.import_directory(read_csv([lines(row)]), format="csv", source="extrait.csv")
    assert len(rows(database, "select 1 from identity.professional")) == 2
    assert len(rows(database, "select 1 from identity.organisation")) == 2
    assert [one.specialty for one in found(reader, DOCTOR)] == ["SM26"]


def test_the_search_reads_names_numbers_and_professions(reader: Actor) -> None:
    load(*whole())
    assert [one.rpps for one in found(reader, "ÉGLAN")] == [DOCTOR]
    assert [one.rpps for one in found(reader, f" {DOCTOR} ")] == [DOCTOR]
    assert found(reader, "eglan", job="60") == []


def test_a_post_without_the_right_reads_nothing(database: Database) -> None:
    load(*whole())
    help_at_home = make_post("Aide", "Service", "home_help")
    assert found(help_at_home, "eglantine") == []
    gp = make_post("Dr Anne", "Cabinet", "gp")
    assert directory_service.imports(gp) == []
    administrator = make_post("Léa", "Centre", "administrator")
    (report,) = directory_service.imports(administrator)
    assert directory_service.import_report(administrator, report.id) == report
    assert directory_service.import_report(gp, report.id) is None


def test_the_right_is_what_the_database_asks_for(database: Database, reader: Actor) -> None:
    """With the check taken out of the database, the test above would find what it must not."""
    load(*whole())
    help_at_home = make_post("Aide", "Service", "home_help")
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute(
            "insert into access.role_permission (role, permission, needs_agreement)"
            " values ('home_help', 'directory:read', false)"
        )
    assert len(found(help_at_home, "eglantine")) == 1


def test_the_database_refuses_wrong_keys_on_its_own(database: Database) -> None:
    load(*whole())
    with (
        psycopg.connect(database.dsn("WORKER")) as conn,
        pytest.raises(psycopg.errors.CheckViolation),
    ):
        conn.execute("update identity.professional set rpps = '10000000001'")


def test_the_command_imports_and_says_what_it_refused(database: Database, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(bundle(*whole())[1])
    (tmp_path / "b.json").write_text("[")
    done = CliRunner().invoke(app, ["directory", "import", str(tmp_path)])
    assert done.exit_code == 1, done.output
    assert "created 6, updated 0, unchanged 0, ended 0, closed 0, refused 1" in done.output
    assert "b.json:1: The file is not JSON." in done.output
    (tmp_path / "b.json").unlink()
    again = CliRunner().invoke(app, ["directory", "import", "--dry-run", str(tmp_path)])
    assert again.exit_code == 0, again.output
    assert "Dry run. created 0, updated 0, unchanged 6" in again.output


def test_a_post_gets_the_day_on_which_it_ends(database: Database) -> None:
    load(*whole())
    later = {"start": "2020-01-01", "end": "2099-12-31"}
    assert counts(load(role("r1", "p1", "o1", period=later)))[3] == 1
    ends = rows(database, "select ends_at from access.post where ends_at is not null")
    assert len(ends) == 1
