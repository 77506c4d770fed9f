"""What is not communicable behind both locks: not to the patient, his family, or by any trace."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from coordination import items_service, notes_service, noting_service, service
from coordination.noting import Cause, Draft, Kind, Sought, Wish, Withholding, Written
from core import clock
from core.access import Permission
from core.care import open_record
from core.doors import Actor, CareContext, acting_as
from core.items import NEVER_WITHHELD_TO, READS_WITHHELD
from identity import service as identity
from tests.conftest import Database
from tests.people import Care, make_care

SECRET = "Le fils retient son argent"
FAMILY = ("patient", "carer", "legal_representative", "carer who is a home nurse too")


@dataclass(frozen=True)
class Scene:
    """A withheld note of the nurse, answered by the GP, mentioned to him and due tomorrow."""

    care: Care
    item: UUID
    answer: UUID
    family: dict[str, Actor]
    """Each in the circle, with every agreement the patient can give."""


def opened(actor: Actor, patient: UUID, permission: Permission) -> CareContext:
    ctx = open_record(actor, patient, permission)
    assert isinstance(ctx, CareContext), ctx
    return ctx


@pytest.fixture
def scene(database: Database) -> Scene:
    care = make_care()
    family = {"patient": care.patient_actor}
    for role in FAMILY[1:]:
        person = identity.register_person(role)
        identity.join_circle(care.patient, person, role.split()[0])
        family[role] = Actor(person=person, post=None, session=None)
    identity.join_circle(care.patient, family[FAMILY[3]].person, "home_nurse")
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute(
            "update access.membership set agreed = array['notes:read', 'identity:read']"
            " where role in ('carer', 'legal_representative')"
        )
    today, item, answer = clock.now().date(), uuid4(), uuid4()
    withheld = Withholding(
        cause=Cause.ABUSE, reason="Dit par la voisine", review_on=today + timedelta(days=1)
    )
    draft = Draft(
        text=SECRET,
        kind=Kind.SOCIAL,
        tags=("argent",),
        mentions=frozenset({care.gp.person}),
        withholding=withheld,
        wish=Wish(due_on=today, role="gp"),
    )
    notes_service.sign_note(opened(care.nurse, care.patient, Permission.NOTES_WRITE), item, draft)
    gp = opened(care.gp, care.patient, Permission.NOTES_WRITE)
    said = noting_service.answer(gp, item, answer, Written(text=SECRET), {}, today, adds=False)
    assert said == notes_service.Signed()
    hiding = opened(care.nurse, care.patient, Permission.ITEMS_HIDE)
    items_service.hide(hiding, "note", item, "role:physiotherapist", "")
    return Scene(care, item, answer, family)


def read_through_pages(scene: Scene, actor: Actor) -> list[str]:
    """Return what somebody gets of it by the use cases of the pages."""
    ctx = opened(actor, scene.care.patient, Permission.NOTES_READ)
    got = [f"list {one.item_id}" for one in notes_service.notes(ctx).notes]
    got += [f"found {one.item_id}" for one in notes_service.notes(ctx, Sought(words="FÎLS")).notes]
    got += [f"tag {tag}" for tag in notes_service.notes(ctx).tags]
    got += [f"printed {root.item_id}" for root, _ in notes_service.printed_notes(ctx)]
    for item in (scene.item, scene.answer):
        got += [f"note {item}"] if notes_service.note(ctx, item) else []
    return got


RELATIONS = (
    "access.item", "access.item_withheld", "coordination.note", "coordination.note_reading",
    "coordination.note_mention", "coordination.note_reminder", "doorway.note_reader",
    "doorway.note_mentioned", "doorway.item_hiding",
)  # fmt: skip


def read_by_sql(actor: Actor) -> list[str]:
    """Return what statements without any filter of ours give to somebody."""
    with acting_as(actor) as conn:
        got = [
            f"{relation}: {item}"
            for relation in RELATIONS
            for (item,) in conn.execute(f"select item_id from {relation}").fetchall()
        ]
        waiting = "select item_id from coordination.waiting_notes(current_date + 9, 9)"
        return got + [f"waiting: {item}" for (item,) in conn.execute(waiting).fetchall()]


def judged_by_sql(scene: Scene, actor: Actor) -> list[object]:
    """Return the exceptions that the first lock asks for, as plain SQL gives them."""
    with acting_as(actor, patient=scene.care.patient) as conn:
        asked = "select item_id from access.hidings_to_judge(%s)"
        return [item for (item,) in conn.execute(asked, [scene.care.patient]).fetchall()]


def journal(scene: Scene) -> set[tuple[str, str]]:
    """Return who did what by the patient's own journal."""
    ctx = opened(scene.care.patient_actor, scene.care.patient, Permission.AUDIT_READ)
    since, now = clock.now() - timedelta(hours=1), clock.now()
    found = service.journal(ctx, since, now + timedelta(hours=1), now)
    return {(one.person_name or "", one.permission) for one in found.accesses}


def as_owner(database: Database, *statements: str) -> None:
    with psycopg.connect(database.dsn("OWNER"), autocommit=True) as conn:
        for statement in statements:
            conn.execute(statement.encode())


POLICIES_GONE = tuple(
    f"{verb} person_reads on {table} {rest}"
    for table in ("coordination.note", "access.item")
    for verb, rest in (
        ("drop policy", ""),
        ("create policy", "for select to chevet_app using (true)"),
    )
)
ALWAYS_FALSE = (
    " returns boolean language sql stable security definer"
    " set search_path = pg_catalog, pg_temp return false"
)
NOT_ASKED = f"create or replace function access.is_withheld(p_item uuid){ALWAYS_FALSE}"
NO_MASK = f"create or replace function access.betrays(p_entity text){ALWAYS_FALSE}"


@pytest.mark.promise("S5")
def test_nothing_tells_the_family_that_a_withheld_note_exists(
    scene: Scene, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, actor in scene.family.items():
        assert read_through_pages(scene, actor) == [], name
        assert read_by_sql(actor) == [], name
        assert judged_by_sql(scene, actor) == [], name
        # What is asked of it is answered as of nothing at all.
        if name in ("patient", "legal_representative"):
            hiding = opened(actor, scene.care.patient, Permission.ITEMS_HIDE)
            for item in (scene.item, uuid4()):
                outcome = items_service.hide(hiding, "note", item, "role:gp", "")
                assert outcome == items_service.NoSuchItem()
    assert ("Inès Moreau", "notes:write") not in journal(scene)
    assert ("Inès Moreau", "circle:read") in journal(scene)
    assert len(read_through_pages(scene, scene.care.gp)) == 6
    assert len(read_by_sql(scene.care.gp)) > 8
    assert judged_by_sql(scene, scene.care.gp) == [scene.item]
    # Each lock alone, then neither: the faults are put in from outside.
    monkeypatch.setattr(notes_service, "is_shown", lambda *_: True)
    for actor in scene.family.values():
        assert read_through_pages(scene, actor) == []
    monkeypatch.undo()
    as_owner(database, *POLICIES_GONE)
    for actor in scene.family.values():
        assert read_through_pages(scene, actor) == []
        assert len(read_by_sql(actor)) == 4, "without the policies plain SQL must find both"
    as_owner(database, NO_MASK)
    assert ("Inès Moreau", "notes:write") in journal(scene)
    as_owner(database, NOT_ASKED)
    assert read_through_pages(scene, scene.care.patient_actor) != []


def test_who_reads_it_also_judges_it_again(scene: Scene, database: Database) -> None:
    care, today = scene.care, clock.now().date()

    def judged(actor: Actor, *, kept: bool, day: str = "", reason: str = "Vu") -> object:
        ctx = opened(actor, care.patient, Permission.NOTES_WRITE)
        form = noting_service.Judged(kept=kept, review_on=day, reason=reason)
        return type(noting_service.review(ctx, scene.item, form, today)).__name__

    def waits(actor: Actor) -> set[str]:
        return {one.why for one in noting_service.waiting(actor, today + timedelta(days=1))}

    assert waits(care.gp) == {"mention", "reminder", "review"}
    assert waits(care.nurse) == {"review"}
    assert notes_service.note(opened(care.gp, care.patient, Permission.NOTES_READ), scene.item)
    assert waits(care.gp) == {"reminder", "review"}
    colleague = identity.register_person("Pharmacien")
    identity.join_circle(care.patient, colleague, "pharmacist")
    assert judged(Actor(person=colleague, post=None, session=None), kept=False) == "NotAuthor"
    assert judged(scene.family[FAMILY[3]], kept=False) == "NoSuchNote"
    assert judged(care.gp, kept=True, reason="") == "Wrong"
    later = str(today + timedelta(days=20))
    assert judged(care.gp, kept=True, day=later) == "Done"
    assert read_through_pages(scene, care.patient_actor) == []
    assert judged(care.nurse, kept=False) == "Done"
    assert len(read_through_pages(scene, care.patient_actor)) > 4
    assert ("Inès Moreau", "notes:write") in journal(scene)
    with psycopg.connect(database.dsn("OWNER")) as conn:
        row = conn.execute(
            "select count(*), count(ended_at), access.reads_withheld(array['gp', 'carer'])"
            " from access.item_withheld"
        ).fetchone()
        named = conn.execute(
            "select r, access.reads_withheld(array[r]) from unnest(%s::text[]) r",
            [[*READS_WITHHELD, *NEVER_WITHHELD_TO, "emergency", "home_help"]],
        ).fetchall()
    assert row == (3, 2, False), "its answer stays withheld by itself"
    assert {role for role, reads in named if reads} == READS_WITHHELD


def test_nobody_withholds_or_answers_beside_the_rules(scene: Scene) -> None:
    care, now = scene.care, clock.now()
    withhold = "select access.withhold(%s, %s, 'abuse', 'x', current_date + 1)"
    belong = "insert into access.item (item_id, patient_id, kind, within) values (%s, %s, %s, %s)"
    with acting_as(care.nurse, patient=care.patient) as conn:
        assert conn.execute(withhold, [uuid4(), scene.answer]).fetchone() == (False,)
        assert conn.execute(withhold, [uuid4(), scene.item]).fetchone() == (False,), "signed before"
    nurse = scene.family[FAMILY[3]]
    for actor, within in ((nurse, scene.item), (care.gp, scene.answer)):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            acting_as(actor, patient=care.patient) as conn,
        ):
            conn.execute(belong, [uuid4(), care.patient, "note", within])
    reading = "insert into coordination.note_reading values (%s, %s, %s, null, 'gp', %s)"
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        acting_as(care.gp, patient=care.patient) as conn,
    ):
        conn.execute(reading, [scene.item, care.patient, care.nurse.person, now])


def test_an_answer_is_hidden_from_whom_its_note_is(scene: Scene) -> None:
    care, item, answer = scene.care, uuid4(), uuid4()
    nurse = opened(care.nurse, care.patient, Permission.NOTES_WRITE)
    notes_service.sign_note(nurse, item, Draft(text="Chute"))
    gp = opened(care.gp, care.patient, Permission.NOTES_WRITE)
    today = clock.now().date()
    noting_service.answer(gp, item, answer, Written(text="Vu"), {}, today, adds=False)
    carer = scene.family["carer"]
    assert len(read_through_pages(scene, carer)) == 2, "listed, and printed"
    hiding = opened(care.patient_actor, care.patient, Permission.ITEMS_HIDE)
    assert isinstance(
        items_service.hide(hiding, "note", item, "role:carer", ""), items_service.Hidden
    )
    assert read_through_pages(scene, carer) == []
    assert read_by_sql(carer) == []
