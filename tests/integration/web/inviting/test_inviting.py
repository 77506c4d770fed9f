"""Invitations: a professional who is not known yet, from the mail to the open record."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from coordination.inviting.inviting import LINK_LASTS
from tests.as_owner import rows, run
from tests.integration.web.inviting.inviting import (
    HERS,
    MAIL,
    PHYSIO,
    RPPS,
    circle_of,
    confirming,
    invitation,
    links,
    make_office,
    open_the_account,
    page_of,
)
from tests.integration.web.scene import NewClient, Scene, sign_in

pytestmark = pytest.mark.promise("S9")
CODE = re.compile(r"<strong class=\"number\">([^<]+)</strong>")


def state() -> list[tuple[object, ...]]:
    return rows(
        "select state from messages.outbox where template = 'circle_invitation' order by id"
    )


def members(role: str) -> int:
    return len(rows("select 1 from access.membership where role = %s", role))


@pytest.fixture
def gp(scene: Scene, new_client: NewClient) -> TestClient:
    return sign_in(new_client(), "gp")


def test_a_physiotherapist_nobody_knows_is_invited_confirmed_and_opens_the_record(
    scene: Scene, new_client: NewClient, gp: TestClient
) -> None:
    office, page = make_office(scene, new_client), page_of(scene)
    assert "L’invitation est partie" in gp.post(page, data=PHYSIO).text
    ((params, about, address),) = rows(
        "select params, about, address from messages.outbox where template = 'circle_invitation'"
    )
    assert address == MAIL
    assert about is None
    assert "Martin" not in str(params)
    (link,) = links()
    hers = new_client()
    shown = hers.get(link)
    assert shown.status_code == 200
    assert "Dr Paul Lefèvre" in shown.text
    assert "Martin" not in shown.text
    asked = hers.post(link, data=HERS)
    assert "Votre demande est arrivée" in asked.text
    assert members("physiotherapist") == 0
    waiting = office.admin.get("/admin/invited").text
    assert RPPS in waiting
    assert "Martin" not in waiting
    confirmed = office.admin.post(f"/admin/invited/{invitation()}", data=confirming())
    (code,) = CODE.findall(confirmed.text)
    assert "Votre identité est confirmée" in hers.get(link).text
    open_the_account(code)
    lina = sign_in(hers, MAIL)
    assert lina.get(circle_of(scene)).status_code == 404
    assert lina.get(link, follow_redirects=False).headers["location"] == "/invitations"
    assert "Jeanne MARTIN" in lina.get("/invitations").text.replace("Martin", "MARTIN")
    accepted = lina.post(f"/invitations/{invitation()}/answer", data={"accepts": "yes"})
    assert "Vous faites maintenant partie" in accepted.text
    assert lina.get(scene.page).status_code == 200
    assert lina.post(f"/invitations/{invitation()}/answer", data={"accepts": "yes"}).text
    assert members("physiotherapist") == 1
    assert "Acceptée" in gp.get(page).text
    ((by, basis),) = rows(
        "select granted_by, basis from access.membership where role = 'physiotherapist'"
    )
    assert (by, basis) == (scene.home.care.gp.person, "care_team")


def test_what_is_answered_tells_nobody_who_has_an_account(
    scene: Scene, new_client: NewClient, gp: TestClient
) -> None:
    known = gp.post(page_of(scene), data=PHYSIO | {"address": "stranger"})
    assert known.status_code == 422
    run("update identity.account set login = 'known@cabinet.example' where login = 'stranger'")
    answers = {
        gp.post(page_of(scene), data=PHYSIO | {"address": one}, follow_redirects=False).headers[
            "location"
        ]
        for one in ("known@cabinet.example", "unknown@cabinet.example")
    }
    assert len(answers) == 1
    anybody = new_client()
    used = anybody.get(f"/invitations/{'x' * 43}")
    gp.post(f"{page_of(scene)}/{invitation()}", data={"act": "withdraw"})
    withdrawn = anybody.get(links()[-1])
    assert (used.status_code, withdrawn.status_code) == (410, 410)
    assert used.text.replace("x" * 43, "") == withdrawn.text.replace(links()[-1][13:], "")


def test_a_new_mail_replaces_the_link_and_an_old_invitation_expires(
    scene: Scene, new_client: NewClient, gp: TestClient, clock_file: Path
) -> None:
    page, anybody = page_of(scene), new_client()
    gp.post(page, data=PHYSIO)
    assert "attend déjà" in gp.post(page, data=PHYSIO).text
    act = f"{page}/{invitation()}"
    assert "seul son lien sert" in gp.post(act, data={"act": "again"}).text
    first, second = links()
    assert [one for (one,) in state()] == ["cancelled", "waiting"]
    assert anybody.get(first).status_code == 410
    assert anybody.get(second).status_code == 200
    for _ in range(4):
        gp.post(act, data={"act": "again"})
    assert len(links()) == 5
    assert anybody.get(links()[-1]).status_code == 200
    clock_file.write_text(str((LINK_LASTS + timedelta(minutes=1)).total_seconds()))
    assert anybody.get(links()[-1]).status_code == 410
