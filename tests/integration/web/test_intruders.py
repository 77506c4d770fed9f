"""What somebody tries who has one right and wants another: each was once possible."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from coordination import service as coordination
from core import clock
from core.doors import acting_as
from identity import merge_service as merging
from identity import service as identity
from identity.edge.http import SESSION_COOKIE
from identity.search_service import MOST_SEARCHES
from identity.session_service import open_session
from identity.store import records
from tests.days import day_in_france
from tests.integration.alerts.home import rows
from tests.integration.identity.officers import make_officer, make_post
from tests.integration.web.scene import NewClient, Scene, open_account, sign_in

ACCOUNTS = "/admin/accounts"


def day(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


@pytest.mark.promise("S9")
def test_an_administrator_has_no_say_over_whom_he_gives_a_post(
    scene: Scene, new_client: NewClient
) -> None:
    """A carer made a substitute unasked is not of that organisation alone: she has a circle."""
    admin, carer = identity.register_person("Ada Ministre"), identity.register_person("Eva Martin")
    identity.give_post(admin, scene.home.care.centre, "administrator")
    identity.join_circle(scene.home.care.patient, carer, "carer")
    open_account(admin, "admin")
    open_account(carer, "eva")
    client = sign_in(new_client(), "admin")
    form = {"login": "eva", "first": day(0), "last": day(7)}
    post = scene.home.care.nurse.post
    client.post(f"{ACCOUNTS}/posts/{post}/substitute", data=form)
    assert rows("select count(*) from access.post where person = %s", [carer]) == [(1,)]
    assert "connue ailleurs" in client.post(f"{ACCOUNTS}/{carer}/suspend").text
    client.post(f"{ACCOUNTS}/{carer}/expiry", data={"until": day(1)})
    touched = (
        "select 1 from identity.account where disabled_at is not null or expires_at is not null"
    )
    assert rows(touched) == []


def test_choosing_a_post_late_proves_nothing_anew(
    scene: Scene, new_client: NewClient, clock_file: Path
) -> None:
    """A session taken over before a post was chosen must not become one that was just proved."""
    nurse, client = scene.home.care.nurse, new_client()
    other = identity.register_organisation("Ailleurs")
    identity.give_post(nurse.person, other, "home_nurse")
    client.cookies.set(
        SESSION_COOKIE, open_session(nurse.person, aal="two"), domain="testserver.local", path="/"
    )
    clock_file.write_text(str(timedelta(minutes=11).total_seconds()))
    form = {"post": str(nurse.post), "next": "/about"}
    late = client.post("/sign-in/post", data=form, follow_redirects=False)
    assert late.headers["location"] == "/sign-in/second?next=/about"
    adding = client.get("/sign-in/set-up/totp", follow_redirects=False)
    assert adding.headers["location"].startswith("/sign-in/second")


@pytest.mark.promise("S9")
def test_nobody_walks_through_birth_dates_in_the_name_of_an_emergency(
    scene: Scene, new_client: NewClient
) -> None:
    actor = make_post("Dr Sonia Garde", "Hôpital d’Argenteuil", "hospital_doctor")
    open_account(actor.person, "urgent")
    urgent = sign_in(new_client(), "urgent")
    traits = {"name": "MARTIN", "first_name": "jeanne", "birth_date": "1951-04-03"}
    for _ in range(MOST_SEARCHES):
        assert urgent.post("/emergency", data=traits).status_code == 404
    right = {**traits, "birth_date": "1951-04-02"}
    refused = urgent.post("/emergency", data=right)
    assert refused.status_code == 429
    assert "Jeanne" not in refused.text.replace('value="jeanne"', "")
    opened = urgent.post("/emergency/open", data={**right, "reason": "x" * 20, "secret": "wrong"})
    assert opened.status_code == 429
    written = "select outcome from audit.event where detail ->> 'reason' = 'too_many'"
    assert rows(written) == [("refused",)] * 2


def test_a_page_of_patients_says_nothing_of_a_stranger(scene: Scene) -> None:
    """Where a stranger's name stands in the alphabet must not show in one's own list."""
    gp = make_post("Dr Lise Autre", "Cabinet", "gp")
    born = day_in_france().replace(year=1940)
    for name in ("Abadie", "Zola"):
        one = identity.register_patient(
            birth_name=name, birth_first_names="Paul", birth_date=born, sex="male"
        )
        identity.join_circle(one, gp.person, "gp")
    every = coordination.followed_patients(gp).patients
    assert len(every) == 2
    shown = [
        coordination.followed_patients(gp, after=after).patients
        for after in (scene.home.care.patient, uuid4())
    ]
    assert shown[0] == shown[1] == every


def test_nobody_brings_two_people_before_the_identity_officer(scene: Scene) -> None:
    """The one who merges is shown what the system found alike, and nothing somebody made up."""
    gp, born = scene.home.care.gp, day_in_france().replace(year=1940)
    other = identity.register_patient(
        birth_name="Abadie", birth_first_names="Paul", birth_date=born, sex="male"
    )
    with acting_as(gp) as conn:
        records.save_suspect(
            conn, id=uuid4(), patient=scene.home.care.patient, other=other, cause="close_names"
        )
    assert merging.pairs(make_officer())[0] == []
