"""Two factors: what each proves, what serves once, and when a session ends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from core import clock
from identity.edge import flow
from identity.origin import Origin
from identity.people import SignedIn
from tests.as_owner import run
from tests.codes import code_of
from tests.integration.web.proving import opens, second, session
from tests.integration.web.scene import (
    NewClient,
    Scene,
    give_password,
    sign_in,
)


@pytest.mark.promise("S13")
def test_a_password_alone_opens_nothing_but_the_second_factor(
    scene: Scene, half: TestClient
) -> None:
    for path in (scene.page, "/", "/account/sign-in", "/account/sessions", "/account/password"):
        answer = half.get(path, follow_redirects=False)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in"), path
    assert second(half, "000000") == 401
    assert not opens(half, scene.page)
    assert second(half, code_of("gp")) == 303
    assert opens(half, scene.page)


@pytest.mark.promise("S13")
def test_one_factor_taken_for_two_is_noticed(scene: Scene, half: TestClient) -> None:
    """The check above sees a door that forgets the second factor: sessions all say « two »."""
    assert not opens(half, scene.page)
    run("update identity.session set aal = 'two'")
    assert opens(half, scene.page)


def code_is_reused(new_client: NewClient) -> bool:
    first, again = new_client(), new_client()
    for client in (first, again):
        give_password(client, "gp")
    code = code_of("gp")
    assert second(first, code) == 303
    return second(again, code) == 303


@pytest.mark.promise("S13")
def test_a_code_serves_once(scene: Scene, new_client: NewClient) -> None:
    assert not code_is_reused(new_client)


@pytest.mark.promise("S13")
def test_a_code_that_serves_twice_is_noticed(scene: Scene, new_client: NewClient) -> None:
    run(
        "create or replace function identity.gate_use_totp(p_id uuid, p_step bigint) "
        "returns boolean language sql security definer begin atomic select true; end"
    )
    assert code_is_reused(new_client)


@pytest.mark.promise("S13")
def test_a_code_tried_twice_at_once_serves_once(scene: Scene, new_client: NewClient) -> None:
    clients = [new_client() for _ in range(4)]
    for client in clients:
        give_password(client, "gp")
    code = code_of("gp")
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda client: second(client, code), clients))
    assert sorted(told) == [303, 401, 401, 401]


@pytest.mark.promise("S13")
@pytest.mark.parametrize(("steps", "right"), [(-2, 0), (-1, 1), (0, 1), (1, 1), (2, 0)])
def test_a_code_is_good_for_its_step_and_one_around(
    scene: Scene, new_client: NewClient, clock_file: Path, steps: int, right: int
) -> None:
    # In the middle of a step, so that none ends between the making of the code and its checking.
    clock_file.write_text(str((15 - clock.now().timestamp()) % 30))
    client = new_client()
    give_password(client, "gp")
    assert second(client, code_of("gp", steps=steps)) == (303 if right else 401)


def planted_session_opens(scene: Scene, new_client: NewClient) -> bool:
    """Plant a session in a victim's browser before she signs in; say whether it opens after."""
    planter, victim = new_client(), new_client()
    give_password(planter, "gp")
    planted = planter.cookies["chevet_session"]
    victim.cookies.set("chevet_session", planted, domain="testserver.local", path="/")
    assert second(victim, code_of("gp")) == 303
    planter.cookies.set("chevet_session", planted, domain="testserver.local", path="/")
    return opens(planter, scene.page)


@pytest.mark.promise("S13")
def test_a_session_planted_before_is_worth_nothing_after(
    scene: Scene, new_client: NewClient
) -> None:
    assert not planted_session_opens(scene, new_client)


@pytest.mark.promise("S13")
def test_a_session_that_keeps_its_token_is_noticed(
    scene: Scene, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep(who: SignedIn, token: str | None, origin: Origin) -> str:
        run("update identity.session set aal = 'two' where id = %s", who.session)
        return token or ""

    monkeypatch.setattr(flow, "step_up", keep)
    assert planted_session_opens(scene, new_client)


LIMITS = [
    ("gp", timedelta(minutes=14), timedelta(minutes=16)),
    ("patient", timedelta(minutes=29), timedelta(minutes=31)),
]


@pytest.mark.promise("S13")
@pytest.mark.parametrize(("login", "within", "beyond"), LIMITS)
def test_idleness_ends_a_session(
    scene: Scene, new_client: NewClient, clock_file: Path, login: str, within: timedelta,
    beyond: timedelta,
) -> None:  # fmt: skip
    client = sign_in(new_client(), login)
    clock_file.write_text(str(within.total_seconds()))
    assert session(client) is not None
    clock_file.write_text(str((within + beyond).total_seconds()))
    assert session(client) is None
    # Without the limits the same question finds the session alive.
    run("update identity.session set idle_seconds = 10000000, ends_at = ends_at + interval '9 d'")
    assert session(client) is not None


@pytest.mark.promise("S13")
@pytest.mark.parametrize("login", ["gp", "patient"])
def test_use_does_not_prolong_a_session_beyond_its_longest(
    scene: Scene, new_client: NewClient, clock_file: Path, login: str
) -> None:
    client = sign_in(new_client(), login)
    minutes = 0
    while minutes < 12 * 60 - 10:
        minutes += 10
        clock_file.write_text(str(minutes * 60))
        assert session(client) is not None, minutes
    clock_file.write_text(str(12 * 3600 + 1))
    assert session(client) is None


@pytest.mark.promise("S13")
def test_half_way_lasts_ten_minutes(scene: Scene, half: TestClient, clock_file: Path) -> None:
    clock_file.write_text("601")
    answer = half.post("/sign-in/second", data={"code": code_of("gp")}, follow_redirects=False)
    assert answer.headers["location"].startswith("/sign-in")
    assert not opens(half, "/")
