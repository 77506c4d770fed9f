"""Rooms through the pages: who reads which, since when, and what may be done there."""

import re
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from coordination.chat import service as chat
from core import clock
from identity import service as identity
from tests import as_owner
from tests.conftest import Database
from tests.integration.web.scene import NewClient, open_account, sign_in
from tests.people import Care, make_care

HOSTILE = '<script>alert(1)</script> =HYPERLINK("x") [a](javascript:x) \u202egnp \x00 @Marc Dubois'


@dataclass(frozen=True)
class Circle:
    """A patient, his GP, a home nurse, a home help who may talk, and somebody of no circle."""

    care: Care
    people: dict[str, UUID]
    pages: dict[str, TestClient]

    @property
    def chat(self) -> str:
        return f"/patients/{self.care.patient}/chat"

    def rooms(self, who: str) -> dict[str, str]:
        """Return the addresses of the rooms somebody is shown, by what they are called."""
        text = self.pages[who].get(self.chat).text
        found = re.findall(rf'href="({self.chat}/[0-9a-f-]+)".*?<strong>(.*?)</strong>', text, re.S)
        return {label: href for href, label in found}

    def say(self, who: str, room: str, text: str, **more: object) -> int:
        form = {"key": str(uuid4()), "text": text, **more}
        return self.pages[who].post(room, data=form).status_code

    def reads(self, who: str, room: str) -> str:
        answer = self.pages[who].get(room)
        return answer.text if answer.status_code == 200 else str(answer.status_code)


@pytest.fixture
def circle(new_client: NewClient, database: Database) -> Circle:
    care = make_care()
    people = {
        "gp": care.gp.person,
        "marc": identity.register_person("Marc Dubois"),
        "nadia": identity.register_person("Nadia Costa"),
        "patient": care.patient,
        "stranger": identity.register_person("Luc Passant"),
    }
    identity.join_circle(care.patient, people["marc"], "home_nurse")
    identity.join_circle(care.patient, people["nadia"], "home_help")
    as_owner_agree(people["nadia"])
    for login, person in people.items():
        open_account(person, login)
    return Circle(care, people, {who: sign_in(new_client(), who) for who in people})


def as_owner_agree(person: UUID) -> None:
    as_owner.run(
        "update access.membership set agreed = '{chat:read,chat:write}' where party = %s", person
    )


def test_each_room_is_read_by_whom_it_says(circle: Circle) -> None:
    named = {"Soignants", "Toute l’équipe (aide à domicile comprise)", "Avec le patient"}
    gp = circle.rooms("gp")
    assert set(gp) == named == set(circle.rooms("marc"))
    assert set(circle.rooms("nadia")) == named - {"Soignants"}
    assert set(circle.rooms("patient")) == {"Avec le patient"}
    assert circle.pages["stranger"].get(circle.chat).status_code == 404
    strict = gp["Soignants"]
    assert circle.say("gp", strict, "Le fils ne doit pas savoir") == 200
    assert "Le fils ne doit pas savoir" in circle.reads("marc", strict)
    for who in ("nadia", "patient", "stranger"):
        assert circle.reads(who, strict) == "404"
        assert circle.say(who, strict, "x") == 404
        for act in ("search", "mute", "withdraw", "export"):
            answer = circle.pages[who].post(f"{strict}/{act}", data={"words": "fils", "seq": "1"})
            assert answer.status_code in (403, 404)
    page = circle.reads("gp", strict)
    assert "Lu par les soignants du cercle" in page
    assert "Nadia Costa" not in page
    # Whoever was ever of the family reads neither of the two stricter rooms, whatever he is now.
    identity.join_circle(circle.care.patient, circle.people["marc"], "carer")
    assert circle.reads("marc", strict) == "404"


def test_who_comes_later_reads_nothing_said_before(circle: Circle) -> None:
    strict = circle.rooms("gp")["Soignants"]
    circle.say("gp", strict, "Avant")
    identity.join_circle(circle.care.patient, circle.people["stranger"], "physiotherapist")
    circle.say("gp", strict, "Après")
    late = circle.reads("stranger", strict)
    assert ("Avant" in late, "Après" in late) == (False, True)
    found = circle.pages["stranger"].post(f"{strict}/search", data={"words": "avant"}).text
    assert "Aucun message" in found
    # A role that changes opens what comes from then on, and nothing of before.
    as_owner.run("update access.membership set role = 'pharmacist' where party = %s",
                 circle.people["nadia"])  # fmt: skip
    circle.say("gp", strict, "Ensuite")
    nadia = circle.reads("nadia", strict)
    assert ("Après" in nadia, "Ensuite" in nadia) == (False, True)
    as_owner.run("update access.membership set ends_at = now() where party = %s",
                 circle.people["stranger"])  # fmt: skip
    assert circle.reads("stranger", strict) == "404"


def test_sent_twice_is_there_once_and_what_is_hostile_stays_text(circle: Circle) -> None:
    room = circle.rooms("gp")["Avec le patient"]
    key = str(uuid4())
    for _ in range(2):
        assert circle.say("gp", room, HOSTILE, key=key) == 200
    assert circle.say("gp", room, "Autre", key=key) == 422
    assert circle.say("gp", room, " \u202e ") == 422
    page = circle.reads("patient", room)
    assert page.count("&lt;script&gt;alert(1)") == 1
    assert "<script>alert" not in page
    assert "\u202e" not in page
    ((last, count),) = as_owner.rows(
        "select r.last_seq, count(m.seq) from coordination.chat_room r join"
        " coordination.chat_message m on m.room_id = r.id where r.kind = 'patient' group by 1"
    )
    assert (last, count) == (1, 1)
    form = {"first": "1", "last": "1"}
    shown = circle.pages["gp"].post(f"{room}/export", data=form)
    assert "patient compris" in shown.text
    item = re.search(r'name="item_id" value="([^"]+)"', shown.text)
    assert item
    sent = {**form, "item_id": item[1]}
    assert circle.pages["gp"].post(f"{room}/export", data=sent).status_code == 422
    assert circle.pages["gp"].post(f"{room}/export", data={**sent, "known": "yes"}).is_success
    note = circle.pages["patient"].get(f"/p/notes/{item[1]}").text
    assert "&lt;script&gt;alert(1)" in note
    assert 'href="javascript' not in note
    assert "<script>alert" not in note


def test_what_is_urgent_tells_at_once_and_leaving_calls_it_off(circle: Circle) -> None:
    for who in ("marc", "nadia", "patient"):
        with_contact(circle.people[who], f"{who}@example.org")
    room = circle.rooms("gp")["Toute l’équipe (aide à domicile comprise)"]
    marc = circle.pages["marc"]
    assert "prévenu de ce salon" in marc.post(f"{room}/mute", data={"hours": "168"}).text
    assert marc.post(f"{room}/mute", data={"hours": "169"}).status_code == 422
    circle.say("gp", room, "@Marc Dubois bonjour")
    assert told() == []  # muted
    circle.say("gp", room, "Canarisentence", urgent="yes")
    assert [(who, weight) for who, weight, *_ in told()] == [
        ("marc@example.org", "urgent"), ("nadia@example.org", "urgent"),
    ]  # fmt: skip
    assert "Canarisentence" not in str(told())
    as_owner.run("update access.membership set ends_at = now() where party = %s",
                 circle.people["nadia"])  # fmt: skip
    assert dict((who, state) for who, _, state, _ in told()) == {
        "marc@example.org": "waiting", "nadia@example.org": "cancelled",
    }  # fmt: skip
    # Withdrawn by its author it is told to nobody more.
    assert "est retiré" in circle.pages["gp"].post(f"{room}/withdraw", data={"seq": "2"}).text
    assert {state for *_, state, _ in told()} == {"cancelled"}
    circle.pages["marc"].post(f"{room}/mute", data={"hours": "0"})
    circle.say("gp", room, "@marc dubois, vu ?")
    assert [weight for who, weight, state, _ in told() if state == "waiting"] == ["notice"]
    assert "À votre attention" in circle.reads("marc", room)


def with_contact(person: UUID, address: str) -> None:
    as_owner.run(
        "insert into messages.contact_point (id, party, channel, address, created_at)"
        " values (%s, %s, 'email', %s, now())", uuid4(), person, address,
    )  # fmt: skip


def told() -> list[tuple[str, str, str, str]]:
    return as_owner.rows(
        "select address, weight, state, params::text from messages.outbox"
        " where key like 'chat:%%' order by created_at, address"
    )


def test_a_message_is_withdrawn_with_its_trace_and_old_ones_go_in_ranges(circle: Circle) -> None:
    room = circle.rooms("marc")["Soignants"]
    circle.say("marc", room, "Une erreur")
    assert circle.pages["gp"].post(f"{room}/withdraw", data={"seq": "1"}).status_code == 422
    answer = circle.pages["gp"].post(
        f"{room}/withdraw", data={"seq": "1", "reason": "Mauvais patient"}
    )
    assert "Mauvais patient" in answer.text
    assert "Une erreur" not in circle.reads("marc", room)
    assert as_owner.rows("select text from coordination.chat_withdrawn") == [("Une erreur",)]
    circle.say("marc", room, "La sienne")
    as_owner.run("update access.membership set starts_at = starts_at - interval '4 years'")
    as_owner.run("update coordination.chat_message set sent = sent - interval '20 minutes'")
    late = circle.pages["marc"].post(f"{room}/withdraw", data={"seq": "2"})
    assert late.status_code == 422
    circle.say("gp", room, "Récent")
    assert chat.remove_old(clock.now()) == 0
    as_owner.run("update coordination.chat_message set sent = sent - interval '3 years',"
                 " withdrawn_at = withdrawn_at where seq < 3")  # fmt: skip
    assert chat.remove_old(clock.now()) == 2
    assert as_owner.rows("select first, last from coordination.chat_removed") == [(1, 2)]
    assert "Récent" in circle.reads("marc", room)
    circle.say("marc", room, "Encore")
    assert as_owner.rows("select max(seq) from coordination.chat_message") == [(4,)]


def test_a_conversation_is_its_members_alone(circle: Circle) -> None:
    gp, marc = circle.pages["gp"], circle.pages["marc"]
    with_contact(circle.people["marc"], "marc@example.org")
    begun = gp.post(circle.chat, data={"person": str(circle.people["marc"])})
    talk = begun.url.path
    assert talk.startswith("/chat/")
    again = marc.post(circle.chat, data={"person": str(circle.people["gp"])})
    assert again.url.path == talk
    circle.say("gp", talk, "Entre nous")
    circle.say("gp", talk, "Et encore")
    assert [weight for _, weight, *_ in told()] == ["notice"]  # once until he has read on
    assert "Entre nous" in circle.reads("marc", talk)
    for who in ("nadia", "patient", "stranger"):
        assert circle.reads(who, talk) == "404"
        for act in ("", "/search", "/mute", "/withdraw", "/people", "/leave"):
            assert circle.pages[who].post(talk + act, data={"text": "x"}).status_code == 404
        assert talk not in circle.pages[who].get("/chat").text
    assert (
        gp.post(circle.chat, data={"person": str(circle.people["stranger"])}).url.path
        == circle.chat
    )
    group = gp.post(circle.chat, data={
        "person": [str(circle.people["marc"])], "grouped": "yes", "title": "Pansements",
    }).url.path  # fmt: skip
    circle.say("gp", group, "Avant Nadia")
    assert marc.post(f"{group}/people", data={"person": str(circle.people["nadia"])}).is_success
    circle.say("gp", group, "Avec Nadia")
    nadia = circle.reads("nadia", group)
    assert ("Avant Nadia" in nadia, "Avec Nadia" in nadia) == (False, True)
    assert circle.pages["nadia"].post(f"{group}/leave").is_success
    assert circle.reads("nadia", group) == "404"
    # Out of the circle, out of what is said about the patient.
    as_owner.run("update access.membership set ends_at = now() where party = %s",
                 circle.people["marc"])  # fmt: skip
    assert circle.reads("marc", talk) == "404"
    assert {state for who, _, state, _ in told() if who == "marc@example.org"} == {"cancelled"}
