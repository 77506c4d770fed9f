"""The console to whoever may not: nothing answers, and what is open closes."""

import re
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from core import clock
from core.doors import Service, before_sign_in, serving
from identity import service as identity
from identity.edge.http import SESSION_COOKIE
from identity.session_service import only_post, open_session, sign_out
from identity.store import load_account
from tests.browser.console.centre import PASSWORD, Centre
from tests.browser.console.conftest import SCREENS, ConsoleProcess, SignIn


def cookie_of(login: str) -> tuple[str, str]:
    with before_sign_in() as conn:
        account = load_account(conn, login)
    assert account is not None
    token = open_session(account.person, aal="two", post=only_post(account.person))
    return token, f"{SESSION_COOKIE}={token}"


def close_code(console: ConsoleProcess, cookie: str, meanwhile: Callable[[], None]) -> int | None:
    """Open the socket of Dash, let something happen, and return how it closes within 5 s."""
    address = f"{console.url.replace('http', 'ws')}/console/_dash-ws-callback"
    socket = connect(address, origin=console.url, additional_headers={"Cookie": cookie})
    with socket:
        meanwhile()
        try:
            socket.recv(timeout=5)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None
    return None


def status_of(url: str, cookie: str = "") -> tuple[int, str]:
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    request = urllib.request.Request(url, headers={"Cookie": cookie})
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=15) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers.get("Location", "")


@pytest.mark.promise("S9")
def test_nothing_answers_without_a_live_session_that_may(
    console: ConsoleProcess, centre: Centre, sign_in: SignIn
) -> None:
    queue, layout = f"{console.url}/console/", f"{console.url}/console/_dash-layout"
    assert status_of(queue) == (303, "/sign-in?next=/console/")
    assert status_of(layout) == (401, "")
    identity.open_account(centre.gp.person, "paul", PASSWORD)
    _, gp = cookie_of("paul")
    assert status_of(layout, gp)[0] == 401
    assert close_code(console, "", lambda: None) == 4401
    assert close_code(console, gp, lambda: None) == 4401

    token, cookie = cookie_of("ines")
    assert status_of(layout, cookie)[0] == 200
    assert close_code(console, cookie, lambda: sign_out(token)) == 4401
    assert status_of(layout, cookie)[0] == 401

    page = sign_in("karim")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("link", name="Queue")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    _, cookie = cookie_of("karim")

    def end_post() -> None:
        with serving(Service.ADMINISTRATION) as conn:
            conn.execute(
                "update access.post set ends_at = %s where id = %s",
                [clock.now(), centre.colleague.post],
            )

    assert close_code(console, cookie, end_post) == 4401
    # The open page shows nothing any more and asks to sign in.
    expect(page).to_have_url(re.compile("/sign-in"), timeout=20_000)


def leave(centre: Centre) -> None:
    now = clock.now()
    with serving(Service.ADMINISTRATION) as conn:
        conn.execute(
            "update access.membership set ends_at = %s where party = %s and patient_id = %s",
            [now, centre.organisation, centre.homes["Martin"].care.patient],
        )


@pytest.mark.promise("S9")
def test_a_record_that_is_open_closes_within_five_seconds_of_leaving(
    sign_in: SignIn, centre: Centre
) -> None:
    page = sign_in("ines")
    page.locator(".queue .entry", has_text="MARTIN").click()
    expect(page.locator("#patient-alerts")).to_contain_text("SpO₂", timeout=20_000)
    expect(page.locator("#patient-identity")).to_contain_text("MARTIN", timeout=20_000)
    leave(centre)
    expect(page.locator("#record-refusal")).to_have_text("Cette page n’existe pas.", timeout=5_000)
    for part in ("#patient-identity", "#patient-alerts", "#patient-latest", "#chart-words"):
        expect(page.locator(part)).to_be_hidden()
    page.screenshot(path=SCREENS / "console-left.png")
    page.locator("#nav-queue").click()
    expect(page.locator(".queue .entry").first).to_be_visible(timeout=20_000)
    expect(page.locator(".queue .entry", has_text="MARTIN")).to_have_count(0, timeout=20_000)
