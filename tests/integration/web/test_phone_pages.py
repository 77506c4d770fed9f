"""Every page of the phone, found by the list of routes: whom to call, and no score or colour."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from alerts import service as alerts
from core import clock
from tests.as_owner import rows, run
from tests.days import day_in_france
from tests.integration.web.papers import Papers, keep
from tests.integration.web.scene import NewClient, Scene, sign_in
from tests.integration.web.test_carer import READS, WRITES, asked_today, make_carer
from tests.never_continuous import promises_in
from tests.security.asking import IN_BRACES
from tests.security.verdicts import read_verdicts

CALM = {"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}
STANDARD = (
    "Ce service n'est pas un service d'urgence. Vos réponses sont lues de 8 h à 20 h, "
    "7 jours sur 7. En cas d'urgence, appelez le 15."
)
NEVER_SAID = ("NEWS2", "Rouge", "Orange", "qSOFA", "risque de dégradation")
NO_PAGE = {
    "GET /p/manifest.webmanifest", "GET /p/sw.js", "GET /p/app/{shell}/{script}",
    "GET /p/api/today", "GET /p/journal/file", "GET /p/for", "GET /p/documents/files/{file_id}",
}  # fmt: skip
"""Read by a browser, kept as a file, or leading to another page at once."""


def pages() -> list[str]:
    """Return the paths of all pages a patient or his carer opens on the phone."""
    keys = [verdict.key for verdict in read_verdicts("web")]
    found = [key for key in keys if key == "GET /p" or key.startswith("GET /p/")]
    assert set(found) >= NO_PAGE
    return [key.removeprefix("GET ") for key in found if key not in NO_PAGE]


def wrong_with(text: str) -> list[str]:
    """Return what a page lacks or says that it must not."""
    text = text.replace("&#39;", "'")
    wanted = (STANDARD, 'href="tel:15"', 'href="sms:114"')
    return [f"lacks {one}" for one in wanted if one not in text] + [
        f"says {word}" for word in (*promises_in(text), *filter(text.__contains__, NEVER_SAID))
    ]


def walk(scene: Scene, new_client: NewClient) -> dict[str, list[str]]:
    """Open every page of a patient in alarm, and of who answers for him; return what is wrong."""
    patient, nurse = sign_in(new_client(), "patient"), sign_in(new_client(), "nurse")
    record = f"/patients/{scene.home.care.patient}"
    item, task, repeat = uuid4(), asked_today(scene), asked_again(scene)
    nurse.post(f"{record}/notes", data={"item_id": str(item), "text": "Passe demain."})
    document = keep(Papers(scene.home.care, home_nurse=uuid4()), sign_in(new_client(), "gp"))
    patient.post("/p/questions", data={**CALM, "dyspnoea": "rest"})
    patient.post("/p/call-back", data={"client_key": uuid4().hex})
    patient.post("/p/pause", data={"reason": "holiday", "first": soon(3), "last": soon(4)})
    alerts.review(clock.now())
    make_carer(scene, [*READS, *WRITES])
    carer = sign_in(new_client(), "claire")
    names = {
        "task_id": task,
        "item_id": item,
        "document_id": document,
        "repeat_id": repeat,
        "patient_id": scene.home.care.patient,
    }
    wrong = {}
    for path in pages():
        client = carer if path.startswith("/p/for") else patient
        answer = client.get(IN_BRACES.sub(lambda name: str(names[name[1]]), path))
        assert answer.status_code == 200, path
        wrong[path] = wrong_with(answer.text)
    return wrong


def asked_again(scene: Scene) -> UUID:
    """Return a measure the patient is asked to take again."""
    repeat = uuid4()
    run(
        "insert into alerts.repeat (id, patient_id, patient_key, item, breaches, asked_at, due_at,"
        " state) select %s, id, key, 'pulse', '{}', now(), now() + interval '15 minutes', 'asked'"
        " from access.patient where id = %s",
        repeat,
        scene.home.care.patient,
    )
    return repeat


def soon(days: int) -> str:
    return str(day_in_france() + timedelta(days=days))


def test_every_page_says_whom_to_call_and_never_a_score_or_a_colour(
    scene: Scene, new_client: NewClient
) -> None:
    found = walk(scene, new_client)
    assert len(found) >= 19
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_a_word_that_was_planted_is_found(scene: Scene, new_client: NewClient) -> None:
    run(f"update access.party set name = 'NEWS2' where id = '{scene.home.care.patient}'")
    found = walk(scene, new_client)
    assert "says NEWS2" in found["/p"]


def test_a_pause_is_asked_for_and_what_is_wrong_is_said(
    scene: Scene, new_client: NewClient
) -> None:
    client = sign_in(new_client(), "patient")
    asked_today(scene)
    no_day = client.post(
        "/p/pause", data={"reason": "holiday", "first": "", "note": "Chez ma fille"}
    )
    assert (no_day.status_code, "premier et le dernier jour" in no_day.text) == (422, True)
    assert "Chez ma fille" in no_day.text
    backwards = client.post(
        "/p/pause", data={"reason": "holiday", "first": soon(5), "last": soon(3)}
    )
    assert (backwards.status_code, "dans l’ordre" in backwards.text) == (422, True)
    assert rows("select 1 from questionnaires.pause_request") == []
    asked = client.post("/p/pause", data={"reason": "holiday", "first": soon(3), "last": soon(5)})
    assert "Votre demande est chez l’équipe" in asked.text
    ((first, last),) = rows(
        "select from_day::text, until_day::text from questionnaires.pause_request"
    )
    assert (first, last) == (soon(3), soon(5))


@pytest.mark.parametrize(
    ("left", "said"),
    [("3 hours", "Un rappel vous sera envoyé"), ("1 hour", "Il est trop tard pour attendre")],
)
def test_a_reminder_is_put_off_while_there_is_time(
    scene: Scene, new_client: NewClient, left: str, said: str
) -> None:
    task = asked_today(scene)
    run(
        f"update questionnaires.task set due_at = now() + interval '{left}',"
        " alarm_at = now() + interval '5 hours'"
    )
    client = sign_in(new_client(), "patient")
    offered = f'action="/p/tasks/{task}/later"' in client.get("/p").text
    assert offered == said.startswith("Un rappel")
    assert said in client.post(f"/p/tasks/{task}/later").text
    planned = rows("select extract(epoch from next_at - now()) from questionnaires.reminder")
    assert [3500 < seconds <= 3600 for (seconds,) in planned] == ([True] if offered else [])
    assert client.post(f"/p/tasks/{uuid4()}/later").status_code == 404
