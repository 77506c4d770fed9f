"""From a task to the patient: notification, then SMS, then mail, then nobody writes any more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from core import clock
from core.access import Permission
from core.doors import Service, serving
from core.settings import settings
from messages import service as messages
from messages.message import Message, Template, Weight
from messages.store import save_message
from questionnaires.plans import pausing_service
from questionnaires.plans import service as plans
from questionnaires.plans.plan import PauseReason
from questionnaires.reminders import service as reminders
from tests.as_owner import mutate, rows, run
from tests.integration.plans.home import opened
from tests.integration.reminders.conftest import NINE, NUMBER, Ward, after

# Of Apprise's own code, the first time it is loaded.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def answer(task: UUID) -> None:
    """Settle a task as an answer does."""
    ((patient,),) = rows("select patient_id from questionnaires.task where id = %s", task)
    run(
        "with a as (insert into questionnaires.answer (id, patient_id, instrument, version,"
        " answers, answered_at, received_at, entered_by, client_key) values (gen_random_uuid(), %s,"
        " 'dyspnoea', 1, '{}', %s, %s, %s, gen_random_uuid()::text) returning id)"
        " update questionnaires.task set state = 'done', done_at = %s, answer_id = a.id from a"
        " where task.id = %s",
        patient,
        clock.now(),
        clock.now(),
        patient,
        clock.now(),
        task,
    )


def test_a_notification_that_arrives_is_all(ward: Ward) -> None:
    ward.subscribe()
    ward.go(after(-1))
    assert ward.notified() == 0
    ward.go(after(1))
    assert ward.notified() == 1
    ward.acknowledge()
    ward.go(after(75))
    ward.go(after(1200))
    assert (ward.notified(), ward.sms.taken, ward.mailbox.ids) == (1, [], [])
    assert ward.outcomes()[0] == (0, "second", "told")


def test_without_a_receipt_within_a_minute_the_sms_goes_and_says_nothing(ward: Ward) -> None:
    ward.subscribe()
    ward.go(after(1))
    ward.go(after(50))
    assert ward.sms.taken == []
    ward.go(after(63))
    ((number, text),) = ward.sms.taken
    assert number == NUMBER
    assert text.startswith("Chevet : un message vous attend")
    assert text.endswith("appelez le 15.")
    ward.go(after(600))
    assert (len(ward.sms.taken), ward.mailbox.ids) == (1, [])


def test_whoever_chose_a_mail_gets_a_mail(ward: Ward) -> None:
    run(
        "insert into messages.preference (party, fallback, changed_at) values (%s, 'email', now())",
        ward.care.patient,
    )
    ward.go(after(1))
    (mail,) = ward.mailbox.to("jeanne@maison.example")
    body = mail.mail.get_body(("plain",))
    assert body is not None
    assert "un message vous attend" in body.get_content().lower()
    assert ward.sms.taken == []


def test_a_gateway_down_for_an_hour_hands_over_to_the_mail_and_nothing_comes_twice(
    ward: Ward,
) -> None:
    ward.sms.down = True
    ward.go(after(1))
    for minute in (1, 2, 4, 5, 30, 60):
        ward.go(after(60 * minute))
    assert len(ward.mailbox.to("jeanne@maison.example")) == 1
    ward.sms.down = False
    ward.go(after(3700))
    assert ward.sms.taken == []
    assert len(ward.mailbox.ids) == 1


def test_a_service_of_notifications_down_for_an_hour_hands_over_to_the_sms(ward: Ward) -> None:
    ward.subscribe()
    ward.push.behave("500")
    ward.go(after(1))
    ward.go(after(62))
    assert len(ward.sms.taken) == 1
    ward.go(after(3500))
    ward.push.behave("201")
    ward.go(after(3600))
    assert len(ward.sms.taken) == 1


def test_answered_between_lease_and_sending_nothing_is_sent(ward: Ward) -> None:
    ward.sms.down = True
    ward.go(after(1))
    assert rows("select state from messages.outbox where channel = 'sms'") == [("waiting",)]
    answer(ward.task_at(NINE))
    ward.sms.down = False
    ward.go(after(30))
    assert ward.sms.taken == []
    assert rows("select state from messages.outbox where channel = 'sms'") == [("cancelled",)]


def test_answered_before_a_reminder_it_is_quiet(ward: Ward) -> None:
    ward.subscribe()
    answer(ward.task_at(NINE))
    ward.go(after(1))
    assert ward.notified() == 0


def test_paused_or_let_go_nothing_is_sent(ward: Ward) -> None:
    ward.subscribe()
    ward.go(after(-300))
    ctx = opened(ward.care.nurse, ward.care.patient, Permission.MONITORING_WRITE)
    now = clock.now()
    pausing_service.pause(ctx, PauseReason.HOLIDAY, now, now + timedelta(days=3))
    ward.go(after(1))
    assert ward.notified() == 0
    assert ward.sms.taken == []


def test_the_end_of_a_plan_stops_what_waits(ward: Ward) -> None:
    ward.sms.down = True
    ward.go(after(1))
    with serving(Service.ADMINISTRATION) as conn:
        plans.end_plan(conn, ward.care.patient, "recovery", clock.now())
    ward.sms.down = False
    ward.go(after(30))
    ward.go(after(300))
    assert (ward.sms.taken, ward.mailbox.ids) == ([], [])


def test_the_cap_of_the_day_holds_back_reminders_and_nothing_else(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_MESSAGES_PER_DAY", "2")
    settings.cache_clear()
    for hour in (9, 11, 13, 15):
        ward.go(NINE + timedelta(hours=hour - 9, seconds=1))
    assert len(ward.sms.taken) == 2
    now = clock.now()
    for weight in (Weight.URGENT, Weight.NOTICE):
        with serving(Service.OUTBOX) as conn:
            message = Message(
                key=f"{weight}:{uuid4()}",
                recipient=ward.care.patient,
                address=NUMBER,
                template=Template.REMINDER,
                params={},
                locale="fr",
                channel="sms",
                weight=weight,
            )
            save_message(conn, message, now)
    assert messages.send_due(now, "others").sent == 2
    assert len(ward.sms.taken) == 4
    ward.go(NINE + timedelta(days=1, seconds=1))
    assert len(ward.sms.taken) == 5, "another local day, another cap"


def test_no_reminder_at_night(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEVET_QUIET_HOURS", "21-10")
    settings.cache_clear()
    ward.go(after(1))
    assert ward.sms.taken == []
    ward.go(after(3601))
    assert len(ward.sms.taken) == 1


def test_a_reminder_found_hours_late_comes_once_as_its_last(ward: Ward) -> None:
    ward.go(NINE + timedelta(hours=2, minutes=1))
    assert len(ward.sms.taken) == 1
    assert [row for row in ward.outcomes() if row[0] == 0] == []


def test_many_reminders_at_once_each_once_and_never_beyond_the_cap(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_MESSAGES_PER_DAY", "1")
    settings.cache_clear()
    ward.at(after(1))
    run(
        "insert into questionnaires.reminder (id, task_id, patient_id, number, next_at, step)"
        " select gen_random_uuid(), t.id, t.patient_id, 500 + n, %s, 'first'"
        " from questionnaires.task t, generate_series(1, 5) n",
        NINE,
    )
    open_ones = "select count(*) from questionnaires.reminder where ended_at is null"
    open_ones += " and next_at < %s"
    while rows(open_ones, clock.now()) != [(0,)]:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: reminders.remind_due(clock.now()), range(20)))
    assert rows("select count(*) from messages.outbox where weight = 'reminder'") == [(1,)]


def test_a_number_that_takes_no_messages_is_marked(ward: Ward) -> None:
    run("update identity.patient set phone = '01 42 34 56 78'")
    ward.go(after(1))
    fault = "select channel, reason from messages.contact_fault where cleared_at is null"
    assert rows(fault) == [("sms", "not_mobile")]
    assert len(ward.mailbox.ids) == 1, "the mail goes instead"
    run("update identity.patient set phone = '06 98 76 54 32'")
    assert rows(fault) == []


def test_a_number_refused_again_and_again_while_others_are_taken_is_marked(ward: Ward) -> None:
    ward.sms.refused.add(NUMBER)
    ward.go(after(1))
    run(
        "insert into messages.outbox (id, key, channel, address, template, params, locale, state,"
        " created_at, next_attempt_at) values (gen_random_uuid(), 'other', 'sms', '+33612345678',"
        " 'reminder', '{}', 'fr', 'waiting', %s, %s)",
        clock.now(),
        clock.now(),
    )
    messages.send_due(clock.now())
    for seconds in (10, 20, 40, 80):
        ward.go(after(seconds))
    assert rows("select channel, reason from messages.contact_fault") == [("sms", "undeliverable")]


def test_a_gateway_that_takes_nobodys_messages_marks_nobody(ward: Ward) -> None:
    ward.sms.down = True
    for seconds in (1, 10, 20, 40, 80):
        ward.go(after(seconds))
    assert rows("select count(*) from messages.contact_fault") == [(0,)]


def test_later_puts_off_what_was_planned(ward: Ward) -> None:
    ward.subscribe()
    ward.go(after(1))
    ward.acknowledge()
    ctx = opened(ward.care.patient_actor, ward.care.patient, Permission.ANSWERS_WRITE)
    task = ward.task_at(NINE)
    put_off = reminders.remind_later(ctx, task, timedelta(minutes=30))
    assert isinstance(put_off, reminders.Later)
    ward.go(after(1700))
    assert ward.notified() == 1
    ward.go(after(1805))
    assert ward.notified() == 2
    assert reminders.remind_later(ctx, task, timedelta(hours=3)) == reminders.TooLate()
    stranger = opened(ward.care.nurse, ward.care.patient, Permission.ANSWERS_WRITE)
    assert reminders.remind_later(stranger, uuid4(), timedelta(minutes=5)) == reminders.TooLate()


# Faults from outside: without the rule, the test that is there for it does not pass.


def test_without_the_look_before_sending_an_answered_task_is_reminded_of(ward: Ward) -> None:
    mutate("messages.is_timely", "t.state = 'open'::text", "true")
    with pytest.raises(AssertionError):
        test_answered_between_lease_and_sending_nothing_is_sent(ward)


def test_without_receipts_the_sms_goes_all_the_same(ward: Ward) -> None:
    mutate("questionnaires.reminder_facts", "o.received_at IS NOT NULL", "false")
    with pytest.raises(AssertionError):
        test_a_notification_that_arrives_is_all(ward)


def test_without_a_count_of_the_day_the_cap_does_not_hold(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutate("questionnaires.reminder_facts", "o.weight <> 'own'::text", "false")
    with pytest.raises(AssertionError):
        test_many_reminders_at_once_each_once_and_never_beyond_the_cap(ward, monkeypatch)
