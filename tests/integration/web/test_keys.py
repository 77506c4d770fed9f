"""Keys of other systems: made once, kept as a digest, ended at once; a session is never one."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app as command_line
from core import clock
from identity import key_service, service
from identity.administration.refused import Refused
from identity.key_service import Made, make_key, who_calls
from identity.keys import LONGEST, MARK
from tests.as_owner import rows, run
from tests.conftest import Database
from tests.integration.web.scene import NewClient, Scene, sign_in

ROUTE = "/api/v1/scoring/mmrc"
ASK = {"grade": 2}


def chevet(*words: object) -> Result:
    return CliRunner().invoke(command_line, ["key", *(str(word) for word in words)])


@pytest.fixture
def centre(database: Database) -> str:
    return str(service.register_organisation("Centre de Brie"))


def made(centre: str, **more: object) -> Made:
    key = make_key(centre, "DPI du centre", ["scoring"], **more)  # type: ignore[arg-type]
    assert isinstance(key, Made)
    return key


def status(new_client: NewClient, token: str, scheme: str = "Bearer") -> int:
    headers = {b"authorization": f"{scheme} {token}".encode("latin-1")}
    return new_client().post(ROUTE, json=ASK, headers=headers).status_code


def test_a_key_is_made_listed_and_ended_by_command(centre: str, new_client: NewClient) -> None:
    done = chevet("make", centre, "--name", "DPI", "--scope", "scoring")
    assert done.exit_code == 0, done.output
    token = done.stdout.strip()
    assert token.startswith(MARK)
    assert "\n" not in token, "it alone is on stdout, for a pipe"
    assert status(new_client, token) == 200
    key = chevet("list", centre).stdout.split()
    assert key[1] == "live"
    assert key[3:] == ["scoring", "DPI"]
    assert token not in chevet("list", centre).output
    assert chevet("end", key[0]).stdout == "Ended.\n"
    assert status(new_client, token) == 401
    assert chevet("list", centre).stdout.split()[1] == "ended"
    assert chevet("end", key[0]).exit_code == 1
    acts = rows("select purpose from audit.event where service = 'administration' order by id")
    assert [act for (act,) in acts][-2:] == ["key_made", "key_ended"]


def test_the_key_itself_is_kept_nowhere(
    centre: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        key = made(centre)
        assert who_calls(key.token) is not None
    secret = key.token.removeprefix(MARK)
    for table in ("identity.api_key", "audit.event", "messages.outbox"):
        assert secret not in str(rows(f"select t::text from {table} t")), table
    assert secret not in caplog.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"which": "nobody"}, "No such organisation."),
        ({"name": " "}, "Name the system"),
        ({"name": "x" * 101}, "Name the system"),
        ({"scopes": ["scoring", "everything"]}, "A key is for one or more of: scoring."),
        ({"scopes": []}, "A key is for one or more of: scoring."),
    ],
)
def test_what_makes_no_key_is_said(centre: str, words: dict[str, object], said: str) -> None:
    asked = {"which": centre, "name": "DPI", "scopes": ["scoring"], **words}
    refused = make_key(**asked)  # type: ignore[arg-type]
    assert isinstance(refused, Refused)
    assert refused.reason.startswith(said)
    assert rows("select count(*) from identity.api_key") == [(0,)]


def test_a_key_has_an_end(centre: str, new_client: NewClient, clock_file: Path) -> None:
    now = clock.now()
    for until in (now, now + LONGEST + timedelta(days=1)):
        assert isinstance(make_key(centre, "DPI", ["scoring"], until), Refused)
    key = made(centre, until=now + timedelta(days=30))
    assert status(new_client, key.token) == 200
    clock_file.write_text(str(30 * 86_400 + 60))
    assert status(new_client, key.token) == 401
    assert chevet("list", centre).stdout.split()[1] == "expired"


def test_only_a_live_key_made_for_it_lets_in(centre: str, new_client: NewClient) -> None:
    key = made(centre)
    assert status(new_client, key.token) == 200
    assert status(new_client, key.token, "bearer") == 200
    for token in ("", "x", MARK, key.token[:-1], key.token + "x", key.token.upper(), MARK + "é"):
        assert status(new_client, token) == 401, token
    assert status(new_client, key.token, "Basic") == 401
    answer = new_client().post(ROUTE, json=ASK)
    assert answer.status_code == 401
    assert answer.json() == {"error": "key_needed", "reason": "no live key was given"}
    assert answer.headers["www-authenticate"] == 'Bearer realm="chevet"'


def test_a_key_for_something_else_is_told_so(centre: str, new_client: NewClient) -> None:
    key = made(centre)
    run("update identity.api_key set scopes = '{other}'")
    client = new_client()
    answer = client.post(ROUTE, json=ASK, headers={"authorization": f"Bearer {key.token}"})
    assert answer.status_code == 403
    assert answer.json() == {"error": "denied", "reason": "this key is not for: scoring"}
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


def test_no_session_is_a_key_and_no_key_a_session(scene: Scene, new_client: NewClient) -> None:
    client = sign_in(new_client(), "nurse")
    assert client.post(ROUTE, json=ASK).status_code == 401
    key = made(str(scene.home.care.centre))
    stranger = new_client()
    stranger.headers["authorization"] = f"Bearer {key.token}"
    assert stranger.post(ROUTE, json=ASK).status_code == 200
    page = stranger.get(f"/patients/{scene.home.care.patient}", follow_redirects=False)
    assert page.status_code in (303, 404)
    assert stranger.get("/", follow_redirects=False).status_code == 303


def test_keys_of_one_house_are_its_own(centre: str) -> None:
    other = str(service.register_organisation("Autre maison"))
    made(centre)
    assert key_service.keys_of(other) == []
