"""The link of a message and a code open one alert, for whom it was written to, and nothing else."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from alerts import escalation_service
from core import clock
from identity.edge.link import cookie_of
from identity.link import LINK_LASTS, write_link
from identity.session_service import LINK_IDLE, LINK_LONGEST
from messages import service as messages
from tests.as_owner import mutate, rows, run
from tests.codes import code_of
from tests.integration.web.scene import NewClient, Scene, make_scene, sign_in
from tests.mailbox import Mailbox
from tests.security.routes import VERBS, web_routes


def link_of(scene: Scene, *, ago: timedelta = timedelta(0)) -> str:
    """Return the link that a message to the GP holds."""
    return f"/l/{write_link(scene.home.care.gp.person, scene.alert, clock.now() - ago)}"


def opened(scene: Scene, client: TestClient) -> TestClient:
    """Open the alert by its link and a code of the GP."""
    answer = client.post(link_of(scene), data={"code": code_of("gp")}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, scene.page)
    return client


def test_from_the_mail_by_a_code_to_an_answer_in_the_record(
    scene: Scene, new_client: NewClient, mailbox: Mailbox
) -> None:
    for _ in range(6):  # the first rungs are the nurses', the GP's comes when nobody answers
        run("update alerts.alert set next_step_at = now() where next_step_at is not null")
        escalation_service.escalate_due(clock.now())
    messages.send_due(clock.now())
    gp_mail = next(one for one in mailbox.taken if one.recipient.endswith("@gp.example"))
    bodies = [part.get_content() for part in gp_mail.mail.iter_parts()]
    links = {re.search(r"/l/([\w-]+)", body)[0] for body in bodies}  # type: ignore[index]
    assert len(links) == 1
    assert not any(str(scene.alert) in body for body in bodies)
    (link,) = links
    assert rows("select count(*) from messages.outbox where params::text like %s", f"%{link[3:]}%")[
        0
    ] == (0,)

    phone = new_client()
    before = rows("select count(*) from alerts.alert_event")
    asked = phone.get(link)
    assert asked.status_code == 200
    assert "MARTIN" not in asked.text
    assert asked.headers["referrer-policy"] == "same-origin"
    assert rows("select count(*) from alerts.alert_event") == before
    page = phone.post(link, data={"code": code_of("gp")})
    assert page.status_code == 200
    assert "Vous voyez cette alerte seule" in page.text
    done = phone.post(scene.page, data={"act": "seen", "shown": "red"})
    assert "vous avez vu cette alerte" in done.text
    ((by, what),) = rows("select by_person, what from alerts.alert_event order by id desc limit 1")
    assert (by, what) == (scene.home.care.gp.person, "seen")
    replied = phone.post(f"{scene.page}/reply", data={"words": "Je passe ce soir", "key": "k"})
    assert "Je passe ce soir" in replied.text


TABLES = """
select quote_ident(schemaname) || '.' || quote_ident(tablename)
from pg_tables
where schemaname !~ '^(pg_|information_schema|_?timescale)'
"""


def test_a_scanner_that_opens_the_link_writes_nothing_anywhere(
    scene: Scene, new_client: NewClient
) -> None:
    counts = " union all ".join(
        f"select '{table}', count(*) from {table}" for (table,) in rows(TABLES)
    )
    before = rows(counts)
    scanner, link = new_client(), link_of(scene)
    assert [scanner.request(verb, link).status_code for verb in ("HEAD", "GET")] == [405, 200]
    assert rows(counts) == before


def test_the_session_of_a_link_opens_nothing_else(scene: Scene, new_client: NewClient) -> None:
    """Not even when its token is put into the cookie of a session."""
    client, nobody = opened(scene, new_client()), new_client()
    token = client.cookies[cookie_of(scene.alert)]
    client.cookies.set("chevet_session", token, domain="testserver.local", path="/")
    own = {"/patients/{patient_id}/alerts/{alert_id}" + tail for tail in ("", "/reply")}
    tried = 0
    for route in web_routes():
        if route.method not in VERBS or route.path in own or route.path in PASSED:
            continue
        path = route.path.replace("{patient_id}", str(scene.home.care.patient))
        path = re.sub(r"\{[^}]*\}", str(scene.alert), path)
        mine = client.request(route.method, path, follow_redirects=False)
        theirs = nobody.request(route.method, path, follow_redirects=False)
        assert mine.status_code == theirs.status_code, route
        assert mine.headers.get("location") == theirs.headers.get("location"), route
        tried += 1
    assert tried > 150


PASSED = {"/healthz", "/readyz", "/metrics"}
"""Not of the people: they answer for the machine, and take their time."""


def test_a_link_is_not_half_a_sign_in(scene: Scene, new_client: NewClient) -> None:
    client = opened(scene, new_client())
    token = client.cookies[cookie_of(scene.alert)]
    client.cookies.set("chevet_session", token, domain="testserver.local", path="/")
    assert client.get("/", follow_redirects=False).status_code == 303
    form = {"code": code_of("gp", steps=1)}
    answer = client.post("/sign-in/second", data=form, follow_redirects=False)
    assert "chevet_session" not in answer.headers.get("set-cookie", "")
    assert rows("select count(*) from identity.session where aal = 'two'") == [(0,)]


def test_another_alert_is_not_opened_by_it(scene: Scene, new_client: NewClient) -> None:
    """The fault: a session of a link asked for no alert of its own opens another one."""
    client = opened(scene, new_client())
    ((other,),) = rows(
        "insert into alerts.alert select (jsonb_populate_record(a, jsonb_build_object("
        "'id', gen_random_uuid(), 'item', 'pulse'))).* from alerts.alert a returning id"
    )
    client.cookies.set(
        cookie_of(other), client.cookies[cookie_of(scene.alert)], domain="testserver.local"
    )
    page = scene.page.replace(str(scene.alert), str(other))
    assert client.get(page, follow_redirects=False).status_code == 303
    assert client.get(scene.page, follow_redirects=False).status_code == 200


def test_forged_cut_and_old_links_lead_nowhere(scene: Scene, new_client: NewClient) -> None:
    client, link = new_client(), link_of(scene)
    turned = link[:-8] + ("A" if link[-8] != "A" else "B") + link[-7:]
    for bad in (turned, link[:-4], "/l/x", "/l/" + "é" * 8, link_of(scene, ago=LINK_LASTS * 1.1)):
        assert client.get(bad).status_code == 410, bad
        assert client.post(bad, data={"code": code_of("gp")}).status_code == 410, bad
        assert client.post(f"{bad}/sms").status_code == 410, bad
    assert client.get(link_of(scene, ago=LINK_LASTS * 0.9)).status_code == 200


def test_wrong_codes_slow_down_and_another_persons_code_is_wrong(
    scene: Scene, new_client: NewClient
) -> None:
    client, link = new_client(), link_of(scene)
    client.get(link)
    wrong = client.post(link, data={"code": code_of("nurse")})
    assert wrong.status_code == 401
    assert "aria-invalid" in wrong.text
    statuses = [client.post(link, data={"code": f"{n:06}"}).status_code for n in range(30)]
    assert 429 in statuses
    assert client.post(link, data={"code": code_of("gp")}).status_code == 429


@pytest.mark.parametrize("why", ["left the circle", "account closed", "post over"])
def test_who_may_no_longer_read_it_is_not_let_in(
    scene: Scene, new_client: NewClient, why: str
) -> None:
    client, gp = opened(scene, new_client()), scene.home.care.gp.person
    assert client.get(scene.page).status_code == 200
    match why:
        case "left the circle":
            run("update access.membership set ends_at = now() where party = %s", gp)
        case "account closed":
            run("update identity.account set disabled_at = now() where person = %s", gp)
        case _:
            run("update access.post set ends_at = now() where person = %s", gp)
    assert client.get(scene.page, follow_redirects=False).status_code in (303, 404)
    later = new_client()
    form = {"code": code_of("gp", steps=1)}
    answer = later.post(link_of(scene), data=form, follow_redirects=False)
    assert answer.status_code in (401, 410)
    assert not later.cookies.get(cookie_of(scene.alert))


def test_it_ends_by_itself_and_by_his_wish(scene: Scene, new_client: NewClient) -> None:
    client = opened(scene, new_client())
    run("update identity.session set last_seen_at = last_seen_at - %s", LINK_IDLE)
    assert client.get(scene.page, follow_redirects=False).status_code == 303
    run("update identity.session set last_seen_at = now()")
    assert client.get(scene.page).status_code == 200
    run("update identity.session set ends_at = ends_at - %s", LINK_LONGEST)
    assert client.get(scene.page, follow_redirects=False).status_code == 303
    run("update identity.session set ends_at = ends_at + %s", LINK_LONGEST)
    left = client.post(f"/l/{scene.alert}/leave", follow_redirects=False)
    assert left.headers["location"] == "/sign-in"
    assert rows("select ended_at is null from identity.session where aal = 'link'") == [(False,)]
    assert client.get(scene.page, follow_redirects=False).status_code == 303


def test_somebody_signed_in_goes_on_and_without_a_code_signs_in(
    scene: Scene, new_client: NewClient
) -> None:
    link = link_of(scene)
    ahead = sign_in(new_client(), "nurse").get(link, follow_redirects=False)
    assert ahead.headers["location"] == f"/a/{scene.alert}"
    run("delete from identity.totp")
    ahead = new_client().get(link, follow_redirects=False)
    assert ahead.headers["location"] == f"/a/{scene.alert}"


def test_with_the_lock_of_the_alert_taken_off_another_page_is_open(
    new_client: NewClient,
) -> None:
    """The deliberate fault: the database tells of a session of a link as of one of two factors."""
    scene = make_scene()
    mutate("identity.gate_session", "s.aal, s.created_at", "'two'::text, s.created_at")
    client = opened(scene, new_client())
    token = client.cookies[cookie_of(scene.alert)]
    client.cookies.set("chevet_session", token, domain="testserver.local", path="/")
    assert client.get("/", follow_redirects=False).status_code == 200
