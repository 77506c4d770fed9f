"""Actions through the pages: given, accepted or back, hidden with the note they came from."""

import html
import re
from datetime import timedelta
from uuid import UUID, uuid4

from starlette.testclient import TestClient

from coordination.actions import service
from coordination.inclusion import notice_service
from core import clock
from messages import service as messages
from tests.as_owner import rows, run
from tests.days import day_in_france
from tests.integration.care_plan.conftest import Circle

HOSTILE = "<script>alert(1)</script>' or 1=1 -- =cmd|'/c calc' {{7*7}}"
TODAY = str(day_in_france())
LATER = str(day_in_france() + timedelta(days=20))


def give(circle: Circle, who: TestClient, wording: str, whom: str, **more: str) -> UUID:
    item = uuid4()
    form = {"item_id": str(item), "wording": wording, "whom": whom, "due_on": TODAY, "within": "2"}
    answer = who.post(f"{circle.record}/actions", data={**form, **more})
    assert answer.status_code == 200, answer.text
    return item


def say(circle: Circle, who: TestClient, item: UUID, act: str, words: str = "") -> int:
    ((version,),) = rows("select version from coordination.action where item_id = %s", item)
    form = {"act": act, "words": words, "version": str(version)}
    return who.post(f"{circle.record}/actions/{item}", data=form).status_code


def test_an_action_is_given_accepted_done_and_comes_back_when_nobody_accepts(
    circle: Circle,
) -> None:
    messages.register_contact(circle.care.gp.person, "email", "gp@cabinet.example")
    lea = f"party:{circle.lea_id}"
    item = give(circle, circle.gp, HOSTILE, lea)
    other = give(circle, circle.gp, "Prévoir le kiné", f"party:{circle.marc_id}")
    # Shown as text, not as anything else, and to her only her own.
    page = circle.lea.get(f"{circle.record}/actions").text
    assert html.escape(HOSTILE, quote=False).replace("'", "&#39;") in page
    assert "<script>alert" not in page
    assert "Prévoir le kiné" not in page
    assert "Prévoir le kiné" in circle.words(circle.luc, f"{circle.record}/actions")
    assert "Prévoir le kiné" in circle.words(circle.marc, "/actions")
    assert "Rien ne vous attend" in circle.words(circle.gp, "/actions")
    assert say(circle, circle.lea, other, "accept") == 404
    assert say(circle, circle.luc, item, "accept") == 422
    assert say(circle, circle.lea, item, "abandon", "Non") == 422
    assert say(circle, circle.lea, item, "accept") == 200
    assert say(circle, circle.lea, item, "done", HOSTILE) == 200
    stale = {"act": "reopen", "version": "1"}
    assert circle.lea.post(f"{circle.record}/actions/{item}", data=stale).status_code == 422
    assert say(circle, circle.lea, item, "reopen") == 200
    # Nobody has accepted the other one: it is back, and its author is told once.
    assert service.return_actions() == 0
    run("update coordination.action set accept_by = now() where item_id = %s", other)
    # In an archived record nothing moves, not even by itself.
    run(
        "insert into access.record (patient_id, archived_at, changed_at) values (%s, now(), now())",
        circle.care.patient,
    )
    assert say(circle, circle.lea, item, "done", "Fait") == 404
    assert service.return_actions() == 0
    run("delete from access.record")
    assert (service.return_actions(), service.return_actions()) == (1, 0)
    notice_service.tell(clock.now())
    told = rows("select address, params from messages.outbox")
    assert told == [("gp@cabinet.example", {"path": f"{circle.record}/actions"})]
    assert "revenue à son auteur" in circle.words(circle.gp, "/actions")
    assert "Prévoir le kiné" not in circle.words(circle.marc, "/actions")
    assert say(circle, circle.gp, other, "take") == 200
    # The same form sent twice is one action; whom nobody knows is refused, and what was typed kept.
    form = {"item_id": str(item), "wording": "Encore", "whom": "me", "due_on": TODAY}
    assert circle.gp.post(f"{circle.record}/actions", data=form).status_code == 422
    wrong = {**form, "item_id": str(uuid4()), "whom": f"party:{uuid4()}", "due_on": LATER}
    answer = circle.gp.post(f"{circle.record}/actions", data=wrong)
    assert (answer.status_code, 'value="Encore"' in answer.text, LATER in answer.text) == (
        422, True, True,
    )  # fmt: skip
    assert circle.gp.post(
        f"{circle.record}/actions", data={**wrong, "whom": "me", "alert": str(uuid4())}
    ).status_code == 404  # fmt: skip


def test_an_action_is_with_somebody_whoever_leaves(circle: Circle) -> None:
    messages.register_contact(circle.care.gp.person, "email", "gp@cabinet.example")
    messages.register_contact(circle.marc_id, "email", "marc@soins.example")
    item = give(circle, circle.gp, "Porter les courses", f"party:{circle.lea_id}")
    kept = give(circle, circle.gp, "Peser le lundi", f"party:{circle.marc_id}")
    assert say(circle, circle.lea, item, "accept") == 200
    assert say(circle, circle.marc, kept, "accept") == 200
    notice_service.tell(clock.now())
    run("delete from messages.outbox")
    assert service.return_actions() == 0
    leave = "update access.membership set ends_at = now() where party = %s"
    run(leave, circle.lea_id)
    assert (service.return_actions(), service.return_actions()) == (1, 0)
    notice_service.tell(clock.now())
    assert rows("select address from messages.outbox") == [("gp@cabinet.example",)]
    assert "Porter les courses" not in circle.words(circle.marc, "/actions")
    # Its author leaves as well: it waits for whoever gives actions here, who is told of the next.
    late = give(circle, circle.gp, "Prévoir le kiné", f"party:{circle.care.patient}")
    run("update coordination.action set accept_by = now() where item_id = %s", late)
    run("delete from messages.outbox")
    run(leave, circle.care.gp.person)
    assert service.return_actions() == 1
    notice_service.tell(clock.now())
    assert ("marc@soins.example",) in rows("select address from messages.outbox")
    mine = circle.words(circle.marc, "/actions")
    assert ("Porter les courses" in mine, "Prévoir le kiné" in mine) == (True, True)
    assert "Porter les courses" not in circle.words(circle.luc, "/actions")
    assert say(circle, circle.marc, item, "take") == 200


def note(circle: Circle, **more: str) -> UUID:
    item = uuid4()
    form = {"item_id": str(item), "kind": "social", "text": "Le fils prend son argent", **more}
    assert circle.marc.post(f"{circle.record}/notes", data=form).status_code == 200
    return item


def test_an_action_of_a_withheld_note_is_nothing_to_whoever_may_not_read_it(
    circle: Circle,
) -> None:
    withheld = note(
        circle, withheld="yes", cause="abuse", reason="Dit par la voisine", review_on=LATER
    )
    journal = circle.words(circle.patient, "/p/journal")
    lines = {who: circle.words(who, f"{circle.record}/actions") for who in others(circle)}
    for whom in (f"party:{circle.lea_id}", f"party:{circle.care.patient}", "role:home_help"):
        form = {
            "item_id": str(uuid4()), "wording": "Parler au fils", "whom": whom, "due_on": TODAY,
            "within": "2", "note": str(withheld),
        }  # fmt: skip
        assert circle.marc.post(f"{circle.record}/actions", data=form).status_code == 422
    messages.register_contact(circle.care.gp.person, "email", "gp@cabinet.example")
    gp = f"party:{circle.care.gp.person}"
    item = give(circle, circle.marc, "Parler au fils", gp, note=str(withheld))
    assert "Parler au fils" in circle.words(circle.gp, f"{circle.record}/actions")
    assert "Parler au fils" in circle.words(circle.gp, "/actions")
    assert say(circle, circle.gp, item, "accept") == 200
    for who, before in lines.items():
        assert circle.words(who, f"{circle.record}/actions") == before
        answers = [
            who.post(f"{circle.record}/actions/{one}", data={"act": "accept", "version": "1"})
            for one in (item, uuid4())
        ]
        assert [one.status_code for one in answers] == [404, 404]
        assert answers[0].text.replace(str(item), "") == answers[1].text.replace(
            str(re.findall(r"actions/([^/?]+)$", str(answers[1].url))[0]), ""
        )
    # Nobody is written to about it, and the journal says who came, not what for.
    notice_service.tell(clock.now())
    assert rows("select count(*) from messages.outbox") == [(0,)]
    after = circle.words(circle.patient, "/p/journal")
    assert "confier une action" not in journal + after
    give(circle, circle.marc, "Refaire le pansement", "me")
    assert "confier une action" in circle.words(circle.patient, "/p/journal")


def others(circle: Circle) -> list[TestClient]:
    return [circle.patient, circle.luc, circle.lea]


def test_an_action_of_a_hidden_note_hides_with_it(circle: Circle) -> None:
    shown = note(circle)
    item = give(circle, circle.marc, "Revoir la plaie", "me", note=str(shown))
    assert "Revoir la plaie" in circle.words(circle.gp, f"{circle.record}/actions")
    # Whoever reads no notes sees nothing of it, though he reads the plan.
    assert "Revoir la plaie" not in circle.words(circle.luc, f"{circle.record}/actions")
    hide = {"audience": f"party:{circle.care.gp.person}"}
    assert circle.patient.post(f"/p/items/note/{shown}/hide", data=hide).status_code == 200
    assert "Revoir la plaie" not in circle.words(circle.gp, f"{circle.record}/actions")
    assert say(circle, circle.gp, item, "take") == 404
    form = {
        "item_id": str(uuid4()), "wording": "Autre", "whom": "me", "due_on": TODAY,
        "note": str(shown),
    }  # fmt: skip
    assert circle.gp.post(f"{circle.record}/actions", data=form).status_code == 404
    # An action of its own can be hidden too.
    own = give(circle, circle.marc, "Voir la famille", "me")
    circle.patient.post(f"/p/items/action/{own}/hide", data=hide)
    assert "Voir la famille" not in circle.words(circle.gp, f"{circle.record}/actions")
