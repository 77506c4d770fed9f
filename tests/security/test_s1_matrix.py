"""Every route × role × relation × verb has a reviewed verdict, and obeys it over real HTTP."""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tests.security.asking import IN_BRACES, ask, complaints, fill
from tests.security.cast import Cast, Someone
from tests.security.routes import VERBS, WebRoute, openapi_routes, web_routes
from tests.security.things import MAKERS
from tests.security.verdicts import Outcome, Verdict, read_verdicts

pytestmark = pytest.mark.promise("S1")
Record = Callable[[str, object], None]
WEB = read_verdicts("web")


def test_every_route_has_a_verdict_and_every_verdict_a_route() -> None:
    routes = {route.key: route for route in web_routes()}
    assert len(routes) >= 25
    assert openapi_routes() <= set(routes)
    assert compared(routes, WEB) == []


def compared(routes: dict[str, WebRoute], verdicts: list[Verdict]) -> list[str]:
    """Return what to do about each route without a verdict and each verdict without a route."""
    known = {verdict.key: verdict for verdict in verdicts}
    missing = [
        f'add to [web] of tests/security/verdicts.toml: "{key}" = "{guess(route)}"'
        for key, route in routes.items()
        if key not in known
    ]
    gone = [f'remove "{key}": there is no such route' for key in known if key not in routes]
    other = [
        f'"{key}" checks {asked(route)}, but its verdict says {known[key].words}'
        for key, route in routes.items()
        if key in known and known[key].kind in ("care", "own", "mine") and asked(route)
        if set(asked(route)) != set(known[key].words)
    ]
    return missing + gone + other


def asked(route: WebRoute) -> list[str]:
    """Return the permissions a route asks for, by the names of its dependencies."""
    found = [
        re.fullmatch(r"(?:care|own_record)_(?:today_)?([a-z]+)_(\w+)", name)
        for name in route.checks
    ]
    return [f"{match[1]}:{match[2]}" for match in found if match]


def guess(route: WebRoute) -> str:
    """Return the verdict that the route's dependencies suggest, to be reviewed."""
    kind = "own" if any(name.startswith("own_record_") for name in route.checks) else "care"
    if asked(route):
        return " ".join([kind, *dict.fromkeys(asked(route))])
    return "signed-in" if "signed_in" in route.checks else "public"


def test_a_new_route_and_a_removed_one_are_found() -> None:
    routes = {route.key: route for route in web_routes()}
    new = WebRoute("GET /patients/{patient_id}/secrets", ("care_vitals_read",))
    (said,) = compared({**routes, new.key: new}, WEB)
    assert said.endswith('"GET /patients/{patient_id}/secrets" = "care vitals:read"')
    del routes["GET /about"]
    assert compared(routes, WEB) == ['remove "GET /about": there is no such route']
    loosened = WebRoute("GET /patients/{patient_id}/circle", ("care_chat_read",))
    (said,) = compared({**{r.key: r for r in web_routes()}, loosened.key: loosened}, WEB)
    assert "checks ['chat:read']" in said


def test_every_name_in_a_path_has_a_thing_to_stand_for_it() -> None:
    named = {name for verdict in WEB for name in IN_BRACES.findall(verdict.key)}
    unmade = sorted(named - set(MAKERS))
    assert unmade == [], "say in tests/security/things.py how each is made: @makes('…')"


@pytest.mark.parametrize("verdict", WEB, ids=lambda verdict: verdict.key)
def test_the_verdict_is_obeyed(
    cast: Cast, client: TestClient, verdict: Verdict, record_property: Record
) -> None:
    method, path = verdict.key.split(" ", 1)
    if method == "MOUNT":
        return
    cast.restore()
    wrong, counts = [], Counter[str]()
    refused_here = fill(path, cast)
    for who in asked_as(cast, verdict):
        expected = verdict.expected(who.standing)
        acts = method != "GET" and Outcome.LET_IN in expected
        answer = ask(client, who, method, fill(path, cast) if acts else refused_here)
        counts[answer.outcome] += 1
        wrong += complaints(who, answer, verdict)
    record_property("counts", f"{verdict.key}: {dict(counts)}")
    assert wrong == []


def asked_as(cast: Cast, verdict: Verdict) -> list[Someone]:
    """Return who asks, strangers first; where no role matters, one of each relation."""
    everybody = sorted(cast.everybody.values(), key=lambda one: bool(one.standing.roles_held))
    if verdict.kind != "public":
        return everybody
    return list({one.standing.relation: one for one in everybody}.values())


def test_no_path_answers_to_a_verb_that_has_no_verdict(cast: Cast, client: TestClient) -> None:
    keys = {verdict.key for verdict in WEB}
    paths = sorted({key.split(" ", 1)[1] for key in keys if not key.startswith("MOUNT")})
    who = next(one for one in cast.everybody.values() if one.standing.roles_held and one.token)
    answered = {}
    for path in paths:
        for verb in VERBS:
            if f"{verb} {path}" not in keys:
                status = ask(client, who, verb, fill(path, cast)).status
                if status not in (404, 405):
                    answered[f"{verb} {path}"] = status
    assert answered == {}
