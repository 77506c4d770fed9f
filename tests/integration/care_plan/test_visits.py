"""Visits through the pages: planned by who writes the plan, said by who comes, taken back."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

from starlette.testclient import TestClient

from coordination.inclusion import notice_service
from core import clock
from identity import service as identity
from messages import service as messages
from tests.as_owner import rows, run
from tests.days import day_in_france
from tests.integration.care_plan.conftest import Circle

HOSTILE = "<img src=x onerror=alert(1)>' or 1=1 --"
EVERY_DAY = [str(day) for day in range(1, 8)]


def plan(circle: Circle, party: UUID, what: str) -> UUID:
    form = {"party": str(party), "what": what, "weekday": EVERY_DAY, "at_time": "09:00"}
    assert circle.gp.post(f"{circle.record}/visits", data=form).status_code == 200
    ((line,),) = rows("select id from coordination.visit_line where what = %s", what)
    assert isinstance(line, UUID)
    return line


def say(circle: Circle, who: TestClient, line: UUID, outcome: str, **more: str) -> int:
    form = {"outcome": outcome, "day": str(day_in_france()), **more}
    return who.post(f"{circle.record}/visits/{line}", data=form).status_code


def test_whoever_comes_says_what_came_of_it_and_a_problem_proposes_an_action(
    circle: Circle,
) -> None:
    messages.register_contact(circle.care.gp.person, "email", "gp@cabinet.example")
    line = plan(circle, circle.lea_id, f"Toilette {HOSTILE}")
    other = plan(circle, circle.marc_id, "Pansement")
    today = circle.lea.get("/visits").text
    assert ("Toilette &lt;img" in today, "<img" in today, "Pansement" in today) == (
        True, False, False,
    )  # fmt: skip
    # The week is for the circle, the patient and who close to him may read it.
    for who in (circle.lea, circle.patient, circle.luc, circle.marc):
        assert "Pansement" in circle.words(who, f"{circle.record}/visits")
    assert say(circle, circle.lea, other, "done") == 404
    assert say(circle, circle.lea, uuid4(), "done") == 404
    assert say(circle, circle.luc, line, "done") == 403
    assert say(circle, circle.lea, line, "done", back="today") == 200
    assert "Léa Petit" in circle.words(circle.lea, "/visits")
    assert say(circle, circle.lea, line, "not_done") == 422
    assert say(circle, circle.marc, line, "undone") == 200
    assert say(circle, circle.lea, line, "problem") == 422
    assert say(circle, circle.lea, line, "problem", words=f"Porte close {HOSTILE}") == 200
    notice_service.tell(clock.now())
    assert rows("select address, params from messages.outbox") == [
        ("gp@cabinet.example", {"path": f"{circle.record}/visits"})
    ]
    page = circle.gp.get(f"{circle.record}/visits").text
    (report,) = re.findall(r"actions\?visit=([^\"]+)", page)
    proposed = circle.gp.get(f"{circle.record}/actions?visit={report}").text
    assert 'value="Porte close &lt;img' in proposed
    assert "actions?visit" not in circle.lea.get(f"{circle.record}/visits").text
    # An id of another record proposes nothing.
    assert "Porte" not in circle.gp.get(f"{circle.record}/actions?visit={uuid4()}").text
    assert say(circle, circle.lea, line, "undone", back="today") == 200
    too_old = str(day_in_france() - timedelta(days=9))
    assert say(circle, circle.lea, line, "done", day=too_old) == 422
    # Stopped, it is not today's any more; and what is planned for somebody outside is refused.
    assert circle.lea.post(f"{circle.record}/visits/{line}/end").status_code == 403
    assert circle.gp.post(f"{circle.record}/visits/{line}/end").status_code == 200
    assert "Aucun passage" in circle.words(circle.lea, "/visits")
    stranger = identity.register_person("Anne Inconnue")
    form = {"party": str(stranger), "what": "Ménage", "weekday": ["1"]}
    answer = circle.gp.post(f"{circle.record}/visits", data=form)
    assert (answer.status_code, 'value="Ménage"' in answer.text) == (422, True)


def told(subject_of: UUID) -> list[tuple[str, str]]:
    """Who was mailed of the latest problem at a visit, and how the mail stands."""
    notice_service.tell(clock.now())
    return rows(
        "select address, state from messages.outbox where key like 'notice:' || (select n.id"
        " from coordination.notice n join coordination.visit_report r on r.id = n.subject"
        " where r.line_id = %s order by r.at desc limit 1) || ':%%' order by address",
        subject_of,
    )


def test_a_problem_reaches_somebody_when_whoever_planned_the_visit_cannot_be_told(
    circle: Circle,
) -> None:
    gp, marc = "gp@cabinet.example", "marc@soins.example"
    messages.register_contact(circle.care.gp.person, "email", gp)
    messages.register_contact(circle.marc_id, "email", marc)
    line = plan(circle, circle.lea_id, "Toilette")
    # Whoever planned it says it himself: all others who plan are told, and no longer once he has
    # taken it back.
    assert say(circle, circle.gp, line, "problem", words="Porte close") == 200
    assert told(line) == [(marc, "waiting")]
    assert say(circle, circle.gp, line, "undone") == 200
    assert told(line) == [(marc, "cancelled")]
    asleep = "update identity.account set disabled_at = {} where person = %s"
    run(asleep.format("now()"), circle.care.gp.person)
    assert say(circle, circle.lea, line, "problem", words="Porte close") == 200
    assert told(line) == [(marc, "waiting")]
    assert say(circle, circle.lea, line, "undone") == 200
    run(asleep.format("null"), circle.care.gp.person)
    run("update access.membership set ends_at = now() where party = %s", circle.care.gp.person)
    assert say(circle, circle.lea, line, "problem", words="Porte close") == 200
    assert told(line) == [(marc, "waiting")]


def test_whoever_leaves_or_whose_patient_is_in_hospital_sees_it_today(circle: Circle) -> None:
    plan(circle, circle.lea_id, "Repas")
    assert circle.gp.post(f"{circle.record}/stays", data={"act": "admitted"}).status_code == 200
    today = circle.words(circle.lea, "/visits")
    assert ("Repas" in today, "Noté comme hospitalisé" in today) == (True, True)
    # Whom nobody asks anything is not said to be asked again once he is home.
    ((stay, version),) = rows("select id, version from coordination.stay")
    form = {"act": "discharged", "version": str(version)}
    answer = circle.gp.post(f"{circle.record}/stays/{stay}", data=form)
    assert "Plus aucun questionnaire" in answer.text
    run("update access.membership set ends_at = now() where party = %s", circle.lea_id)
    assert "Repas" not in circle.words(circle.lea, "/visits")
    assert circle.lea.get(f"{circle.record}/visits").status_code == 404
