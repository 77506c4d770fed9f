"""A death: nothing more goes to the patient or his family, not even what is being sent."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest

from alerts import call_back_service, escalation_service
from alerts import service as alerts
from alerts.silence_service import find_silent
from core import clock
from core.doors import Service, serving
from core.vitals import Vital
from messages import service as messages
from messages.delivery import LEASE
from messages.message import Message, Template, Weight
from messages.store import claim_messages, is_still_wanted, save_message
from questionnaires.plans.planning_service import plan_days
from questionnaires.reminders import service as reminders
from tests.as_owner import mutate, rows, run
from tests.days import day_in_france
from tests.integration.alerts.home import measure
from tests.integration.exit.conftest import CARER_MAIL, PATIENT_MAIL, Followed
from tests.integration.exit.test_exit import running
from tests.mailbox import Mailbox
from tests.sms_provider import SmsProvider

TO_PATIENT = set(Template) - {Template.OPERATOR_NOTICE}
ABOUT_HIM = {
    Template.MESSAGE_WAITING,
    Template.RECORD_NOTICE,
    Template.REMINDER,
    Template.ANSWER_LINK,
    Template.ANSWER_CODE,
    Template.CARER_AT_NIGHT,
    Template.REPEAT_ASKED,
    Template.CIRCLE_NOTICE,
}
"""What a carer is sent about the patient; all else a carer gets is of his own account."""
OF_AN_ACCOUNT = {  # or to somebody outside, by his address alone
    Template.SIGN_IN_CODE,
    Template.ACTIVATION,
    Template.ACTIVATION_CODE,
    Template.PASSWORD_RESET,
    Template.NEW_BROWSER,
    Template.OPERATOR_NOTICE,
    Template.ALERTS_WAITING,
    Template.ALERT_EVENT,
    Template.DIGEST,
    Template.SWAP_NOTICE,
    Template.CIRCLE_INVITATION,
    Template.DOCUMENT_LINK,
}


def every_kind(followed: Followed, when: str) -> Iterator[Message]:
    """Return a message of every kind, way and weight, to the patient and to his carer."""
    ways = {"email": PATIENT_MAIL, "sms": "+33639980112", "push": str(uuid4())}
    for template, (way, address), weight in product(sorted(Template), ways.items(), Weight):
        to = [(followed.patient, None), (followed.patient, followed.patient)]
        if template in ABOUT_HIM:
            to.append((followed.carer, followed.patient))
        for recipient, about in to if template in TO_PATIENT else ():
            yield Message(
                key=f"{when}:{template}:{way}:{weight}:{recipient}:{about}",
                recipient=recipient,
                address=CARER_MAIL if (way, recipient) == ("email", followed.carer) else address,
                template=template,
                params={},
                locale="fr",
                channel=way,  # type: ignore[arg-type]
                weight=weight,
                about=about,
            )


def put_out(followed: Followed, when: str) -> int:
    made = list(every_kind(followed, when))
    with serving(Service.REVIEW) as conn:
        for message in made:
            assert save_message(conn, message, clock.now())
    return len(made)


def states(when: str) -> set[str]:
    found = rows("select distinct state from messages.outbox where key like %s", f"{when}:%")
    return {str(state) for (state,) in found}


def test_every_template_is_of_the_record_or_of_an_account() -> None:
    assert set(Template) == ABOUT_HIM | OF_AN_ACCOUNT


def test_after_a_death_no_message_of_any_kind_goes_to_patient_or_carer(
    followed: Followed, mailbox: Mailbox, sms: SmsProvider
) -> None:
    count = put_out(followed, "leased")
    now = clock.now()
    with serving(Service.OUTBOX) as conn:
        leased = claim_messages(conn, now=now, lease_until=now + LEASE, limit=10_000)
    mine = [one for one in leased if one.key.startswith("leased:")]
    assert len(mine) == count
    put_out(followed, "waiting")
    assert states("waiting") == {"waiting"}
    assert "Le décès est noté" in followed.die()
    put_out(followed, "late")
    with serving(Service.OUTBOX) as conn:
        assert not [one.key for one in mine if is_still_wanted(conn, one, clock.now())]
    for _ in range(20):
        messages.send_due(clock.now() + LEASE + timedelta(minutes=1))
    assert states("leased") == states("waiting") == states("late") == {"cancelled"}
    assert not mailbox.to(PATIENT_MAIL) + mailbox.to(CARER_MAIL)
    assert not sms.taken
    told = {taken.recipient for taken in mailbox.taken}
    assert f"{followed.scene.home.care.gp.person}@gp.example" in told


def death_during_a_send(followed: Followed, mailbox: Mailbox) -> None:
    """Let a sender hold three leases; the death is noted while it hands the first one over."""
    nurse = followed.scene.home.care.nurse.person
    now = clock.now()
    run("update messages.outbox set state = 'cancelled' where state = 'waiting'")
    to: list[tuple[UUID, str, UUID | None]] = [
        (nurse, "first@nurse.example", None),
        (followed.patient, PATIENT_MAIL, followed.patient),
        (followed.carer, CARER_MAIL, followed.patient),
    ]
    with serving(Service.REVIEW) as conn:
        for place, (person, address, about) in enumerate(to):
            message = Message(
                key=f"race:{place}",
                recipient=person,
                address=address,
                template=Template.RECORD_NOTICE,
                params={"path": "/"},
                locale="fr",
                about=about,
            )
            save_message(conn, message, now - timedelta(seconds=10 - place))
    seen: list[str] = []

    def reply(address: str, _tries: int) -> str:
        if address == "first@nurse.example" and not seen:
            seen.extend(str(state) for (state,) in rows(
                "select state from messages.outbox where key like 'race:%%' order by key"
            ))  # fmt: skip
            assert "Le décès est noté" in followed.die()
        return "250 OK"

    mailbox.reply = reply
    messages.send_due(now)
    assert seen == ["sending"] * 3


def test_what_a_sender_holds_while_the_death_is_noted_is_not_sent(
    followed: Followed, mailbox: Mailbox
) -> None:
    death_during_a_send(followed, mailbox)
    assert [taken.recipient for taken in mailbox.taken] == ["first@nurse.example"]
    assert rows("select state from messages.outbox where key like 'race:%%' order by key") == [
        ("sent",), ("cancelled",), ("cancelled",),
    ]  # fmt: skip


def test_fault_a_sender_that_does_not_ask_again_writes_to_the_dead(
    followed: Followed, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messages.store.is_still_wanted", lambda *_: True)
    death_during_a_send(followed, mailbox)
    assert mailbox.to(PATIENT_MAIL)
    assert mailbox.to(CARER_MAIL)


def test_all_that_runs_stops_in_the_transaction_of_the_death(followed: Followed) -> None:
    assert followed.jeanne.get("/p").status_code == 200
    text = followed.die()
    assert "Le décès est noté" in text
    assert set(running(followed).values()) == {0}
    assert rows("select distinct outcome from alerts.alert") == [("patient_died",)]
    assert followed.jeanne.get("/p", follow_redirects=False).status_code in (303, 401)
    assert rows("select count(*) from questionnaires.link where ended_at is null") == [(0,)]
    assert rows("select upper_inf(valid) from devices.assignment") == [(True,)]
    assert "Luc Martin" in text
    assert "Rose Martin" in text
    assert "J’ai prévenu cette personne" in text
    party = {"party": str(followed.carer)}
    assert (
        "prévenu par Inès Moreau"
        in followed.nurse.post(f"{followed.page}/death/told", data=party).text
    )


def test_fault_a_death_noted_in_two_steps_is_not_noted_at_all(followed: Followed) -> None:
    """What fails at the end of it leaves everything as it was: it is one transaction."""
    before = running(followed)
    mutate("messages.silence", "SELECT count(*)", "SELECT (count(*) / 0)")
    form = {"day": day_in_france().isoformat(), "sure": "yes"}
    assert followed.nurse.post(f"{followed.page}/death", data=form).status_code == 400
    assert running(followed) == before


def test_what_comes_late_is_kept_and_calls_nobody(followed: Followed) -> None:
    followed.die()
    home = followed.scene.home
    count = rows("select count(*) from vitals.reading")[0][0]
    measure(home, [(Vital.SPO2, 70.0, timedelta(minutes=1))])
    run(
        "insert into alerts.call_back (id, patient_id, asked_at, asked_by, client_key)"
        " values (%s, %s, now(), %s, gen_random_uuid()::text)",
        uuid4(), followed.patient, followed.patient,
    )  # fmt: skip
    later = clock.now() + timedelta(days=1)
    for now in (clock.now(), later):
        alerts.review(now)
        plan_days(now)
        find_silent(now)
        call_back_service.raise_waiting(now)
        reminders.plan_reminders(now)
        reminders.remind_due(now)
        escalation_service.escalate_due(now)
    assert rows("select count(*) from vitals.reading") == [(count + 1,)]
    assert set(running(followed).values()) == {0}
    assert rows("select count(*) from core.due") == [(0,)]
    assert "MARTIN" not in followed.nurse.get("/calls").text


def test_fault_without_its_trigger_a_late_call_back_would_call(followed: Followed) -> None:
    followed.die()
    run("drop trigger not_of_the_dead on alerts.alert")
    run("update access.patient set died_on = null, death_noted_at = null")
    run(
        "insert into alerts.call_back (id, patient_id, asked_at, asked_by, client_key)"
        " values (%s, %s, now(), %s, gen_random_uuid()::text)",
        uuid4(), followed.patient, followed.patient,
    )  # fmt: skip
    call_back_service.raise_waiting(clock.now())
    assert running(followed)["alerts"] == 1


def test_a_dead_person_is_asked_nothing_again(followed: Followed) -> None:
    followed.die()
    start = {"programme": "covid-30", "zone": "Europe/Paris", "silence_alert": "yes"}
    text = followed.nurse.post(f"{followed.page}/plan", data=start).text
    assert "décédé" in text
    assert running(followed)["plans"] == 0
    assert "Le décès est déjà noté" in followed.die()


def test_a_death_noted_in_error_is_corrected_with_a_reason(
    followed: Followed, mailbox: Mailbox
) -> None:
    followed.die()
    messages.send_due(clock.now())
    gp = f"{followed.scene.home.care.gp.person}@gp.example"
    assert len(mailbox.to(gp)) == 1
    undo = f"{followed.page}/death/undo"
    assert "Dire en quelques mots" in followed.nurse.post(undo, data={"reason": " "}).text
    text = followed.nurse.post(undo, data={"reason": "Confusion avec un homonyme"}).text
    assert "Confusion avec un homonyme" in text
    assert "Inclure de nouveau" in text
    assert rows("select died_on from access.patient where id = %s", followed.patient) == [(None,)]
    assert rows("select disabled_at from identity.account where person = %s", followed.patient) == [
        (None,)
    ]
    assert rows("select reason_is, action from (select detail ->> 'undone' as reason_is, action"
        " from audit.event) e where reason_is is not null") == [("death", "U")]  # fmt: skip
    messages.send_due(clock.now())
    assert len(mailbox.to(gp)) == 2
    assert "Aucun décès" in followed.nurse.post(undo, data={"reason": "encore une fois"}).text


def test_who_may_not_end_a_follow_up_may_not_note_a_death(followed: Followed) -> None:
    form = {"day": day_in_france().isoformat(), "sure": "yes"}
    assert followed.jeanne.post(f"{followed.page}/death", data=form).status_code == 403
    tomorrow = (day_in_france() + timedelta(days=2)).isoformat()
    bad = followed.nurse.post(f"{followed.page}/death", data={"day": tomorrow, "sure": "yes"})
    assert "Indiquer le jour du décès" in bad.text
    unsure = followed.nurse.post(f"{followed.page}/death", data={"day": form["day"]})
    assert "Cocher que ce décès" in unsure.text


def test_the_letter_of_an_error_says_so(followed: Followed) -> None:
    followed.die()
    followed.nurse.post(f"{followed.page}/death/undo", data={"reason": "Une homonyme"})
    assert "noté par erreur, ne pas utiliser" in followed.nurse.get(f"{followed.page}/exit").text


def test_the_circle_is_told_of_a_death_soberly(followed: Followed, mailbox: Mailbox) -> None:
    followed.die()
    messages.send_due(clock.now())
    (told,) = mailbox.to(f"{followed.scene.home.care.gp.person}@gp.example")
    body = told.mail.get_body(("plain",))
    assert body is not None
    words = f"{told.mail['Subject']} {body.get_content()}"
    assert f"{followed.page}/exit" in words
    spoken = ("Martin", "MARTIN", "Jeanne", "décès", "décédé", "mort", "covid", "death", "died")
    assert not [one for one in spoken if one in words]
    assert mailbox.to(CARER_MAIL) == []
