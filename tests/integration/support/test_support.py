"""Requests for support through the pages: asked, answered, closed, told once when late."""

import html
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from coordination.inclusion import notice_service
from coordination.support import service
from core import clock
from identity import service as identity
from messages import service as messages
from tests.as_owner import mutate, rows, run
from tests.integration.care_plan.conftest import Circle, circle, new_client
from tests.integration.web.conftest import NewClient
from tests.integration.web.scene import open_account, sign_in

__all__ = ["circle", "new_client"]
HOSTILE = "<script>alert(1)</script>' or 1=1 -- {{7*7}}"


@dataclass(frozen=True)
class Asking:
    """A circle, a DAC that may be asked and is not in it, and another DAC."""

    circle: Circle
    dac: UUID
    ana: TestClient
    eve: TestClient

    @property
    def page(self) -> str:
        return f"{self.circle.record}/support"

    def ask(self, who: TestClient, **more: str) -> UUID:
        id = uuid4()
        form = {
            "request": str(id),
            "performer": str(self.dac),
            "code": "complex",
            "note": HOSTILE,
            "urgency": "7",
            "told": "no",
            "untold_reason": "Confus depuis hier",
        }
        answer = who.post(self.page, data={**form, **more})
        assert answer.status_code == 200, answer.text
        return id

    def act(self, who: TestClient, id: UUID, act: str, **more: str) -> str:
        """Return what is said of it: the code in the address, or the status of a refusal."""
        ((version,),) = rows("select version from coordination.support_request where id = %s", id)
        form = {"act": act, "version": str(version), **more}
        answer = who.post(f"/support/{id}", data=form)
        said = str(answer.url).partition("said=")[2]
        return said if answer.status_code == 200 else str(answer.status_code)


@pytest.fixture
def asking(circle: Circle, new_client: NewClient) -> Asking:
    people = []
    for login, name in (("ana", "DAC du Val"), ("eve", "DAC du Mont")):
        dac = identity.register_organisation(name)
        person = identity.register_person(login.title())
        identity.give_post(person, dac, "dac_coordinator")
        open_account(person, login)
        messages.register_contact(person, "email", f"{login}@dac.example")
        people.append((dac, sign_in(new_client(), login)))
    messages.register_contact(circle.care.gp.person, "email", "gp@cabinet.example")
    return Asking(circle=circle, dac=people[0][0], ana=people[0][1], eve=people[1][1])


def told() -> list[tuple[object, ...]]:
    """Return whom mails went to, and where they lead: there is nothing else in them."""
    notice_service.tell(clock.now())
    return rows("select address, params->>'path' from messages.outbox order by 1, 2")


def test_it_is_asked_received_answered_and_closed(asking: Asking) -> None:
    gp, page = asking.circle.gp, asking.page
    assert "Personne ne vous demande d’appui" in asking.circle.words(asking.ana, "/support")
    one = asking.ask(gp)
    assert told() == [("ana@dac.example", "/support")]
    # What is about a record is kept from whoever is not in its circle, and the DAC is not.
    assert rows("select about from messages.outbox") == [(None,)]
    shown = asking.ana.get("/support").text
    assert html.escape(HOSTILE, quote=False).replace("'", "&#39;") in shown
    assert "<script>alert" not in shown
    assert "MARTIN Jeanne" in shown
    # Of the record the DAC reads nothing else; another DAC reads nothing at all.
    assert asking.ana.get(page).status_code == 404
    assert asking.ana.get(f"{asking.circle.record}/circle").status_code == 404
    assert "MARTIN" not in asking.eve.get("/support").text
    assert asking.act(asking.eve, one, "receive") == "gone"
    assert gp.get("/support").status_code == 403
    # Nobody reads it whom the circle does not give that right.
    assert asking.circle.patient.get(page).status_code in (403, 404)
    assert asking.circle.lea.get(page).status_code == 403
    assert "Situation complexe" in asking.circle.words(asking.circle.marc, page)
    assert asking.act(asking.ana, one, "answer", answer="Oui") == "422"
    assert asking.act(asking.ana, one, "receive") == "receive"
    assert asking.act(asking.ana, one, "close") == "422"
    assert asking.act(asking.ana, one, "answer", answer=HOSTILE) == "answer"
    assert asking.act(asking.ana, one, "close", outcome="oriented") == "close"
    words = asking.circle.words(gp, page)
    assert "Demande clôturée" in words
    assert "Orientée vers un service" in words
    assert "Pas encore : Confus depuis hier" in words
    assert asking.act(asking.ana, one, "reopen") == "reopen"
    stale = asking.ana.post(f"/support/{one}", data={"act": "close", "version": "1"})
    assert stale.status_code == 422
    assert told() == [("ana@dac.example", "/support"), *[("gp@cabinet.example", page)] * 4]
    ((traced,),) = rows(
        "select count(*) from audit.event where permission = 'support:answer' and action = 'U'"
        " and patient_id = %s",
        asking.circle.care.patient,
    )
    assert traced == 7


def test_what_does_not_fit_is_said_and_what_was_typed_kept(asking: Asking) -> None:
    gp, page = asking.circle.gp, asking.page
    form = {"request": str(uuid4()), "performer": str(asking.dac), "code": "complex"}
    answer = gp.post(page, data={**form, "note": "Seule", "urgency": "7", "told": "no"})
    assert (answer.status_code, "Seule</textarea>" in answer.text) == (422, True)
    gone = {**form, "performer": str(asking.circle.care.centre), "note": "Seule", "urgency": "7"}
    assert gp.post(page, data={**gone, "told": "yes"}).status_code == 422
    one = asking.ask(gp)
    again = {**form, "request": str(one), "note": "Encore", "urgency": "7", "told": "yes"}
    assert gp.post(page, data=again).status_code == 422
    assert rows("select count(*) from coordination.support_request") == [(1,)]
    assert asking.circle.lea.post(page, data=again).status_code == 403
    assert asking.eve.post(page, data=again).status_code == 404


def test_who_asked_alone_takes_it_back_and_the_dac_reads_it_no_more(asking: Asking) -> None:
    one = asking.ask(asking.circle.gp)
    back = f"{asking.page}/{one}/withdraw"
    assert "said=gone" in str(asking.circle.marc.post(back, data={"version": "1"}).url)
    assert "said=changed" in str(asking.circle.gp.post(back, data={"version": "7"}).url)
    assert "said=withdraw" in str(asking.circle.gp.post(back, data={"version": "1"}).url)
    assert "MARTIN" not in asking.ana.get("/support").text
    assert asking.act(asking.ana, one, "receive") == "gone"
    assert told() == [("ana@dac.example", "/support")] * 2


def late(asking: Asking) -> list[tuple[object, ...]]:
    """Return who was told of one that nobody received in time, after many passes."""
    one = asking.ask(asking.circle.gp)
    before = len(told())
    assert service.tell_late() == 0
    run(
        "update coordination.support_request set authored_on = authored_on - interval '3 days',"
        " receive_by = now() where id = %s",
        one,
    )
    assert service.tell_late() == 1
    service.tell_late()
    assert before == 1
    return told()


def test_what_nobody_receives_in_time_is_told_again_once_and_to_who_asked(asking: Asking) -> None:
    expected = [*[("ana@dac.example", "/support")] * 2, ("gp@cabinet.example", asking.page)]
    assert late(asking) == expected
    assert "signalée de nouveau" in asking.circle.words(asking.circle.gp, asking.page)


def test_one_that_is_told_again_and_again_is_found(asking: Asking) -> None:
    """The deliberate fault: what was told is not noted as told."""
    mutate("coordination.tell_late_support", "r.told_late_at is null", "true")
    assert len(late(asking)) > 3


def test_an_archived_record_takes_no_request_and_no_answer(asking: Asking) -> None:
    one = asking.ask(asking.circle.gp)
    run(
        "insert into access.record (patient_id, changed_at, archived_at) values (%s, now(), now())"
        " on conflict (patient_id) do update set archived_at = now()",
        asking.circle.care.patient,
    )
    assert "Situation complexe" in asking.circle.words(asking.circle.gp, asking.page)
    assert asking.circle.gp.post(asking.page, data={"request": str(uuid4())}).status_code == 403
    back = asking.circle.gp.post(f"{asking.page}/{one}/withdraw", data={"version": "1"})
    assert back.status_code == 403
    assert asking.act(asking.ana, one, "receive") == "422"
    run("update coordination.support_request set receive_by = authored_on + interval '1 us'")
    assert service.tell_late() == 0
