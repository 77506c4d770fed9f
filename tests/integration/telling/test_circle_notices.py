"""Of what the circle is told beside the ladder: chosen, told once, and nobody's answer."""

from datetime import timedelta
from uuid import uuid4

import psycopg

from alerts import service as alerts
from alerts.alert import State
from coordination import notices_service
from coordination.inclusion import notice_service
from coordination.notices import Occasion
from core import clock
from core.access import Permission
from core.doors import Actor
from core.settings import settings
from core.vitals import Vital
from tests.as_owner import mutate, rows, run
from tests.integration.alerts.home import Home, make_home, measure, opened
from tests.integration.telling.circle import (
    MAILS,
    MINUTE,
    RED,
    alarm,
    choose,
    close,
    home,
    join,
    own,
    tell,
)

__all__ = ["home"]


def test_who_was_chosen_is_told_of_a_red_once_in_words_without_health(home: Home) -> None:
    join(home, "Luc Martin", "carer", "luc@example.org")
    join(home, "Eve Martin", "carer", "eve@example.org")
    join(home, "Inf. Paul Roux", "home_nurse", "paul@example.org")
    assert choose(home, "Luc Martin", Occasion.RED)
    assert choose(home, "Inf. Paul Roux", Occasion.RED)
    alarm(home)
    ((alert,),) = rows("select id from alerts.alert")
    assert tell(clock.now()) == 1
    assert tell(clock.now()) == 0
    assert sorted(rows(MAILS), key=str) == [
        ("luc@example.org", "circle_notice", {"occasion": "red"}),
        ("paul@example.org", "record_notice", {"path": f"/a/{alert}"}),
    ]
    assert rows("select about from messages.outbox where template = 'circle_notice'") == [
        (home.care.patient,)
    ]


def test_being_told_answers_nothing_and_the_ladder_goes_on(home: Home) -> None:
    join(home, "Inf. Paul Roux", "home_nurse", "paul@example.org")
    choose(home, "Inf. Paul Roux", Occasion.RED)
    alarm(home)
    before = rows("select next_step_at, state from alerts.alert")
    tell(clock.now())
    assert rows("select next_step_at, state from alerts.alert") == before
    (line,) = alerts.open_alerts(opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ))
    assert line.state is State.RAISED
    life = [what for (what,) in rows("select what from alerts.alert_event order by id")]
    assert life[-1] == "circle_told"
    assert alerts.escalate_due(clock.now() + 11 * MINUTE).alerts == 1


def test_an_orange_tells_nobody_and_neither_does_its_end(home: Home) -> None:
    join(home, "Luc Martin", "carer", "luc@example.org")
    choose(home, "Luc Martin", Occasion.RED, Occasion.CLOSURE)
    alarm(home, 93)
    close(home)
    assert tell(clock.now()) == 0


def test_an_orange_that_turns_red_and_its_end_are_told(home: Home) -> None:
    join(home, "Luc Martin", "carer", "luc@example.org")
    choose(home, "Luc Martin", Occasion.RED, Occasion.CLOSURE)
    alarm(home, 93)
    measure(home, [(Vital.SPO2, 85, timedelta(0))], now=clock.now())
    alerts.review(clock.now())
    tell(clock.now())
    close(home)
    tell(clock.now())
    assert [params["occasion"] for _, _, params in rows(MAILS)] == ["red", "closure"]


def test_a_stay_in_hospital_is_told(home: Home) -> None:
    join(home, "Luc Martin", "carer", "luc@example.org")
    choose(home, "Luc Martin", Occasion.STAY)
    for reason in ("holiday", "hospital"):
        run(
            "insert into questionnaires.pause (id, patient_id, reason, starts_at, ends_at,"
            " paused_at) values (%s, %s, %s, now(), now() + interval '3 days', now())",
            uuid4(),
            home.care.patient,
            reason,
        )
    assert tell(clock.now()) == 1
    assert [params for *_, params in rows(MAILS)] == [{"occasion": "stay"}]


def test_silence_is_told_as_silence_and_not_as_a_red(home: Home) -> None:
    join(home, "Inf. Paul Roux", "home_nurse", "paul@example.org")
    join(home, "Luc Martin", "carer", "luc@example.org")
    join(home, "Eve Martin", "carer", "eve@example.org")
    choose(home, "Inf. Paul Roux", Occasion.SILENCE)
    choose(home, "Luc Martin", Occasion.SILENCE)
    choose(home, "Eve Martin", Occasion.RED)
    alarm(home, 93)
    run("update alerts.alert set cause = 'silent', level = 'red'")
    run(
        "insert into alerts.alert_event (alert_id, patient_id, at, what)"
        " select id, patient_id, now(), 'raised' from alerts.alert"
    )
    tell(clock.now())
    told = [address for address, *_ in rows(MAILS)]
    assert told == ["paul@example.org"], "family is told of silence by the patient's other choice"


def test_taken_back_or_gone_nobody_is_told(home: Home) -> None:
    eve = join(home, "Eve Martin", "carer", "eve@example.org")
    join(home, "Luc Martin", "carer", "luc@example.org")
    for name in ("Eve Martin", "Luc Martin"):
        choose(home, name, Occasion.RED)
    choose(home, "Luc Martin")
    run("update access.membership set ends_at = now() where party = %s", eve)
    alarm(home)
    tell(clock.now())
    assert rows(MAILS) == []
    assert rows("select count(*) from alerts.alert_event where what = 'circle_told'") == [(0,)]


def test_whoever_leaves_while_the_mail_waits_gets_none(home: Home) -> None:
    luc = join(home, "Luc Martin", "carer", "luc@example.org")
    choose(home, "Luc Martin", Occasion.RED)
    alarm(home)
    tell(clock.now())
    run("update access.membership set ends_at = now() where party = %s", luc)
    found = rows("select state from messages.outbox where template = 'circle_notice'")
    assert found == [("cancelled",)]


def test_only_the_patient_and_who_manages_the_circle_choose(home: Home) -> None:
    person = join(home, "Luc Martin", "carer", "luc@example.org")
    (luc,) = [one for one in notices_service.told_members(own(home)) if one.name == "Luc Martin"]
    other = make_home()
    assert not notices_service.choose(own(other), luc.membership_id, RED)
    carer = Actor(person=person, post=None, session=None)
    for reads in (home.care.nurse, carer):
        ctx = opened(reads, home.care.patient, Permission.CIRCLE_READ)
        assert notices_service.told_members(ctx) == []
        assert not notices_service.choose(ctx, luc.membership_id, RED)
    assert rows("select 1 from coordination.circle_notice") == []
    manages = opened(home.care.gp, home.care.patient, Permission.CIRCLE_MANAGE)
    assert notices_service.choose(manages, luc.membership_id, RED)
    names = {one.name for one in notices_service.told_members(own(home))}
    assert names == {"Luc Martin", "Dr Paul Lefèvre"}


def test_a_choice_that_is_not_looked_at_is_noticed(home: Home) -> None:
    """The deliberate fault: whoever chose something is told of everything."""
    join(home, "Luc Martin", "carer", "luc@example.org")
    choose(home, "Luc Martin", Occasion.STAY)
    asked = "n.occasion = replace(o.occasion, 'stay_over', 'stay')"
    mutate("coordination.note_occasions", asked, "true")
    alarm(home)
    tell(clock.now())
    assert rows("select kind from coordination.notice") == [("circle_red",)]
    assert rows(MAILS) == [], "who is told is asked again when he is told"


def test_what_is_committed_after_the_bookmark_has_passed_is_told_all_the_same(home: Home) -> None:
    join(home, "Luc Martin", "carer", "luc@example.org")
    choose(home, "Luc Martin", Occasion.STAY)
    with psycopg.connect(settings().owner_dsn) as slow:
        slow.execute(
            "insert into questionnaires.pause (id, patient_id, reason, starts_at, ends_at,"
            " paused_at) values (%s, %s, 'hospital', now(), now() + interval '3 days', now())",
            (uuid4(), home.care.patient),
        )
        assert tell(clock.now() + MINUTE) == 0
    assert tell(clock.now() + MINUTE) == 1


def test_what_happened_before_the_choice_is_not_told(home: Home) -> None:
    join(home, "Luc Martin", "carer", "luc@example.org")
    alarm(home)
    choose(home, "Luc Martin", Occasion.RED)
    assert tell(clock.now()) == 0


def test_two_passes_at_a_time_tell_once(home: Home) -> None:
    join(home, "Luc Martin", "carer", "luc@example.org")
    choose(home, "Luc Martin", Occasion.RED)
    alarm(home)
    with psycopg.connect(settings().worker_dsn) as other:
        assert other.execute("select coordination.note_occasions(now())").fetchone() == (1,)
        assert notice_service.note_occasions(clock.now()) == 0, "the other has the bookmark"
    assert tell(clock.now()) == 1
    assert len(rows(MAILS)) == 1
