"""Whoever replaces a professional for some days, in his place and no longer."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from core import clock
from core.doors import Actor
from core.ids import new_id
from identity import service as identity
from identity.administration import service as administration
from identity.administration.forms import Outcome, Period
from identity.session_service import open_session
from tests.as_owner import rows, run
from tests.days import day_in_france
from tests.integration.web.scene import (
    NewClient,
    Scene,
    open_account,
    sign_in,
)


def day(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


def substitute_of(replaced: Actor, days: int = 7) -> Actor:
    """Return somebody of another practice who replaces an actor from now on."""
    person = identity.register_person("Dr Rose Remplaçante")
    open_account(person, "rose")
    now = clock.now()
    period = Period(starts_at=now, ends_at=now + timedelta(days=days))
    assert replaced.post is not None
    assert administration.substitute(replaced, replaced.post, "rose", period) is Outcome.DONE
    (post,) = rows("select id from access.post where replaces = %s", replaced.post)[0]
    return Actor(person=person, post=post, session=None)


@pytest.mark.promise("S9")
def test_a_substitute_sees_what_the_replaced_sees_for_those_days(
    scene: Scene, new_client: NewClient, clock_file: Path
) -> None:
    gp = scene.home.care.gp
    rose = substitute_of(gp)
    client = sign_in(new_client(), "rose")
    assert client.get(scene.page).status_code == 200
    assert "Jeanne Martin" in client.get("/").text
    with_post = rows(
        "select post from audit.event where person = %s and outcome = 'success' limit 1",
        rose.person,
    )
    assert with_post == [(rose.post,)]
    clock_file.write_text(str(timedelta(days=8).total_seconds()))
    late = new_client()
    token = open_session(rose.person, aal="two")
    late.cookies.set("chevet_session", token, domain="testserver.local", path="/")
    assert late.get(scene.page).status_code == 404


@pytest.mark.promise("S9")
def test_a_substitute_does_not_outlast_the_post_nor_the_membership(
    scene: Scene, new_client: NewClient
) -> None:
    gp = scene.home.care.gp
    rose = substitute_of(gp)
    client = sign_in(new_client(), "rose")
    mother = identity.register_patient(
        birth_name="Lefèvre",
        birth_first_names="Odile",
        birth_date=day_in_france() - timedelta(days=30000),
        sex="female",
    )
    identity.join_circle(mother, gp.person, "carer")
    assert client.get(f"/patients/{mother}/circle").status_code == 404
    run(
        "update access.membership set ends_at = now() where party = %s and patient_id = %s",
        gp.person,
        scene.home.care.patient,
    )
    assert client.get(scene.page).status_code == 404
    run("update access.post set ends_at = now() where id = %s", gp.post)
    assert client.get("/", follow_redirects=False).status_code == 303
    assert rows("select ends_at <= now() from access.post where id = %s", rose.post) == [(True,)]


@pytest.mark.promise("S9")
def test_what_is_hidden_from_the_replaced_is_hidden_from_the_substitute(
    scene: Scene, new_client: NewClient
) -> None:
    patient, gp = scene.home.care.patient, scene.home.care.gp.person
    substitute_of(scene.home.care.gp)
    author, item = identity.register_person("Autrice"), new_id(clock.now())
    run(
        "insert into access.item (item_id, patient_id, kind, author, author_name, author_role,"
        " patient_name, signed_at) values (%s, %s, 'note', %s, 'Autrice', 'home_nurse', '', now())",
        item,
        patient,
        author,
    )
    run(
        "insert into coordination.note (item_id, patient_id, author, sent, text)"
        " values (%s, %s, %s, now(), 'Une note confiée')",
        item,
        patient,
        author,
    )
    rose = sign_in(new_client(), "rose")
    assert "Une note confiée" in rose.get(f"/patients/{patient}/notes").text
    run(
        "insert into access.item_hidden (id, item_id, party, by, at)"
        " values (%s, %s, %s, %s, now())",
        new_id(clock.now()),
        item,
        gp,
        patient,
    )
    assert "Une note confiée" not in rose.get(f"/patients/{patient}/notes").text


def test_i_let_somebody_replace_me_and_end_it(scene: Scene, new_client: NewClient) -> None:
    gp, page = sign_in(new_client(), "gp"), "/account/substitutes"
    assert "Personne ne vous remplace" in gp.get(page).text
    dates = {"first": "2099-01-01", "last": "2099-01-07"}
    said = gp.post(page, data={"login": "stranger", **dates}).text
    assert "Inconnue" in said
    assert "jusqu’au 7 janv. 2099" in said
    assert "remplace déjà" in gp.post(page, data={"login": "stranger", **dates}).text
    assert "cet identifiant" in gp.post(page, data={"login": "no-one", **dates}).text
    assert "pour vous-même" in gp.post(page, data={"login": "gp", **dates}).text
    backwards = {"login": "nurse", "first": day(9), "last": day(3)}
    assert "dernier jour" in gp.post(page, data=backwards).text
    (end,) = re.findall(rf'action="({page}/[0-9a-f-]+/end)"', gp.get(page).text)
    nurse = sign_in(new_client(), "nurse")
    assert "Rien n’a été modifié" in nurse.post(end).text
    assert "C’est fait" in gp.post(end).text
    assert "Personne ne vous remplace" in gp.get(page).text
