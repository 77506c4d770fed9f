"""« Mes gardes » as a doctor without any right on the console uses it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from alerts import swap_service
from alerts.rota.rota import Shift
from core.doors import Actor
from tests.as_owner import rows, run
from tests.integration.alerts.on_duty.test_week import colleague, planned, today
from tests.integration.web.scene import NewClient, Scene, open_account, sign_in

PAGE = "/account/duties"
ONE = timedelta(days=1)


@pytest.fixture
def anne(scene: Scene) -> Actor:
    actor = colleague(scene.home, "Dr Anne Brun", "coordinating_doctor")
    open_account(actor.person, "anne")
    return actor


@pytest.fixture
def bea(scene: Scene) -> Actor:
    actor = colleague(scene.home, "Dr Bea Noir", "hospital_doctor")
    open_account(actor.person, "bea")
    return actor


@pytest.fixture
def night(scene: Scene, anne: Actor) -> Shift:
    return planned(scene.home.care.nurse, anne.person, duty="on_call", starts="20 h", ends="8 h")


def swap_of(shift: Shift, by: Actor, to: Actor) -> UUID:
    swap = swap_service.offer_swap(by, shift.id, today() + ONE, to.person)
    assert isinstance(swap, UUID)
    return swap


def accepted() -> object:
    return rows("select accepted from alerts.swap")


def test_a_doctor_takes_a_shift_without_the_console(
    new_client: NewClient, anne: Actor, bea: Actor, night: Shift
) -> None:
    swap = swap_of(night, anne, bea)
    client = sign_in(new_client(), "bea")
    shown = client.get(PAGE).text
    night_hours = "20 h 00 –\u2060 8 h 00".replace(" ", "\u00a0")
    for said in (
        "On me demande",
        "Demandé par Dr Anne Brun",
        "En attente de réponse",
        "Personne d&#39;astreinte",
        night_hours,
        "Aucune garde n’est prévue",
    ):
        assert said in shown
    answer = client.post(f"{PAGE}/swaps/{swap}", data={"act": "accept"})
    assert "La garde est à vous maintenant" in answer.text
    assert accepted() == [(True,)]
    assert "Aucune garde n’est prévue" not in answer.text
    again = client.post(f"{PAGE}/swaps/{swap}", data={"act": "accept"})
    assert "ce n’est pas à vous" in again.text
    mine = sign_in(new_client(), "anne").get(PAGE).text
    assert "Demandé à Dr Bea Noir · Accepté" in mine


def test_a_shift_is_asked_and_withdrawn_on_the_page(
    new_client: NewClient, anne: Actor, bea: Actor, night: Shift
) -> None:
    client = sign_in(new_client(), "anne")
    assert "Dr Bea Noir</option>" in client.get(PAGE).text
    form = {"shift": str(night.id), "day": f"{today() + ONE}", "to": str(bea.person)}
    asked = client.post(f"{PAGE}/ask", data=form)
    assert "la personne sollicitée est prévenue" in asked.text
    assert "Retirer ma demande" in asked.text
    twice = client.post(f"{PAGE}/ask", data=form)
    assert "déjà" in twice.text
    ((swap,),) = rows("select id from alerts.swap")
    gone = client.post(f"{PAGE}/swaps/{swap}", data={"act": "withdraw"})
    assert "La demande est retirée" in gone.text
    assert accepted() == [(False,)]


def test_what_clashes_is_refused_in_words(
    scene: Scene, new_client: NewClient, anne: Actor, bea: Actor, night: Shift
) -> None:
    swap = swap_of(night, anne, bea)
    planned(scene.home.care.nurse, bea.person, duty="on_call", starts="6 h", ends="12 h")
    client = sign_in(new_client(), "bea")
    assert "autre garde à ce moment" in client.post(
        f"{PAGE}/swaps/{swap}", data={"act": "accept"}
    ).text  # fmt: skip
    run("update alerts.shift set removed_at = now(), removed_by = person where person = %s",
        bea.person)  # fmt: skip
    run(
        "insert into alerts.leave (id, organisation, person, first_on, last_on, noted_by, noted_at)"
        " values (gen_random_uuid(), %s, %s, %s, %s, %s, now())",
        scene.home.care.centre, bea.person, today(), today() + ONE, anne.person,
    )  # fmt: skip
    assert "Une absence est notée" in client.post(
        f"{PAGE}/swaps/{swap}", data={"act": "accept"}
    ).text  # fmt: skip
    assert accepted() == [(None,)]


@pytest.mark.parametrize("login", ["nurse", "gp", "stranger"])
def test_a_stranger_answers_nobody_elses_swap(
    new_client: NewClient, anne: Actor, bea: Actor, night: Shift, login: str
) -> None:
    swap = swap_of(night, anne, bea)
    client = sign_in(new_client(), login)
    assert "Dr Anne Brun" not in client.get(PAGE).text
    for act in ("accept", "refuse", "withdraw"):
        answer = client.post(f"{PAGE}/swaps/{swap}", data={"act": act})
        assert "ce n’est pas à vous" in answer.text
    assert accepted() == [(None,)]
    assert client.post(f"{PAGE}/swaps/{uuid4()}", data={"act": "accept"}).status_code == 200
    assert client.post(f"{PAGE}/swaps/{swap}", data={"act": "steal"}).status_code == 400


def test_others_are_led_home_and_the_page_is_found(
    scene: Scene, new_client: NewClient, anne: Actor
) -> None:
    patient = sign_in(new_client(), "patient")
    assert patient.get(PAGE, follow_redirects=False).headers["location"] == "/"
    assert f'href="{PAGE}"' in sign_in(new_client(), "anne").get("/account/sign-in").text
