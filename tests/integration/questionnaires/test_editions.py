"""Editions in a real database: what was published reads the same for ever, whoever tries."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from core import clock
from core.access import Permission
from core.doors import Actor, acting_as
from core.errors import MigrationError
from identity import service as identity
from questionnaires import answers_service
from questionnaires import import_service as imports
from questionnaires import service as asking
from questionnaires.answered import Source
from questionnaires.editions import Imported, NotImported, Why
from questionnaires.library_service import (
    UnknownEditionError,
    active_edition,
    install_library,
    load_edition,
    shipped,
)
from questionnaires.lifecycle import EditionAct, NotPossible, State
from questionnaires.showing import answered_lines
from tests.conftest import Database
from tests.integration.alerts.home import opened
from tests.people import make_care, make_centre
from tests.unit.questionnaires.library import text_of

CALM = {"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}


def ours(version: str = "1", title: str = "Notre suivi", name: str = "OurOwn") -> bytes:
    """A questionnaire of a site's own: the daily one under another name."""
    resource: dict[str, Any] = json.loads(text_of("home-daily"))
    resource.update(name=name, version=version, title=title, url="https://example.org/Q/own")
    return json.dumps(resource).encode()


def organisation_of(actor: Actor) -> UUID:
    with acting_as(actor) as conn:
        row = conn.execute("select access.acting_organisation('instruments:manage')").fetchone()
    assert row is not None
    assert isinstance(row[0], UUID)
    return row[0]


def imported(actor: Actor, raw: bytes) -> str:
    outcome = imports.import_questionnaire(actor, organisation_of(actor), raw)
    assert isinstance(outcome, Imported), outcome
    return outcome.digest


def states(dsn: str, name: str) -> dict[str, str]:
    with psycopg.connect(dsn) as conn:
        rows = conn.execute(
            "select version, state from questionnaires.edition where name = %s", [name]
        ).fetchall()
    return dict(rows)


def test_the_library_is_installed_once_and_is_in_use(database: Database) -> None:
    with psycopg.connect(database.dsn("OWNER")) as conn:
        install_library(conn)
        count = conn.execute("select count(*) from questionnaires.edition").fetchone()
    assert count == (len(list(shipped())),)
    for edition, _ in shipped():
        assert active_edition(edition.name) == edition
        assert load_edition(edition.digest) == edition


def test_a_shipped_word_changed_without_a_new_version_stops_the_migration(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from questionnaires import library_service

    changed = [(name, text.replace(b"Pouls", b"Puls")) for name, text in library_service._texts()]
    monkeypatch.setattr(library_service, "_texts", lambda: changed)
    with (
        psycopg.connect(database.dsn("OWNER")) as conn,
        pytest.raises(MigrationError, match="new version"),
    ):
        install_library(conn)


def test_an_edition_edited_or_retired_never_changes_how_an_old_answer_reads(
    database: Database,
) -> None:
    care = make_care()
    ctx = opened(care.patient_actor, care.patient, Permission.ANSWERS_WRITE)
    before = asking.daily()
    stored = answers_service.submit(
        ctx,
        before.digest,
        CALM,
        key="k1",
        source=Source.PATIENT,
        answered_at=clock.now(),
    )
    assert isinstance(stored, answers_service.Stored)
    reader = opened(care.patient_actor, care.patient, Permission.ANSWERS_READ)
    (answered,) = asking.last_answers(reader)
    read = answered_lines(asking.edition_of(answered), answered.answers, "fr")
    newer = json.loads(text_of("home-daily"))
    newer["version"] = "2"
    newer["item"][0]["text"] = "Tout autre chose ?"
    newer["item"][0]["answerOption"][0]["valueCoding"]["display"] = "Peut-être"
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute(
            "update questionnaires.edition set state = 'retired', retired_at = now()"
            " where name = 'home-daily'"
        )
        conn.execute(
            "insert into questionnaires.edition (digest, name, version, url, resource, origin,"
            " state, created_at, published_at) select %s, name, '2', url, %s, origin, 'active',"
            " now(), now() from questionnaires.edition where name = 'home-daily'",
            ["0" * 64, json.dumps(newer)],
        )
    load_edition.cache_clear()
    (answered,) = asking.last_answers(reader)
    again = answered_lines(asking.edition_of(answered), answered.answers, "fr")
    assert again == read
    assert [line.answer for line in again][:1] == ["Non"]


@pytest.mark.parametrize(
    "change",
    [
        'resource = resource || \'{"title": "Autre"}\'',
        "version = '9'",
        "name = 'other'",
        "url = 'x'",
        "digest = repeat('0', 64)",
        "state = 'draft', published_at = null",
        "published_at = now() + interval '1 day'",
        "created_at = now()",
    ],
)
def test_not_even_the_owner_changes_what_was_published(database: Database, change: str) -> None:
    with (
        psycopg.connect(database.dsn("OWNER")) as conn,
        pytest.raises(psycopg.errors.CheckViolation),
    ):
        conn.execute(f"update questionnaires.edition set {change} where name = 'home-daily'")


def test_no_edition_is_deleted(database: Database) -> None:
    with (
        psycopg.connect(database.dsn("OWNER")) as conn,
        pytest.raises(psycopg.errors.CheckViolation),
    ):
        conn.execute("delete from questionnaires.edition where name = 'home-daily'")


def test_without_its_trigger_an_edition_would_change(database: Database) -> None:
    """The fault that the tests above find: it must be the trigger that holds, nothing by chance."""
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("drop trigger edition_is_kept on questionnaires.edition")
        done = conn.execute("update questionnaires.edition set version = '9' where name = 'cat'")
        assert done.rowcount == 1
        conn.rollback()


def test_an_edition_that_was_tampered_with_is_not_read(database: Database) -> None:
    digest = active_edition("cat").digest
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("drop trigger edition_is_kept on questionnaires.edition")
        conn.execute(
            'update questionnaires.edition set resource = resource || \'{"title": "Autre"}\''
            " where name = 'cat'"
        )
    load_edition.cache_clear()
    with pytest.raises(UnknownEditionError):
        load_edition(digest)


def test_draft_active_retired_and_a_new_version_takes_the_place(database: Database) -> None:
    _, nurse = make_centre()
    first = imported(nurse, ours("1"))
    assert states(database.dsn("OWNER"), "our-own") == {"1": "draft"}
    with pytest.raises(UnknownEditionError):
        active_edition("our-own")
    published = imports.act_on(nurse, first, EditionAct.PUBLISH)
    assert not isinstance(published, NotPossible)
    assert published is not None
    assert published.published_by == "Inès Moreau"
    assert active_edition("our-own").digest == first
    second = imported(nurse, ours("2", "Notre suivi, mieux dit"))
    assert active_edition("our-own").digest == first
    imports.act_on(nurse, second, EditionAct.PUBLISH)
    assert active_edition("our-own").digest == second
    assert states(database.dsn("OWNER"), "our-own") == {"1": "retired", "2": "active"}
    assert load_edition(first).title["fr"] == "Notre suivi"
    assert imports.act_on(nurse, first, EditionAct.PUBLISH) == NotPossible(State.RETIRED)
    imports.act_on(nurse, second, EditionAct.RETIRE)
    with pytest.raises(UnknownEditionError):
        active_edition("our-own")


def test_what_has_no_place_is_said_so(database: Database) -> None:
    _, nurse = make_centre()
    digest = imported(nurse, ours())
    where = organisation_of(nurse)
    assert imports.import_questionnaire(nurse, where, ours()) == NotImported(Why.KNOWN, digest)
    other = imports.import_questionnaire(nurse, where, ours(title="Autre"))
    assert other == NotImported(Why.VERSION_TAKEN)
    shipped_name = imports.import_questionnaire(nurse, where, ours("7", name="HomeDaily"))
    assert shipped_name == NotImported(Why.NAME_OF_OTHERS)


def test_another_organisation_sees_no_draft_and_publishes_nothing_of_ours(
    database: Database,
) -> None:
    _, nurse = make_centre()
    _, other = make_centre("Autre centre")
    digest = imported(nurse, ours())
    assert imports.edition_of(other, digest) is None
    assert imports.act_on(other, digest, EditionAct.PUBLISH) is None
    assert digest not in {row.digest for row in imports.editions(other)}
    taken = imports.import_questionnaire(other, organisation_of(other), ours("2"))
    assert taken == NotImported(Why.NAME_OF_OTHERS)
    imports.act_on(nurse, digest, EditionAct.PUBLISH)
    seen = imports.edition_of(other, digest)
    assert seen is not None
    assert not seen.ours
    assert imports.act_on(other, digest, EditionAct.RETIRE) is None


@pytest.mark.promise("S3")
def test_a_post_without_the_right_imports_nothing_by_sql_either(database: Database) -> None:
    care = make_care()
    _, nurse = make_centre("Ailleurs")
    digest = imported(nurse, ours())
    with acting_as(care.gp) as conn:
        assert conn.execute("select count(*) from doorway.edition").fetchone() == (0,)
        done = conn.execute(
            "update questionnaires.edition set state = 'active', published_at = now()"
            " where digest = %s",
            [digest],
        )
        assert done.rowcount == 0
    with acting_as(care.gp) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(
            "insert into questionnaires.edition (digest, name, version, url, resource, origin,"
            " organisation, state, created_at, created_by) values (repeat('1', 64), 'mine', '1',"
            " 'x', '{\"resourceType\": \"Questionnaire\"}', 'imported', %s, 'draft', now(), %s)",
            [care.centre, care.gp.person],
        )


def test_an_edition_of_a_training_territory_is_forgotten_with_it(database: Database) -> None:
    from core.doors import Service, serving

    centre = identity.register_organisation("Centre fictif")
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("update access.party set training = true where id = %s", [centre])
        conn.execute(
            "insert into questionnaires.edition (digest, name, version, url, resource, origin,"
            " organisation, state, created_at, created_by) values (repeat('1', 64), 'play', '1',"
            " 'x', '{\"resourceType\": \"Questionnaire\"}', 'imported', %s, 'draft', now(), %s)",
            [centre, centre],
        )
    with serving(Service.ADMINISTRATION) as conn:
        conn.execute("select access.forget_training()")
    assert states(database.dsn("OWNER"), "play") == {}


def test_imports_and_publications_leave_their_trace(database: Database) -> None:
    _, nurse = make_centre()
    digest = imported(nurse, ours())
    imports.act_on(nurse, digest, EditionAct.PUBLISH)
    with psycopg.connect(database.dsn("OWNER")) as conn:
        rows = conn.execute(
            "select action, detail ->> 'edition' from audit.event"
            " where permission = 'instruments:manage' and at > %s order by at",
            [clock.now() - timedelta(hours=1)],
        ).fetchall()
    assert rows == [("C", digest), ("U", digest)]
