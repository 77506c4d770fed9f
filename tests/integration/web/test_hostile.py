"""What a hostile visitor tries at the pages: names, bytes, bodies, and a post that has ended."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from identity import service as identity
from identity.slowdown import TOO_MANY_HERE
from tests.integration.alerts.home import rows
from tests.integration.web.scene import PASSWORD, NewClient, Scene, sign_in

FORM = {"content-type": "application/x-www-form-urlencoded"}


def test_a_name_that_is_slowed_down_does_not_tell_that_it_exists(
    scene: Scene, new_client: NewClient
) -> None:
    client = new_client()
    told = {
        name: [
            client.post("/sign-in", data={"login": name, "password": "wrong"}).status_code
            for _ in range(TOO_MANY_HERE + 1)
        ]
        for name in ("nurse", "nobody-here")
    }
    assert told["nurse"] == told["nobody-here"] == [401] * TOO_MANY_HERE + [429]


def test_a_byte_that_no_text_may_hold_is_a_bad_request(scene: Scene, new_client: NewClient) -> None:
    client = sign_in(new_client(), "gp")
    circle = f"/patients/{scene.home.care.patient}/circle"
    (shown,) = set(re.findall(r"Version (\d+) du cercle", client.get(circle).text))
    for path, form in (
        ("/sign-in", {"login": "a\0b", "password": "x"}),
        (circle, {"party": "a\0b", "role": "home_nurse"}),
        (circle, {"party": "stranger", "role": "home_nurse", "version": shown, "reason": "a\0b"}),
        (scene.page, {"act": "closed", "outcome": "advice_given", "note": "a\0b"}),
    ):
        assert client.post(path, data=form).status_code == 400, (path, form)
    assert rows("select state from alerts.alert") == [("raised",)]


def test_a_body_no_page_sends_is_refused_before_it_is_held(
    scene: Scene, new_client: NewClient
) -> None:
    client = new_client()

    def endless() -> Iterator[bytes]:
        for _ in range(200):
            yield b"login=" + b"x" * 100_000

    answer = client.post("/sign-in", content=endless(), headers=FORM)
    assert answer.status_code == 413
    patient = sign_in(new_client(), "patient")
    answers = patient.post("/p/questions", content=b"a=" + b"x" * 2_000_000, headers=FORM)
    assert answers.status_code == 413


def test_a_professional_without_a_post_has_no_session_of_thirty_days(
    scene: Scene, new_client: NewClient, clock_file: Path
) -> None:
    nobody = identity.register_person("Dr Anne Retraite")
    identity.open_account(nobody, "retired", PASSWORD)
    retired, patient = sign_in(new_client(), "retired"), sign_in(new_client(), "patient")
    clock_file.write_text(str(timedelta(minutes=16).total_seconds()))
    assert retired.get("/", follow_redirects=False).headers["location"].startswith("/sign-in")
    assert patient.get("/p", follow_redirects=False).status_code == 200
