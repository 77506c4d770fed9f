"""Ways around a withheld note: journals, threads, lifts, forms sent twice, roles of yesterday."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from coordination import items_service, notes_service, noting_service, service
from coordination.noting import Cause, Draft, Kind, Wish, Withholding, Written, Wrong
from core import clock
from core.access import Permission
from core.care import open_record
from core.doors import Actor, CareContext, acting_as
from core.items import Sensitivity
from identity import service as identity
from tests.conftest import Database
from tests.days import day_in_france
from tests.people import Care, make_care

TODAY = day_in_france()
WITHHELD = Withholding(
    cause=Cause.ABUSE, reason="Dit par la voisine", review_on=TODAY + timedelta(days=1)
)
AGREED = ["notes:read", "notes:write"]
SECRET = Draft(text="Le fils retient son argent", kind=Kind.SOCIAL, withholding=WITHHELD)


@dataclass(frozen=True)
class Room:
    """A patient with his nurse, his GP and a home nurse."""

    care: Care
    marc: Actor
    database: Database

    def opened(self, actor: Actor, permission: Permission) -> CareContext:
        ctx = open_record(actor, self.care.patient, permission)
        assert isinstance(ctx, CareContext), ctx
        return ctx

    def sign(self, actor: Actor, draft: Draft) -> UUID:
        item = uuid4()
        ctx = self.opened(actor, Permission.NOTES_WRITE)
        assert notes_service.sign_note(ctx, item, draft) == notes_service.Signed()
        return item

    def answer(self, actor: Actor, item: UUID, written: Written, *, adds: bool = False) -> object:
        ctx = self.opened(actor, Permission.NOTES_WRITE)
        return noting_service.answer(ctx, item, uuid4(), written, {}, TODAY, adds=adds)

    def thread(self, actor: Actor, item: UUID) -> list[str] | None:
        found = notes_service.note(self.opened(actor, Permission.NOTES_READ), item)
        return None if found is None else [one.text for one in found.thread]

    def lift(self, actor: Actor, item: UUID) -> object:
        judged = noting_service.Judged(kept=False, review_on="", reason="Vu")
        ctx = self.opened(actor, Permission.NOTES_WRITE)
        return noting_service.review(ctx, item, judged, TODAY)

    def journal(self) -> list[tuple[str | None, str]]:
        """Return who did what by the patient's own journal."""
        ctx = self.opened(self.care.patient_actor, Permission.AUDIT_READ)
        since, now = clock.now() - timedelta(hours=1), clock.now()
        found = service.journal(ctx, since, now + timedelta(hours=1), now)
        return [(one.person_name, one.permission) for one in found.accesses]

    def owner(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database.dsn("OWNER"), autocommit=True) as conn:
            done = conn.execute(statement.encode(), values)
            return done.fetchall() if done.description else []


@pytest.fixture
def room(database: Database) -> Room:
    care = make_care()
    marc = identity.register_person("Marc Dubois")
    identity.join_circle(care.patient, marc, "home_nurse")
    return Room(care, Actor(person=marc, post=None, session=None), database)


def joined(room: Room, role: str) -> Actor:
    person = identity.register_person(role)
    identity.join_circle(room.care.patient, person, role)
    room.owner("update access.membership set agreed = %s where party = %s", AGREED, person)
    return Actor(person=person, post=None, session=None)


@pytest.mark.promise("S5")
def test_what_waits_leaves_no_line_of_notes_in_the_journal(room: Room) -> None:
    room.sign(room.care.nurse, SECRET)
    waiting = noting_service.waiting(room.care.gp, TODAY + timedelta(days=1))
    assert [one.why for one in waiting] == ["review"]
    assert ("Dr Paul Lefèvre", "notes:read") not in room.journal()
    assert ("Dr Paul Lefèvre", "circle:read") in room.journal()
    roles = "select distinct role from audit.event where person = %s"
    assert room.owner(roles, room.care.gp.person) == [("gp",)]


@pytest.mark.promise("S5")
def test_lifting_a_note_leaves_its_answers_withheld(room: Room) -> None:
    care = room.care
    item = room.sign(care.nurse, SECRET)
    assert room.answer(care.gp, item, Written(text="Signalé")) == notes_service.Signed()
    assert room.lift(care.gp, item) == noting_service.Done()
    assert room.thread(care.patient_actor, item) == []
    assert room.thread(care.nurse, item) == ["Signalé"]
    kept = "select cause, reason, review_on, by, ended_at from access.item_withheld where"
    rows = room.owner(f"{kept} item_id <> %s", item)
    assert rows == [("abuse", WITHHELD.reason, WITHHELD.review_on, care.gp.person, None)]
    assert "Signalé" not in [
        one.text
        for root, within in notes_service.printed_notes(room.opened(care.gp, Permission.NOTES_READ))
        for one in (root, *within)
    ], "paper is left on tables"
    # What was said about the note while it was withheld is no reading of the patient.
    with acting_as(care.patient_actor, patient=care.patient) as conn:
        assert conn.execute("select item_id from access.item_withheld").fetchall() == []
    with acting_as(care.nurse, patient=care.patient) as conn:
        assert len(conn.execute("select item_id from access.item_withheld").fetchall()) == 2


@pytest.mark.promise("S5")
def test_a_restricted_answer_is_answered_at_the_note_itself(room: Room) -> None:
    care = room.care
    root = room.sign(care.nurse, Draft(text="Chute"))
    refused = Wrong({"text": "answer_root"})
    for draft in (
        Draft(text="Secret", within=root, withholding=WITHHELD),
        Draft(text="Honte", within=root, sensitivity=Sensitivity.SENSITIVE),
    ):
        answer = room.sign(care.gp, draft)
        assert room.answer(care.gp, answer, Written(text="Oui")) == refused
        assert room.answer(care.gp, answer, Written(text="Oui"), adds=True) == refused
    plain = room.sign(care.gp, Draft(text="Vu", within=root))
    assert room.answer(care.nurse, plain, Written(text="Merci")) == notes_service.Signed()
    hiding = room.opened(care.patient_actor, Permission.ITEMS_HIDE)
    items_service.hide(hiding, "note", plain, "role:home_nurse", "")
    assert room.answer(care.nurse, plain, Written(text="Encore")) == refused
    typed = Written(text="Noté", sensitive="yes", withheld="yes", remind_on=str(TODAY), tags="a")
    assert room.answer(care.gp, root, typed) == notes_service.Signed()
    said = "select i.sensitivity, n.tags from coordination.note n join access.item i"
    assert room.owner(f"{said} using (item_id) where n.text = 'Noté'") == [("normal", [])]


def test_a_form_sent_twice_with_other_settings_is_not_signed(room: Room) -> None:
    care, other = room.care, make_care()
    first = Draft(text="Le fils retient son argent", kind=Kind.SOCIAL)
    item = room.sign(care.gp, first)
    ctx = room.opened(care.gp, Permission.NOTES_WRITE)
    assert notes_service.sign_note(ctx, item, first) == notes_service.Signed()
    root = room.sign(care.gp, Draft(text="Chute"))
    for more in (
        SECRET,
        Draft(text=first.text, kind=Kind.SOCIAL, sensitivity=Sensitivity.SENSITIVE),
        Draft(text=first.text, kind=Kind.SOCIAL, within=root),
    ):
        assert notes_service.sign_note(ctx, item, more) == notes_service.OtherSigned()
    identity.join_circle(other.patient, care.gp.person, "gp")
    elsewhere = open_record(care.gp, other.patient, Permission.NOTES_WRITE)
    assert isinstance(elsewhere, CareContext)
    assert notes_service.sign_note(elsewhere, item, first) == notes_service.OtherSigned()
    secret = room.sign(care.gp, SECRET)
    assert room.lift(care.gp, secret) == noting_service.Done()
    assert notes_service.sign_note(ctx, secret, SECRET) == notes_service.Signed(), "sent again"


@pytest.mark.promise("S5")
def test_who_left_keeps_nothing_of_what_is_withheld(room: Room) -> None:
    room.sign(room.marc, SECRET)
    kept = room.sign(room.marc, Draft(text="Pansement refait"))
    end = "update access.membership set ends_at = %s where party = %s"
    room.owner(end, clock.now(), room.marc.person)
    mine = notes_service.my_contributions(room.marc, room.care.patient)
    assert [one.item_id for one in mine] == [kept]
    assert [one.count for one in notes_service.my_left_circles(room.marc)] == [1]


@pytest.mark.promise("S5")
def test_the_journal_tells_no_withheld_note_from_none(room: Room) -> None:
    care = room.care
    item = room.sign(care.nurse, SECRET)
    lines = []
    for asked in (item, uuid4()):
        before = len(room.journal())
        assert room.thread(care.patient_actor, asked) is None
        lines.append(sorted(str(one) for one in room.journal()[: -before or None]))
    assert lines[0] == lines[1]
    assert not any("notes:read" in line for line in lines[1])


@pytest.mark.promise("S5")
def test_whoever_was_of_the_family_never_reads_what_is_withheld(room: Room) -> None:
    item = room.sign(room.care.gp, SECRET)
    assert room.thread(room.marc, item) == []
    room.owner(
        "insert into access.membership (id, patient_id, party, role, basis, starts_at, ends_at)"
        " select gen_random_uuid(), patient_id, party, 'carer', basis, starts_at - interval '2 d',"
        " starts_at - interval '1 d' from access.membership where party = %s",
        room.marc.person,
    )
    assert room.thread(room.marc, item) is None
    with acting_as(room.marc, patient=room.care.patient) as conn:
        assert conn.execute("select item_id from access.item").fetchall() == []


def test_a_home_help_withholds_but_does_not_lift(room: Room) -> None:
    help_at_home = joined(room, "home_help")
    item = room.sign(help_at_home, SECRET)
    assert room.lift(help_at_home, item) == noting_service.NotAuthor()
    assert noting_service.waiting(help_at_home, TODAY + timedelta(days=1)) == []
    hiding = room.opened(room.care.nurse, Permission.ITEMS_HIDE)
    mine = room.sign(room.care.nurse, SECRET)
    for audience in ("role:gp", "role:coordinating_doctor", f"party:{room.care.gp.person}"):
        outcome = items_service.hide(hiding, "note", mine, audience, "")
        assert outcome == items_service.NotFromDoctor()
    assert room.lift(room.care.gp, item) == noting_service.Done()


def test_an_answer_whose_note_is_hidden_is_answered_as_nothing(room: Room) -> None:
    care = room.care
    root = room.sign(care.nurse, Draft(text="Chute", wish=Wish(due_on=TODAY, role=None)))
    answer = room.sign(room.marc, Draft(text="Vu", within=root))
    hiding = room.opened(care.patient_actor, Permission.ITEMS_HIDE)
    items_service.hide(hiding, "note", root, "role:home_nurse", "")
    for adds in (True, False):
        said = room.answer(room.marc, answer, Written(text="Et"), adds=adds)
        assert said == noting_service.NoSuchNote()


def test_a_note_of_a_kind_from_elsewhere_is_answered(room: Room) -> None:
    root = room.sign(room.care.nurse, Draft(text="Chute"))
    room.owner("alter table coordination.note disable trigger keep_signed")
    room.owner("update coordination.note set category = 'letter' where item_id = %s", root)
    assert room.answer(room.care.gp, root, Written(text="Vu")) == notes_service.Signed()
