"""What a phone sends: taken once, timed by the server, refused in words a phone can act on."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from core import clock
from identity.phone_owner import owner_of
from questionnaires import library_service
from tests.conftest import Database
from tests.integration.web.scene import ORIGIN, NewClient, Scene, sign_in

LATER = timedelta(minutes=10)
CALM = {"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}


def sent(scene: Scene, **more: Any) -> dict[str, Any]:
    """Return what a phone sends of the patient's answers, given this very moment."""
    return {
        "key": "a-key-of-this-phone",
        "owner": owner_of(scene.home.care.patient),
        "edition": library_service.active_edition("home-daily").digest,
        "answers": CALM,
        "times": {
            "wall_ms": 0,
            "monotonic_ms": 0,
            "drift_then_ms": 0,
            "sent_wall_ms": round(clock.now().timestamp() * 1000),
        },
        **more,
    }


def stored(database: Database) -> list[tuple[Any, ...]]:
    with psycopg.connect(database.dsn("OWNER")) as owner:
        return owner.execute(
            "select answers, answered_at, received_at, seconds, source, device, replaces"
            " from questionnaires.answer order by received_at"
        ).fetchall()


@pytest.fixture
def phone(scene: Scene, new_client: NewClient) -> TestClient:
    return sign_in(new_client(), "patient")


def test_it_is_taken_once_for_its_key(scene: Scene, phone: TestClient, database: Database) -> None:
    first, second = (phone.post("/p/api/answers", json=sent(scene, seconds=40)) for _ in range(2))
    assert first.json() == {"key": "a-key-of-this-phone", "again": False, "urgency": None}
    assert second.json()["again"] is True
    ((answers, answered, received, seconds, source, device, _),) = stored(database)
    assert answers == CALM
    assert received - answered < timedelta(seconds=5)
    assert (seconds, source, device) == (40, "patient", "phone")


def test_what_is_wrong_is_said_with_what_to_do(
    scene: Scene, phone: TestClient, new_client: NewClient, database: Database
) -> None:
    wrong = phone.post("/p/api/answers", json=sent(scene, answers={"dyspnoea": "very"}))
    assert wrong.status_code == 422
    said = wrong.json()
    assert (said["error"], said["do"]) == ("rejected", "correct")
    kinds = {one["link_id"]: one["kind"] for one in said["problems"]}
    assert kinds["dyspnoea"] == "unknown_choice"
    assert kinds["cannot_eat_or_drink"] == "missing"
    other = phone.post("/p/api/answers", json=sent(scene, owner="somebody-else"))
    assert (other.status_code, other.json()["do"]) == (409, "keep")
    unknown = phone.post("/p/api/answers", json=sent(scene, edition="0" * 64))
    assert (unknown.status_code, unknown.json()["do"]) == (422, "open_again")
    nobody = new_client().post("/p/api/answers", json=sent(scene))
    assert (nobody.status_code, nobody.json()) == (401, {"error": "sign_in_needed"})
    garbled = phone.post("/p/api/answers", json={"key": "x"})
    assert (garbled.status_code, garbled.json()["error"]) == (400, "bad_request")
    forged = phone.post(
        "/p/api/answers", json=sent(scene), headers={"sec-fetch-site": "cross-site"}
    )
    assert forged.status_code == 403
    assert stored(database) == []


def test_a_professional_sends_nothing_as_the_patient(scene: Scene, new_client: NewClient) -> None:
    assert sign_in(new_client(), "gp").post("/p/api/answers", json=sent(scene)).status_code == 404


def test_a_task_that_is_gone_holds_no_answer_back(
    scene: Scene, phone: TestClient, database: Database
) -> None:
    gone = sent(scene, task="0191d9a4-0000-7000-8000-000000000000")
    assert phone.post("/p/api/answers", json=gone).status_code == 200
    assert len(stored(database)) == 1


def test_a_late_answer_has_the_time_at_which_it_was_given(
    scene: Scene, phone: TestClient, database: Database, clock_file: Path
) -> None:
    body = sent(scene)
    clock_file.write_text(str(LATER.total_seconds()))
    later = round(LATER.total_seconds() * 1000)
    times = {**body["times"], "wall_ms": later, "monotonic_ms": None}
    times["sent_wall_ms"] += later
    assert phone.post("/p/api/answers", json={**body, "times": times}).status_code == 200
    ((_, answered, received, *_),) = stored(database)
    assert abs(received - answered - LATER) < timedelta(seconds=5)


def test_a_grave_answer_goes_ahead_and_the_rest_completes_it(
    scene: Scene, phone: TestClient, database: Database
) -> None:
    grave = {"dyspnoea": "rest"}
    ahead = phone.post("/p/api/answers", json=sent(scene, answers=grave, partial=True))
    assert ahead.json()["urgency"] == "call_15"
    whole = sent(scene, answers={**CALM, **grave}, called=True)
    assert phone.post("/p/api/answers", json=whole).json()["again"] is False
    late = phone.post("/p/api/answers", json=sent(scene, answers=grave, partial=True))
    assert late.json()["again"] is True
    first, second = stored(database)
    assert (first[0], second[0]) == (grave, {**CALM, **grave})
    assert second[-1] is not None
    with psycopg.connect(database.dsn("OWNER")) as owner:
        said = owner.execute("select called from questionnaires.called").fetchall()
    assert said == [(True,)]


def test_the_blank_form_holds_nothing_of_anybody(scene: Scene, phone: TestClient) -> None:
    phone.post("/p/questions", data={**CALM, "temperature": "39,7"})
    blank, own = phone.get("/p/questions?blank=1").text, phone.get("/p/questions").text
    assert "Jeanne" in own
    for secret in ("Jeanne", "Martin", "39,7", str(scene.home.care.patient)):
        assert secret not in blank
    assert phone.get("/p/offline").text.count("Jeanne") == 0


def test_today_names_the_pages_a_phone_may_keep(scene: Scene, phone: TestClient) -> None:
    assert phone.get("/p/api/today").json() == {"pages": ["/p/questions"]}


def test_signing_out_clears_what_the_browser_keeps(scene: Scene, new_client: NewClient) -> None:
    patient, gp = sign_in(new_client(), "patient"), sign_in(new_client(), "gp")
    for client, expected in ((patient, '"storage"'), (gp, None)):
        answer = client.post("/sign-out", headers={"origin": ORIGIN}, follow_redirects=False)
        assert answer.headers.get("clear-site-data") == expected


def test_the_worker_names_the_version_of_its_modules(phone: TestClient) -> None:
    worker = phone.get("/p/sw.js")
    assert worker.headers["service-worker-allowed"] == "/p"
    page = phone.get("/p").text
    address = page.split('type="module" src="')[1].split('"')[0]
    assert address in worker.text
    assert phone.get(address).headers["content-type"].startswith("text/javascript")
    assert phone.get(address.replace("start.js", "vault.py")).status_code == 404
    manifest = phone.get("/p/manifest.webmanifest").json()
    assert (manifest["lang"], manifest["start_url"]) == ("fr", "/p")
