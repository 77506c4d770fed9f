"""An exit by its page: one transaction ends all that asks, watches and calls."""

from datetime import timedelta

import pytest

from alerts import service as alerts
from alerts.acts import Close
from alerts.outcomes import Outcome
from alerts.silence_service import find_silent
from coordination.opening import service as opening
from core import clock
from core.access import Permission
from core.vitals import Vital
from messages import service as messages
from tests.as_owner import rows, run
from tests.integration.alerts.home import measure, opened
from tests.integration.exit.conftest import Followed
from tests.integration.web.scene import NewClient, sign_in
from tests.mailbox import Mailbox


def running(followed: Followed) -> dict[str, int]:
    """Return what still runs for the patient."""
    queries = {
        "episodes": "coordination.episode where ended_at is null",
        "plans": "questionnaires.plan where ended_at is null",
        "tasks": "questionnaires.task where state in ('open', 'paused')",
        "prescriptions": "alerts.prescription where ends_at is null",
        "alerts": "alerts.alert where state <> 'closed'",
        "steps": "alerts.alert where next_step_at is not null",
    }
    return {
        name: rows(f"select count(*) from {query} and patient_id = %s", followed.patient)[0][0]
        for name, query in queries.items()
    }


def test_a_red_alert_is_dealt_with_before_the_follow_up_ends(followed: Followed) -> None:
    before = running(followed)
    text = followed.exit("recovery")
    assert "Une alerte est ouverte" in text
    assert running(followed) == before
    assert min(before.values()) > 0


def test_in_hospital_everything_ends_at_once(followed: Followed, mailbox: Mailbox) -> None:
    text = followed.exit("hospitalisation", note="Transfert au CHU pour oxygène.")
    assert "Le suivi a pris fin" in text
    assert set(running(followed).values()) == {0}
    assert rows("select distinct outcome from alerts.alert") == [("hospitalised",)]
    assert rows("select end_reason from questionnaires.plan") == [("hospital",)]
    assert "à rendre" in text
    assert rows("select upper_inf(valid) from devices.assignment") == [(True,)]
    measure(followed.scene.home, [(Vital.SPO2, 80.0, timedelta(minutes=1))])
    alerts.review(clock.now())
    find_silent(clock.now() + timedelta(days=2))
    assert running(followed)["alerts"] == 0
    messages.send_due(clock.now())
    gp = f"{followed.scene.home.care.gp.person}@gp.example"
    (told,) = mailbox.to(gp)
    body = told.mail.get_body(("plain",))
    assert body is not None
    words = body.get_content()
    assert f"{followed.page}/exit" in words
    assert not [one for one in ("Martin", "MARTIN", "hospital", "covid") if one in words]
    shown = followed.nurse.get(f"{followed.page}/exit").text
    assert "Dr Paul Lefèvre : averti par courriel" in shown


def test_an_opposition_waits_for_the_letter_and_closes_the_record_then(followed: Followed) -> None:
    run(
        "insert into coordination.statement (id, patient_id, kind, text_id, text_version, wording,"
        " said_on, said_by, means, recorded_by, recorded_at) values (gen_random_uuid(), %s,"
        " 'opposition', 'opposition', 1, 'Je m’oppose', current_date, 'patient', 'spoken', %s,"
        " now())",
        followed.patient,
        followed.patient,
    )
    run(
        "update access.circle set managing_organisation = %s where patient_id = %s",
        followed.scene.home.care.centre,
        followed.patient,
    )
    followed.exit("hospitalisation")
    assert set(running(followed).values()) == {0}
    assert rows("select count(*) from coordination.exit_letter") == [(1,)]
    run("delete from core.due")
    assert opening.heed_opposition()
    assert rows("select shared, organisation from access.record") == [
        (False, followed.scene.home.care.centre)
    ]
    assert rows("select what from access.record_change") == [("unshared",)]


def test_an_alert_that_nobody_was_shown_is_not_closed_unseen(followed: Followed) -> None:
    assert (
        "Une alerte est ouverte"
        in followed.nurse.post(
            f"{followed.page}/exit/{followed.episode}", data={"reason": "hospitalisation"}
        ).text
    )
    assert running(followed)["episodes"] == 1


def test_the_letter_is_kept_and_read_by_the_attending_doctor(
    followed: Followed, new_client: NewClient
) -> None:
    followed.exit("hospitalisation", note="Oxygène")
    ((letter, pdf),) = rows("select id, pdf from coordination.exit_letter")
    gp = sign_in(new_client(), "gp")
    answer = gp.get(f"{followed.page}/letters/{letter}")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content == bytes(pdf)
    assert answer.content.startswith(b"%PDF-")
    stranger = sign_in(new_client(), "stranger")
    assert stranger.get(f"{followed.page}/letters/{letter}").status_code == 404
    assert "Mettre fin au suivi" not in gp.get(f"{followed.page}/exit").text


def test_a_device_stays_lent_until_it_is_back(followed: Followed) -> None:
    followed.exit("hospitalisation")
    ((kit,),) = rows("select id from coordination.kit_return")
    text = followed.nurse.post(f"{followed.page}/kit/{kit}", data={"outcome": "returned"}).text
    assert "rendu" in text
    assert rows("select upper_inf(valid) from devices.assignment") == [(False,)]


def test_twice_is_once(followed: Followed) -> None:
    followed.exit("hospitalisation")
    assert "a déjà pris fin" in followed.exit("hospitalisation")
    assert rows("select count(*) from coordination.exit_letter") == [(1,)]


@pytest.mark.parametrize(
    ("reason", "plan"),
    [
        ("planned_end", "planned"),
        ("recovery", "recovered"),
        ("refusal", "refused"),
        ("move", "moved"),
    ],
)
def test_once_nothing_red_is_open_it_ends_for_each_reason(
    followed: Followed, reason: str, plan: str
) -> None:
    nurse, patient = followed.scene.home.care.nurse, followed.patient
    ctx = opened(nurse, patient, Permission.ALERTS_ACKNOWLEDGE)
    for line in alerts.open_alerts(opened(nurse, patient, Permission.ALERTS_READ)):
        alerts.act(ctx, line.alert_id, Close(by=nurse.person, outcome=Outcome.ADVICE_GIVEN))
    assert "Le suivi a pris fin" in followed.exit(reason)
    assert set(running(followed).values()) == {0}
    assert rows("select end_reason from questionnaires.plan") == [(plan,)]
    assert rows("select end_reason from coordination.episode") == [(reason,)]
    assert rows("select count(*) from coordination.exit_letter") == [(1,)]
