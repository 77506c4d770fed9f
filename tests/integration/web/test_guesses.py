"""What slows guesses down, and whom it spares."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from identity.factor_service import make_recovery_codes
from tests.as_owner import run
from tests.codes import code_of
from tests.integration.web.proving import TRY, second
from tests.integration.web.scene import (
    NewClient,
    Scene,
    give_code,
    give_password,
    sign_in_by_page,
)


def guesses(client: TestClient, times: int) -> list[int]:
    form = {"login": "gp", "password": "not the one"}
    return [client.post("/sign-in", data=form).status_code for _ in range(times)]


def owner_gets_in(scene: Scene, new_client: NewClient) -> bool:
    """Say whether the owner signs in by page in the browser he knows, while somebody guesses."""
    known = new_client()
    known.get("/sign-in")
    sign_in_by_page(known, "gp")
    known.post("/sign-out")
    stranger = new_client()
    stranger.get("/sign-in")
    told = guesses(stranger, 12)
    assert told == [401] * 10 + [429] * 2
    run("update identity.totp set last_step = 0")
    return give_password(known, "gp").status_code == 303 and give_code(known, "gp").is_redirect


@pytest.mark.promise("S13")
def test_guessing_next_to_the_owner_does_not_shut_him_out(
    scene: Scene, new_client: NewClient
) -> None:
    """Same address, same name: only the browser tells the owner from whoever guesses."""
    assert owner_gets_in(scene, new_client)


@pytest.mark.promise("S13")
def test_a_lock_out_is_noticed(scene: Scene, new_client: NewClient) -> None:
    """Counting by name alone is the weapon: anybody shuts anybody out."""
    run("alter function identity.gate_try rename to gate_try_by_place")
    run(
        "create function identity.gate_try(p_kind text, p_subject text, p_address text, "
        "p_browser bytea, p_known boolean) returns table "
        "(attempt bigint, here bigint, anywhere bigint, known boolean) language sql "
        "security definer begin atomic "
        "select attempt, here, anywhere, known from identity.gate_try_by_place("
        "p_kind, p_subject, 'everywhere', null, false); end"
    )
    run(f"grant execute on function {TRY} to chevet_gate")
    assert not owner_gets_in(scene, new_client)


@pytest.mark.promise("S13")
def test_a_slow_down_passes_by_itself(
    scene: Scene, new_client: NewClient, clock_file: Path
) -> None:
    client = new_client()
    assert guesses(client, 11) == [401] * 10 + [429]
    assert give_password(client, "gp").status_code == 429
    clock_file.write_text(str(timedelta(minutes=15, seconds=1).total_seconds()))
    assert give_password(client, "gp").status_code == 303


@pytest.mark.promise("S13")
def test_a_slow_down_that_is_not_counted_is_noticed(scene: Scene, new_client: NewClient) -> None:
    run(
        "create function public.lost() returns trigger language plpgsql as "
        "$$ begin delete from identity.sign_in_failure where id < new.id; return null; end $$"
    )
    run(
        "create trigger lost after insert on identity.sign_in_failure "
        "for each row execute function public.lost()"
    )
    assert guesses(new_client(), 12) == [401] * 12


@pytest.mark.promise("S13")
def test_guesses_made_at_once_are_all_counted(scene: Scene, new_client: NewClient) -> None:
    clients = [new_client() for _ in range(16)]
    with ThreadPoolExecutor(8) as pool:
        told = [one for many in pool.map(lambda c: guesses(c, 1), clients) for one in many]
    assert told.count(401) == 10
    assert told.count(429) == 6


@pytest.mark.promise("S13")
def test_codes_are_slowed_down_as_passwords_are(scene: Scene, half: TestClient) -> None:
    told = [second(half, f"{number:06}") for number in range(11)]
    assert told == [401] * 10 + [429]
    assert second(half, code_of("gp")) == 429
    (code, *_) = make_recovery_codes(scene.home.care.gp.person)
    assert second(half, code) == 303, "paper opens all the same"


@pytest.mark.promise("S13")
def test_a_name_that_does_not_exist_is_slowed_down_alike(
    scene: Scene, new_client: NewClient
) -> None:
    client = new_client()
    form = {"login": "nobody", "password": "not the one"}
    told = [client.post("/sign-in", data=form).status_code for _ in range(11)]
    assert told == [401] * 10 + [429]
