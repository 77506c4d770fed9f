"""Items behind both locks: each alone keeps a hidden note, and what is signed stays as it is."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest

from coordination import items_service, notes_service
from coordination.noting import Draft
from core import clock
from core.access import Permission
from core.care import open_record
from core.doors import Actor, CareContext, acting_as
from core.items import Sensitivity
from identity import service as identity
from tests.conftest import Database
from tests.people import Care, make_care, make_gp

TEXT = "Ne pas dire à tout le monde"


@dataclass(frozen=True)
class Scene:
    """A note of the nurse, hidden by the patient from one home nurse; another one sensitive."""

    care: Care
    home_nurse: Actor
    hidden: UUID
    sensitive: UUID


def opened(actor: Actor, patient: UUID, permission: Permission) -> CareContext:
    ctx = open_record(actor, patient, permission)
    assert isinstance(ctx, CareContext)
    return ctx


@pytest.fixture
def scene(database: Database) -> Scene:
    care = make_care()
    person = identity.register_person("Marc Dubois")
    identity.join_circle(care.patient, person, "home_nurse")
    writing = opened(care.nurse, care.patient, Permission.NOTES_WRITE)
    hidden, sensitive = uuid4(), uuid4()
    notes_service.sign_note(writing, hidden, Draft(text=TEXT))
    flagged = Draft(text=TEXT, sensitivity=Sensitivity.SENSITIVE)
    notes_service.sign_note(writing, sensitive, flagged)
    hiding = opened(care.patient_actor, care.patient, Permission.ITEMS_HIDE)
    outcome = items_service.hide(hiding, "note", hidden, f"party:{person}", "")
    assert outcome == items_service.Hidden("Marc Dubois", "person", None)
    return Scene(care, Actor(person=person, post=None, session=None), hidden, sensitive)


def read_through_pages(scene: Scene) -> list[str]:
    """Return what the home nurse gets by the use cases of the pages."""
    ctx = opened(scene.home_nurse, scene.care.patient, Permission.NOTES_READ)
    got = [f"list: {note.item_id}" for note in notes_service.notes(ctx).notes]
    for item in (scene.hidden, scene.sensitive):
        if notes_service.note(ctx, item) is not None:
            got.append(f"note: {item}")
    return got


def read_by_sql(scene: Scene, actor: Actor | None = None) -> list[str]:
    """Return what a statement without any filter of ours gives to the home nurse."""
    got = []
    with acting_as(actor or scene.home_nurse) as conn:
        for relation in ("coordination.note", "access.item", "doorway.item_hiding"):
            rows = conn.execute(f"select item_id from {relation}").fetchall()
            got += [f"{relation}: {item}" for (item,) in rows]
    return got


def as_owner(database: Database, *statements: str) -> None:
    with psycopg.connect(database.dsn("OWNER"), autocommit=True) as conn:
        for statement in statements:
            conn.execute(statement)


HIDES_NOTHING = (
    "create or replace function access.hidden_from_me(p_item uuid) returns boolean"
    " language sql stable security definer set search_path = pg_catalog, pg_temp return false"
)
POLICIES_GONE = (
    "drop policy person_reads on coordination.note",
    "create policy person_reads on coordination.note for select to chevet_app using (true)",
    "drop policy person_reads on access.item",
    "create policy person_reads on access.item for select to chevet_app using (true)",
)


@pytest.mark.promise("S2")
def test_both_locks_keep_what_is_hidden(scene: Scene) -> None:
    assert read_through_pages(scene) == []
    assert read_by_sql(scene) == []
    gp = open_record(scene.care.gp, scene.care.patient, Permission.NOTES_READ)
    assert isinstance(gp, CareContext)
    assert len(notes_service.notes(gp).notes) == 2
    assert read_by_sql(scene, make_gp("Dr Anne Inconnue")) == []


@pytest.mark.promise("S2")
def test_the_second_lock_alone_still_refuses(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes_service, "is_shown", lambda *_: True)
    assert read_through_pages(scene) == []


@pytest.mark.promise("S2")
def test_the_first_lock_alone_still_refuses(scene: Scene, database: Database) -> None:
    as_owner(database, *POLICIES_GONE)
    assert read_through_pages(scene) == []
    assert len(read_by_sql(scene)) == 4, "without the policies plain SQL must find both"


@pytest.mark.promise("S2")
def test_a_database_that_hides_nothing_is_found(scene: Scene, database: Database) -> None:
    as_owner(database, HIDES_NOTHING)
    assert read_through_pages(scene) == []
    assert len(read_by_sql(scene)) == 5


def test_with_both_locks_open_the_pages_leak_and_this_file_sees_it(
    scene: Scene, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_owner(database, HIDES_NOTHING)
    monkeypatch.setattr(notes_service, "is_shown", lambda *_: True)
    assert len(read_through_pages(scene)) == 4


def refused(actor: Actor, patient: UUID, statement: str, *params: object) -> bool:
    """Say whether a statement of a person fails or touches no row."""
    try:
        with acting_as(actor, patient=patient) as conn:
            return conn.execute(statement, params).rowcount == 0
    except psycopg.errors.InsufficientPrivilege:
        return True


HIDE = "insert into access.item_hidden (id, item_id, role, by, at) values (%s, %s, %s, %s, %s)"


def test_nobody_hides_or_shows_beside_the_rules(scene: Scene) -> None:
    care, now = scene.care, clock.now()

    def hides(actor: Actor, item: UUID, role: str, by: UUID | None = None) -> bool:
        row = (uuid4(), item, role, by or actor.person, now)
        return not refused(actor, care.patient, HIDE, *row)

    assert not hides(care.gp, scene.hidden, "carer"), "of another's note"
    assert not hides(scene.home_nurse, scene.hidden, "carer"), "hidden from him"
    assert not hides(care.nurse, scene.hidden, "patient"), "from the patient"
    assert not hides(care.nurse, scene.hidden, "carer", care.patient), "in another's name"
    assert hides(care.nurse, scene.hidden, "carer"), "his own note"
    assert hides(care.patient_actor, scene.sensitive, "carer"), "any note about himself"
    lift = "update access.item_hidden set ended_by = %s, ended_at = %s where item_id = %s"
    assert not refused(care.nurse, care.patient, lift, care.nurse.person, now, scene.hidden)
    assert read_by_sql(scene) == [], "the author lifted his own hiding, never the patient's"
    assert not refused(
        care.patient_actor, care.patient, lift, care.patient, clock.now(), scene.hidden
    )
    assert f"coordination.note: {scene.hidden}" in read_by_sql(scene)


@pytest.mark.parametrize("kind", ["vitals", "alerts", "allergies", "allergy", "reading", ""])
def test_the_database_knows_no_item_of_what_is_never_hidden(scene: Scene, kind: str) -> None:
    with (
        pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.InsufficientPrivilege)),
        acting_as(scene.care.nurse, patient=scene.care.patient) as conn,
    ):
        conn.execute(
            "insert into access.item (item_id, patient_id, kind) values (%s, %s, %s)",
            [uuid4(), scene.care.patient, kind],
        )


def test_what_is_never_hidden_has_no_item_at_all(scene: Scene, database: Database) -> None:
    """No table of vitals, alerts or answers points to an item, and only items can be hidden."""
    with psycopg.connect(database.dsn("OWNER")) as conn:
        pointing = conn.execute(
            "select conrelid::regclass::text from pg_constraint where contype = 'f'"
            " and confrelid = 'access.item'::regclass order by 1"
        ).fetchall()
    assert {table for (table,) in pointing} == {
        "access.item",
        "access.item_hidden",
        "access.item_withheld",
        "coordination.action",
        "coordination.chat_message",
        "coordination.document",
        "coordination.note",
    }
    hiding = opened(scene.care.patient_actor, scene.care.patient, Permission.ITEMS_HIDE)
    for kind in ("vitals", "alerts", "allergies"):
        outcome = items_service.hide(hiding, kind, uuid4(), "role:gp", "")
        assert outcome == items_service.NeverHidden(kind)


def test_what_is_signed_is_neither_changed_nor_deleted(scene: Scene, database: Database) -> None:
    for statement in (
        "update coordination.note set text = 'autre'",
        "delete from coordination.note",
        "truncate coordination.note cascade",
        "update access.item set author_name = 'autre'",
        "delete from access.item",
        "update access.item_hidden set reason = 'autre'",
        "delete from access.item_hidden",
    ):
        assert refused(scene.care.nurse, scene.care.patient, statement), statement
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            psycopg.connect(database.dsn("OWNER")) as conn,
        ):
            conn.execute(statement.encode())


def test_nobody_signs_for_another(scene: Scene, database: Database) -> None:
    care, item = scene.care, uuid4()
    ctx = opened(care.gp, care.patient, Permission.NOTES_WRITE)
    with acting_as(ctx) as conn:
        conn.execute(
            "insert into access.item (item_id, patient_id, kind) values (%s, %s, 'note')",
            [item, care.patient],
        )
    note = (
        "insert into coordination.note (item_id, patient_id, author, sent, text)"
        " values (%s, %s, %s, now(), 'Faux')"
    )
    assert refused(care.nurse, care.patient, note, item, care.patient, care.gp.person)
    with pytest.raises(psycopg.errors.IntegrityError), acting_as(ctx) as conn:
        conn.execute(note, [scene.hidden, care.patient, care.gp.person])
    stranger = make_gp("Dr Anne Inconnue")
    add = "insert into access.item (item_id, patient_id, kind) values (%s, %s, 'note')"
    assert refused(stranger, care.patient, add, uuid4(), care.patient)
    with psycopg.connect(database.dsn("OWNER")) as conn:
        signed = conn.execute(
            "select author, author_name, author_role, author_organisation from access.item"
            " where item_id = %s",
            [item],
        ).fetchone()
    assert signed == (care.gp.person, "Dr Paul Lefèvre", "gp", "Cabinet médical")


def test_a_former_member_reads_his_own_through_the_doorway_alone(
    scene: Scene, database: Database
) -> None:
    care = scene.care
    as_owner(
        database,
        "update access.membership set ends_at = now() where role = 'telemonitoring_centre'",
    )
    assert len(notes_service.my_contributions(care.nurse, care.patient)) == 2
    assert notes_service.my_contributions(care.gp, care.patient) == []
    with acting_as(care.nurse) as conn:
        assert conn.execute("select count(*) from coordination.note").fetchone() == (0,)
        assert conn.execute("select count(*) from doorway.contribution").fetchone() == (2,)
    with acting_as(scene.home_nurse) as conn:
        assert conn.execute("select count(*) from doorway.contribution").fetchone() == (0,)
    # Each lock alone: a doorway that forgets the author is caught by the first.
    as_owner(database, _doorway_of_everybody(database))
    assert notes_service.my_contributions(scene.home_nurse, care.patient) == []
    with acting_as(scene.home_nurse) as conn:
        assert conn.execute("select count(*) from doorway.contribution").fetchone() == (2,)


def _doorway_of_everybody(database: Database) -> str:
    with psycopg.connect(database.dsn("OWNER")) as conn:
        (text,) = conn.execute(
            "select pg_get_viewdef('doorway.contribution'::regclass)"
        ).fetchone() or ("",)
    open_text = text.replace("(i.author = access.current_person())", "true").rstrip(";")
    assert open_text != text.rstrip(";")
    return f"create or replace view doorway.contribution with (security_barrier) as {open_text}"
