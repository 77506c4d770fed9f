"""The GP's page: what it says, what each answer does, and what opening it does not."""

import re
from datetime import datetime, timedelta

import pytest

from alerts import service as alerts
from alerts.acts import Snooze
from alerts.alert import SleepReason
from core import clock
from core.access import Permission
from core.vitals import Vital
from tests.integration.alerts.home import make_home, measure, opened, rows
from tests.integration.web.scene import NewClient, Scene, open_of, raise_red, sign_in


def life(scene: Scene) -> list[tuple[object, ...]]:
    return rows("select state, next_step_at from alerts.alert where id = %s", [scene.alert])


def test_it_says_who_why_and_what_is_missing(scene: Scene, new_client: NewClient) -> None:
    text = sign_in(new_client(), "gp").get(scene.page).text.replace("\xa0", " ")
    for words in (
        "MARTIN Jeanne",
        "SpO₂ (saturation) : 90 %",
        "Rouge",
        "Personne ne l’a prise en charge",
        "incomplet, il manque",
        "Retarde la relance de 5 min",
        "Je rappelle le patient",
        "J’ai appelé le 15",
        '<svg class="chart"',
        "Valeur la plus basse de chaque heure",
    ):
        assert words in text, words


def test_opening_changes_nothing_but_the_journal(scene: Scene, new_client: NewClient) -> None:
    client, before = sign_in(new_client(), "gp"), life(scene)
    seen = rows("select count(*) from audit.event")
    for _ in range(2):
        client.get(scene.page)
        client.head(scene.page)
    assert life(scene) == before
    assert rows("select count(*) from audit.event") > seen


@pytest.mark.parametrize(
    ("form", "state", "said"),
    [
        ({"act": "seen"}, "seen", "vous avez vu cette alerte"),
        ({"act": "calling_patient"}, "owned", "vous rappelez le patient"),
        ({"act": "to_emergency"}, "owned", "vous adressez le patient aux urgences"),
        ({"act": "visit_asked"}, "owned", "vous demandez une visite avant"),
        ({"act": "called_15"}, "closed", "vous avez appelé le 15"),
        ({"act": "closed", "outcome": "advice_given", "note": "Repos."}, "closed", "clôturé"),
    ],
)
def test_an_answer_is_done_said_and_written(
    scene: Scene, new_client: NewClient, form: dict[str, str], state: str, said: str
) -> None:
    client = sign_in(new_client(), "gp")
    first = client.post(scene.page, data=form)
    assert first.status_code == 200
    assert said in first.text
    assert "Dr Paul Lefèvre" in first.text
    assert life(scene)[0][0] == state
    after = life(scene)
    client.post(scene.page, data=form)
    assert life(scene) == after


@pytest.mark.promise("R3")
def test_an_answer_to_an_orange_alert_does_not_answer_the_red_one(
    scene: Scene, new_client: NewClient
) -> None:
    client, before = sign_in(new_client(), "gp"), life(scene)
    page = client.get(scene.page).text
    assert page.count('name="shown" value="red"') == page.count(f'action="{scene.page}"') == 7
    stale = {"act": "closed", "outcome": "advice_given", "shown": "orange"}
    assert "devenue rouge" in client.post(scene.page, data=stale).text
    assert life(scene) == before
    client.post(scene.page, data={**stale, "shown": "red"})
    assert life(scene)[0][0] == "closed"


def test_whoever_comes_second_is_told_and_loses_nothing(
    scene: Scene, new_client: NewClient
) -> None:
    gp, nurse = sign_in(new_client(), "gp"), sign_in(new_client(), "nurse")
    nurse.post(scene.page, data={"act": "closed", "outcome": "advice_given"})
    late = gp.post(scene.page, data={"act": "called_15"})
    assert "Quelqu’un a été plus rapide" in late.text
    assert "Inès Moreau" in late.text
    assert "Conseil donné" in late.text


def test_an_alert_asleep_says_so_and_promises_no_delay(scene: Scene, new_client: NewClient) -> None:
    """The GP reads who put it to sleep, until when and why, and is not told that nobody has it."""
    gp, nurse = sign_in(new_client(), "gp"), scene.home.care.nurse
    ctx = opened(nurse, scene.home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    until = clock.now() + timedelta(minutes=20)
    act = Snooze(by=nurse.person, until=until, reason=SleepReason.ADVICE_AWAITED, note="Dr Roy")
    alerts.act(ctx, scene.alert, act)
    text = gp.get(scene.page).text.replace("\xa0", " ")
    assert "Mise en veille par Inès Moreau jusqu’à" in text
    assert "Un avis a été demandé · Dr Roy" in text
    assert "Mise en veille pour l’équipe, jusqu’à" in text
    assert "Personne ne l’a prise en charge" not in text
    assert "Retarde la relance" not in text
    assert "Mise en veille pour l’équipe" in gp.get("/").text
    assert gp.post(scene.page, data={"act": "calling_patient"}).status_code == 200
    assert life(scene)[0][0] == "owned"


def test_an_unknown_act_is_refused(scene: Scene, new_client: NewClient) -> None:
    client, before = sign_in(new_client(), "gp"), life(scene)
    for form in ({"act": "zap"}, {}, {"act": "closed"}, {"act": "closed", "outcome": "zap"}):
        assert client.post(scene.page, data=form).status_code == 400
    assert life(scene) == before


def test_another_patients_alert_is_not_found_under_this_one(
    scene: Scene, new_client: NewClient
) -> None:
    other = raise_red(make_home())
    wrong = f"/patients/{scene.home.care.patient}/alerts/{other}"
    client = sign_in(new_client(), "gp")
    assert client.get(wrong).status_code == 404
    assert client.post(wrong, data={"act": "seen"}).status_code == 404


def test_the_home_of_a_gp_lists_his_alerts_and_no_other(
    scene: Scene, new_client: NewClient
) -> None:
    text = sign_in(new_client(), "gp").get("/").text
    assert scene.page in text
    assert "Jeanne Martin" in text
    stranger = sign_in(new_client(), "stranger").get("/").text
    assert "Martin" not in stranger
    measure(scene.home, [(Vital.PULSE, 135.0, timedelta(minutes=1))])
    alerts.review(clock.now())
    assert len(open_of(scene.home)) == 2
    assert sign_in(new_client(), "gp").get("/").text.count("/alerts/") == 2


def test_the_time_of_a_promise_is_the_one_that_was_chosen(
    scene: Scene, new_client: NewClient
) -> None:
    client = sign_in(new_client(), "gp")
    page = client.get(scene.page).text
    choices = re.findall(r'<option value="(visit_asked\|[^"]+)"', page)
    assert len(choices) > 3
    done = client.post(scene.page, data={"act": "promise", "before": choices[0], "shown": "red"})
    assert "vous demandez une visite avant" in done.text
    assert "Dr Paul Lefèvre demande une visite avant" in done.text
    chosen = datetime.fromisoformat(choices[0].partition("|")[2])
    assert life(scene) == [("owned", chosen)]
    assert 'value="visit_asked"' not in done.text


@pytest.mark.parametrize(
    ("minutes", "said"), [(-5, "était passée"), (24 * 60, "trop lointaine pour cette alerte")]
)
def test_a_time_that_cannot_be_promised_is_named_and_notes_nothing(
    scene: Scene, new_client: NewClient, minutes: int, said: str
) -> None:
    client, before = sign_in(new_client(), "gp"), life(scene)
    time = (clock.now() + timedelta(minutes=minutes)).isoformat()
    done = client.post(scene.page, data={"act": "calling_patient", "before": time})
    assert said in done.text
    assert "Rien n’a été noté" in done.text
    assert life(scene) == before


@pytest.mark.parametrize("before", ["soon", "2026-11-27T10:00:00", "zap|now", "visit_asked|x"])
def test_a_time_that_is_none_is_refused(scene: Scene, new_client: NewClient, before: str) -> None:
    client, kept = sign_in(new_client(), "gp"), life(scene)
    for act in ("calling_patient", "promise"):
        assert client.post(scene.page, data={"act": act, "before": before}).status_code == 400
    assert life(scene) == kept
