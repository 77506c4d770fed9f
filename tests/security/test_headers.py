"""Every answer says what a browser may do with it: each route, and what is refused before any."""

from collections.abc import Mapping

import pytest
from starlette.testclient import TestClient

import app.shield
from core.settings import settings
from tests.integration.web.scene import ORIGIN
from tests.security.asking import fill
from tests.security.cast import Cast, Someone
from tests.security.routes import WebRoute, dash_routes, web_routes

SAID: Mapping[str, tuple[str, ...]] = {
    "x-content-type-options": ("nosniff",),
    "x-frame-options": ("DENY",),
    "cross-origin-opener-policy": ("same-origin",),
    "cross-origin-resource-policy": ("same-origin",),
    "permissions-policy": ("camera=()", "microphone=()", "geolocation=()", "bluetooth=()"),
    "content-security-policy": ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"),
}
KEPT = ("/static", "/console/assets", "/console/_dash-component-suites")
INLINE_STYLE_OF_DASH = "/console"
"""Components of Dash set styles inline; its scripts are allowed by hash, never inline at large."""


def complaints(headers: Mapping[str, str], path: str, status: int) -> list[str]:
    """Return what an answer fails to say, or says too much."""
    wrong = [
        f"{name} lacks {part}"
        for name, parts in SAID.items()
        for part in parts
        if part not in headers.get(name, "")
    ]
    policy = headers.get("content-security-policy", "")
    scripts = next((one for one in policy.split("; ") if one.startswith("script-src")), "")
    if headers.get("referrer-policy") != "same-origin":
        wrong.append("the address is told to others")
    if "unsafe" in scripts or "*" in scripts:
        wrong.append("scripts of anybody may run")
    if "unsafe-inline" in policy and not path.startswith(INLINE_STYLE_OF_DASH):
        wrong.append("styles may stand inline")
    if headers.get("cache-control") != "no-store" and (status >= 400 or not path.startswith(KEPT)):
        wrong.append("a browser may keep it")
    return wrong + [f"{name} is said" for name in ("server", "x-powered-by") if name in headers]


def real(route: WebRoute, cast: Cast) -> str:
    """Return an address that the route answers."""
    files = {
        "/static": "/static/chevet.css",
        "/console/assets": "/console/assets/console.js",
        "{path:path}": "/console/x",
    }
    return fill(files.get(route.path, route.path), cast)


def asked(cast: Cast, client: TestClient) -> tuple[list[str], int]:
    """Ask every route as nobody, as a nurse of the patient and as the patient."""
    insiders = [
        who for who in cast.everybody.values() if who.token and "circle" in str(who.standing)
    ]
    patient = next(who for who in cast.everybody.values() if who.standing.relation == "self")
    wrong, count = [], 0
    for route in [*web_routes(), *dash_routes()]:
        method = "GET" if route.method == "MOUNT" else route.method
        if method == "SOCKET" or route.path == "/sign-out":
            continue
        path = real(route, cast)
        for who in (None, insiders[0], patient):
            answer = client.request(method, path, headers=worn(who), follow_redirects=False)
            count += 1
            wrong += [
                f"{method} {route.path} {answer.status_code}: {said}"
                for said in complaints(answer.headers, path, answer.status_code)
            ]
            client.cookies.clear()
        cast.restore()
    return wrong, count


def worn(who: Someone | None) -> dict[str, str]:
    cookie = {"cookie": f"chevet_session={who.token}"} if who else {}
    return {"origin": ORIGIN, **cookie}


def test_every_route_dresses_its_answers(cast: Cast, client: TestClient) -> None:
    wrong, count = asked(cast, client)
    assert wrong == []
    assert count > 200


def test_what_is_refused_before_any_route_is_dressed_too(client: TestClient) -> None:
    for method, path, headers, status in (
        ("GET", "/", {"host": "evil.example"}, 421),
        ("POST", "/sign-in", {"origin": "https://evil.example"}, 403),
        ("POST", "/console/_dash-update-component", {"origin": "https://evil.example"}, 403),
        ("GET", "/nothing/here", {}, 404),
        ("GET", "/static/nothing.css", {}, 404),
        ("DELETE", "/help", {"origin": ORIGIN}, 405),
    ):
        answer = client.request(method, path, headers=headers, follow_redirects=False)
        assert answer.status_code == status, path
        assert complaints(answer.headers, path, status) == [], path


@pytest.mark.parametrize("name", [*SAID, "cache-control"])
def test_with_a_header_left_out_the_check_finds_it(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    dress = app.shield.dress

    def forgetful(headers: dict[str, str], **about: object) -> None:
        dress(headers, **about)  # type: ignore[arg-type]
        del headers[name]

    monkeypatch.setattr(app.shield, "dress", forgetful)
    answer = client.get("/help")
    assert complaints(answer.headers, "/help", answer.status_code) != []


def test_over_https_cookies_are_bound_to_this_host_and_https_is_asked_for(
    cast: Cast, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    nurse = next(who for who in cast.everybody.values() if who.standing.relation == "self")
    assert "strict-transport-security" not in client.get("/help").headers
    monkeypatch.setenv("CHEVET_COOKIE_SECURE", "true")
    settings.cache_clear()
    try:
        said = client.get("/help").headers["strict-transport-security"]
        assert said == "max-age=63072000; includeSubDomains"
        answer = client.post(
            "/language", data={"locale": "fr"}, headers={"origin": ORIGIN}, follow_redirects=False
        )
        assert answer.headers["set-cookie"].startswith("__Host-chevet_")
        for part in ("Path=/", "Secure"):
            assert part in answer.headers["set-cookie"]
        assert "domain" not in answer.headers["set-cookie"].lower()
        client.cookies.clear()
        for name, status in (("chevet_session", 303), ("__Host-chevet_session", 200)):
            page = client.get(
                "/p", headers={"cookie": f"{name}={nurse.token}"}, follow_redirects=False
            )
            assert page.status_code == status, "a cookie planted by a neighbour is believed"
    finally:
        monkeypatch.undo()
        settings.cache_clear()
        client.cookies.clear()
