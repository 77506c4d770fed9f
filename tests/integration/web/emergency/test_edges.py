"""Breaking the glass at its edges: guesses, mails as they arrive, the console, rows by hand."""

from uuid import UUID

import psycopg
import pytest
from starlette.testclient import TestClient

from core import clock
from core.doors import acting_as
from core.ids import new_id
from dashboard.edge import guard
from identity.slowdown import TOO_MANY_HERE
from messages import service as messages
from tests.as_owner import mutate, run
from tests.integration.alerts.home import rows
from tests.integration.web.emergency.breaking import (
    REASON,
    REVIEWS,
    break_glass,
    emergency,
    refusals,
    review_of,
)
from tests.integration.web.scene import NewClient, Scene, sign_in
from tests.mailbox import Mailbox, Taken


@pytest.mark.promise("S9")
def test_whoever_guesses_the_secret_waits_and_each_guess_is_written(
    scene: Scene, urgent: TestClient
) -> None:
    for _ in range(TOO_MANY_HERE):
        assert break_glass(urgent, secret="wrong").status_code == 401
    assert break_glass(urgent, secret="wrong").status_code == 429
    # The right one is not judged either: nobody learns by it that he has found it.
    assert break_glass(urgent).status_code == 429
    assert urgent.get(emergency(scene)).status_code == 404
    assert refusals() == [("BTG", "not_confirmed")] * (TOO_MANY_HERE + 2)
    assert rows("select 1 from coordination.break_glass") == []


def test_a_count_of_guesses_that_is_lost_would_be_seen(scene: Scene, urgent: TestClient) -> None:
    for _ in range(TOO_MANY_HERE + 1):
        last = break_glass(urgent, secret="wrong")
    assert last.status_code == 429
    run("delete from identity.sign_in_failure")
    assert break_glass(urgent).status_code == 303


def words_of(taken: Taken) -> str:
    """Return all a reader of the mail on its way sees: headers and both bodies."""
    parts = [part.get_content() for part in taken.mail.walk() if not part.is_multipart()]
    headers = [str(taken.mail["Subject"]), str(taken.mail["From"]), taken.message_id]
    return "\n".join([*headers, *parts])


@pytest.mark.promise("S9")
def test_the_mails_arrive_and_say_neither_who_nor_what(
    scene: Scene, urgent: TestClient, mailbox: Mailbox
) -> None:
    assert break_glass(urgent).status_code == 303
    messages.send_due(clock.now())
    patient = mailbox.to("jeanne@patient.example")
    doctor = [
        each
        for each in mailbox.to(f"{scene.home.care.gp.person}@gp.example")
        if "/circle" in words_of(each)
    ]
    assert [len(patient), len(doctor)] == [1, 1]
    for taken in (*patient, *doctor):
        said = words_of(taken)
        assert "Un message vous attend dans Chevet" in said
        for kept in ("Martin", "MARTIN", "Jeanne", "Garde", "Argenteuil", "SpO", "90 %", REASON):
            assert kept not in said
    assert "/p/journal" in words_of(patient[0])
    messages.send_due(clock.now())
    assert len(mailbox.to("jeanne@patient.example")) == 1


def test_a_mail_with_the_name_in_it_would_be_seen(
    scene: Scene, urgent: TestClient, mailbox: Mailbox
) -> None:
    assert break_glass(urgent).status_code == 303
    run(
        "update messages.outbox set params = jsonb_build_object('path', '/Jeanne-Martin')"
        " where key like 'break-glass:%'"
    )
    messages.send_due(clock.now())
    (taken,) = mailbox.to("jeanne@patient.example")
    assert "Martin" in words_of(taken)


@pytest.mark.promise("S9")
def test_an_emergency_opens_one_record_and_not_the_console(
    scene: Scene, urgent: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert break_glass(urgent).status_code == 303
    notes = f"/patients/{scene.home.care.patient}/notes"
    assert f'href="{notes}"' in urgent.get(emergency(scene)).text
    assert urgent.get(notes).status_code == 200
    cookies = f"chevet_session={urgent.cookies['chevet_session']}"
    assert guard._person(cookies) is None
    # A lock of the console that asked no right would let him in.
    monkeypatch.setattr(guard, "may", lambda who, permission: who is not None)
    assert guard._person(cookies) is not None


def judged_by_himself(scene: Scene, reviewer: TestClient, new_client: NewClient) -> bool:
    """Make the doctor a reviewer of his house; say whether his verdict on himself is kept."""
    action = review_of(reviewer)
    run(
        "update access.post set role = 'access_reviewer' where person ="
        " (select person from identity.account where login = 'urgent')"
    )
    verdict = {"verdict": "justified", "note": "Je m’en porte garant."}
    sign_in(new_client(), "urgent").post(action, data=verdict)
    return rows("select verdict from coordination.break_glass") != [(None,)]


def test_a_review_that_forgets_who_made_the_access_would_be_seen(
    scene: Scene, reviewer: TestClient, new_client: NewClient
) -> None:
    mutate("coordination.review", "g.person <> access.current_person()", "true")
    # The table refuses it too, by a check without a name of its own.
    checks = rows(
        "select conname from pg_constraint where conrelid = 'coordination.break_glass'::regclass"
        " and pg_get_constraintdef(oid) like '%%reviewed_by <> person%%'"
    )
    assert len(checks) == 1
    run(f"alter table coordination.break_glass drop constraint {checks[0][0]}")
    assert judged_by_himself(scene, reviewer, new_client)


@pytest.mark.promise("S9")
def test_nobody_keeps_a_verdict_on_himself(
    scene: Scene, reviewer: TestClient, new_client: NewClient
) -> None:
    assert not judged_by_himself(scene, reviewer, new_client)


def write_by_hand(scene: Scene, party: UUID) -> None:
    """Write a membership of an emergency as a GP who manages the circle could try to."""
    gp, now = scene.home.care.gp, clock.now()
    with acting_as(gp) as conn:
        conn.execute(
            "insert into access.membership (id, patient_id, party, role, basis, starts_at,"
            " ends_at, granted_by) values (%s, %s, %s, 'emergency', 'break_glass', %s,"
            " %s + interval '1 hour', %s)",
            [new_id(now), scene.home.care.patient, party, now, now, gp.person],
        )


@pytest.mark.promise("S9")
def test_no_emergency_is_written_past_its_one_way(scene: Scene) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        write_by_hand(scene, scene.stranger.person)
    run("drop policy person_adds on access.membership")
    run("create policy person_adds on access.membership for insert to chevet_app with check (true)")
    write_by_hand(scene, scene.stranger.person)
    assert rows("select 1 from access.membership where basis = 'break_glass'") == [(1,)]


def test_whose_post_does_not_allow_it_is_refused_in_writing(
    scene: Scene, urgent: TestClient, new_client: NewClient
) -> None:
    nurse, patient = (sign_in(new_client(), login) for login in ("nurse", "patient"))
    for page in ("/emergency", REVIEWS):
        assert nurse.get(page).status_code == 403
        # Without any post the page does not exist.
        assert patient.get(page).status_code == 404
    found = "select permission from audit.event where outcome = 'refused' order by permission"
    assert rows(found) == [("break_glass:review",)] * 2 + [("record:break_glass",)] * 2
