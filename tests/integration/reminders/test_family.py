"""Whoever the patient lets be told is told once that no answer came, and no word of health."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from coordination import family_service
from coordination.family import Relative
from core import clock
from core.access import Permission
from identity import service as identity
from messages import service as messages
from questionnaires.plans import pausing_service
from questionnaires.plans.plan import PauseReason
from tests.as_owner import mutate, rows, run
from tests.integration.plans.home import opened
from tests.integration.reminders.conftest import NINE, Ward
from tests.integration.reminders.test_ladder import answer

# Of Apprise's own code, the first time it is loaded.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
MISSED = NINE + timedelta(hours=6, minutes=1)
"""A minute after the grace of nine o'clock."""


def relative(ward: Ward, channel: str = "email", address: str = "paul@maison.example") -> UUID:
    """Let Paul be in Jeanne's circle as her carer, with an address."""
    paul = identity.register_person("Paul Martin")
    identity.join_circle(ward.care.patient, paul, "carer")
    messages.register_contact(paul, channel, address)
    return paul


def go(ward: Ward, moment: datetime) -> None:
    """Be at a moment, do what is due and send what waits, not only reminders."""
    ward.go(moment)
    messages.send_due(clock.now(), "others")


def choose(ward: Ward, *, told: bool = True) -> bool:
    ctx = opened(ward.care.patient_actor, ward.care.patient, Permission.CIRCLE_READ)
    (paul,) = family_service.family(ctx)
    return family_service.tell_of_silence(ctx, paul.membership_id, told=told)


def family(ward: Ward) -> list[Relative]:
    ctx = opened(ward.care.patient_actor, ward.care.patient, Permission.CIRCLE_READ)
    return family_service.family(ctx)


def test_a_relative_is_told_once_when_the_deadline_has_passed(ward: Ward) -> None:
    relative(ward)
    assert choose(ward)
    assert [(one.name, one.told, one.reachable) for one in family(ward)] == [
        ("Paul Martin", True, True)
    ]
    go(ward, NINE + timedelta(hours=5))
    assert ward.mailbox.to("paul@maison.example") == []
    go(ward, MISSED)
    go(ward, MISSED + timedelta(minutes=5))
    (mail,) = ward.mailbox.to("paul@maison.example")
    assert "Martin" not in str(mail.mail), "neither who nor what"


def test_without_a_mail_address_the_text_message_goes(ward: Ward) -> None:
    relative(ward, "sms", "+33611223344")
    choose(ward)
    go(ward, MISSED)
    assert [number for number, _ in ward.sms.taken].count("+33611223344") == 1


def test_nobody_is_told_who_was_not_chosen_or_no_longer_is(ward: Ward) -> None:
    relative(ward)
    go(ward, NINE)
    choose(ward)
    choose(ward, told=False)
    go(ward, MISSED)
    assert ward.mailbox.to("paul@maison.example") == []


def test_an_answer_or_a_pause_is_no_silence(ward: Ward) -> None:
    relative(ward)
    choose(ward)
    answer(ward.task_at(NINE))
    go(ward, NINE + timedelta(hours=1))
    ctx = opened(ward.care.nurse, ward.care.patient, Permission.MONITORING_WRITE)
    now = clock.now()
    paused = pausing_service.pause(ctx, PauseReason.HOSPITAL, now, now + timedelta(days=2))
    assert isinstance(paused, UUID)
    go(ward, NINE + timedelta(days=1, hours=12))
    assert ward.mailbox.to("paul@maison.example") == []


def test_the_team_chooses_nobody_for_him_and_he_chooses_no_stranger(ward: Ward) -> None:
    relative(ward)
    (paul,) = family(ward)
    nurse = opened(ward.care.nurse, ward.care.patient, Permission.CIRCLE_READ)
    told = family_service.tell_of_silence(nurse, paul.membership_id, told=True)
    shown = family_service.family(nurse)
    # Whoever manages the circle may write down what he heard from the patient; nobody else.
    assert told == bool(shown)
    own = opened(ward.care.patient_actor, ward.care.patient, Permission.CIRCLE_READ)
    ((gp,),) = rows("select id from access.membership where role = 'gp'")
    assert not family_service.tell_of_silence(own, UUID(str(gp)), told=True)


def test_a_detector_that_tells_whoever_is_near_is_caught(ward: Ward) -> None:
    """The fault: the choice counts for nothing once there was one."""
    mutate(
        "questionnaires.told_of_silence",
        "coordination.told_of_silence s",
        "(select k.id as membership_id, k.patient_id from access.membership k) s",
    )
    mutate("questionnaires.somebody_is_told", "EXISTS", "true or EXISTS")
    with pytest.raises(AssertionError):
        test_nobody_is_told_who_was_not_chosen_or_no_longer_is(ward)


def test_who_has_left_the_role_he_was_chosen_in_is_not_told(ward: Ward) -> None:
    """He stays in the circle in another way, in which nobody chose him."""
    paul = relative(ward)
    assert choose(ward)
    run("update access.membership set ends_at = %s where party = %s", NINE, paul)
    identity.join_circle(ward.care.patient, paul, "trusted_person")
    go(ward, MISSED)
    assert ward.mailbox.to("paul@maison.example") == []
