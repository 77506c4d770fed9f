"""Of what the circle is told beside the ladder: chosen, told once, and nobody's answer."""

from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from alerts import service as alerts
from alerts.acts import Close
from alerts.alert import State
from alerts.outcomes import Outcome
from alerts.views import AlertPage
from coordination import notices_service
from coordination.inclusion import notice_service
from coordination.notices import Line, Moment, Occasion, ToldMember
from core import clock
from core.access import Permission
from core.doors import Actor, CareContext
from core.settings import settings
from core.vitals import Vital
from identity import service as identity
from messages import service as messages
from tests.as_owner import mutate, rows, run
from tests.conftest import Database
from tests.days import PARIS, day_in_france
from tests.integration.alerts.home import Home, make_home, measure, opened
from tests.mailbox import Mailbox

MINUTE = timedelta(minutes=1)
RED = Line(occasions=frozenset([Occasion.RED]))
MAILS = (
    "select address, template, params from messages.outbox"
    " where template in ('circle_notice', 'record_notice') order by created_at, id"
)


@pytest.fixture
def home(database: Database) -> Home:
    return make_home()


def join(home: Home, name: str, role: str, mail: str) -> UUID:
    person = identity.register_person(name)
    messages.register_contact(person, "email", mail)
    identity.join_circle(home.care.patient, person, role)
    return person


def own(home: Home) -> CareContext:
    return opened(home.care.patient_actor, home.care.patient, Permission.CIRCLE_READ)


def choose(home: Home, name: str, *occasions: Occasion) -> bool:
    (one,) = [each for each in notices_service.told_members(own(home)) if each.name == name]
    return notices_service.choose(
        own(home), one.membership_id, Line(occasions=frozenset(occasions))
    )


def tell(now: datetime) -> int:
    """Do what two duties of the sentinel do."""
    notice_service.note_occasions(now)
    return notice_service.tell(now)


def alarm(home: Home, percent: int = 85) -> None:
    measure(home, [(Vital.SPO2, percent, timedelta(0))], now=clock.now())
    assert alerts.review(clock.now()).alerts == 1


def close(home: Home) -> None:
    nurse = home.care.nurse
    ctx = opened(nurse, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    (line,) = alerts.open_alerts(opened(nurse, home.care.patient, Permission.ALERTS_READ))
    act = Close(by=nurse.person, outcome=Outcome.ADVICE_GIVEN)
    assert isinstance(alerts.act(ctx, line.alert_id, act), AlertPage)


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
    mutate("coordination.note_occasions", "n.occasion = o.occasion", "true")
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


def for_role(home: Home, role: str, line: Line) -> bool:
    return notices_service.choose_for_role(own(home), role, line)


def member(home: Home, name: str) -> ToldMember:
    (one,) = [each for each in notices_service.told_members(own(home)) if each.name == name]
    return one


def addresses() -> list[str]:
    return sorted(str(address) for address, *_ in rows(MAILS))


def at_night() -> datetime:
    """Eleven in the evening in France, after everything that has happened."""
    return datetime.combine(day_in_france() + timedelta(days=1), time(23), PARIS)


def due() -> list[tuple[datetime, str]]:
    return [
        (at.astimezone(PARIS), str(address))
        for at, address in rows(
            "select next_attempt_at, address from messages.outbox where template in"
            " ('circle_notice', 'record_notice') order by next_attempt_at, address"
        )
    ]


def test_a_line_of_a_role_holds_for_who_has_it_and_who_gets_it_later(home: Home) -> None:
    join(home, "Inf. Paul Roux", "home_nurse", "paul@example.org")
    join(home, "Luc Martin", "carer", "luc@example.org")
    assert for_role(home, "home_nurse", RED)
    join(home, "Inf. Rose Blanc", "home_nurse", "rose@example.org")
    assert not member(home, "Inf. Rose Blanc").own
    assert member(home, "Inf. Rose Blanc").occasions == ["red"]
    alarm(home)
    tell(clock.now())
    assert addresses() == ["paul@example.org", "rose@example.org"]


def test_a_line_of_ones_own_says_otherwise_and_nothing_is_a_line_too(home: Home) -> None:
    for name, mail in (("Inf. Paul Roux", "paul"), ("Inf. Rose Blanc", "rose")):
        join(home, name, "home_nurse", f"{mail}@example.org")
    for_role(home, "home_nurse", RED)
    assert choose(home, "Inf. Paul Roux")
    assert member(home, "Inf. Paul Roux").own
    assert member(home, "Inf. Paul Roux").occasions == []
    alarm(home)
    tell(clock.now())
    assert addresses() == ["rose@example.org"]
    paul = member(home, "Inf. Paul Roux").membership_id
    assert notices_service.choose(own(home), paul, None)
    assert member(home, "Inf. Paul Roux").occasions == ["red"]


def test_a_role_of_another_record_and_who_may_not_choose_change_nothing(home: Home) -> None:
    paul = join(home, "Inf. Paul Roux", "home_nurse", "paul@example.org")
    other = make_home()
    assert for_role(other, "home_nurse", RED)
    assert not for_role(home, "patient", RED)
    assert not for_role(home, "nobody", RED)
    reader = Actor(person=paul, post=None, session=None)
    ctx = opened(reader, home.care.patient, Permission.CIRCLE_READ)
    assert not notices_service.choose_for_role(ctx, "home_nurse", RED)
    assert notices_service.told_roles(ctx, [])[0].occasions == []
    alarm(home)
    tell(clock.now())
    assert addresses() == []


def test_family_is_not_told_of_silence_by_a_role_either(home: Home) -> None:
    assert for_role(home, "carer", Line(occasions=frozenset(Occasion)))
    found = rows("select occasion from coordination.circle_role_notice order by 1")
    assert found == [("closure",), ("red",), ("stay",)]


def test_by_day_waits_for_the_morning_and_a_red_does_not(home: Home) -> None:
    join(home, "Luc Martin", "carer", "luc@example.org")
    join(home, "Inf. Paul Roux", "home_nurse", "paul@example.org")
    both = frozenset([Occasion.RED, Occasion.CLOSURE])
    for_role(home, "carer", Line(occasions=both, moment=Moment.BY_DAY))
    for_role(home, "home_nurse", Line(occasions=both, moment=Moment.BY_DAY, red_waits=True))
    night = at_night()
    alarm(home)
    tell(night)
    morning = datetime.combine(night.date() + timedelta(days=1), time(8), PARIS)
    assert due() == [(night, "luc@example.org"), (morning, "paul@example.org")]
    told = "select jsonb_array_length(detail -> 'people') from alerts.alert_event where what = %s"
    assert rows(told, "circle_told") == [(1,)], "who waits was told nothing yet"
    close(home)
    tell(night)
    assert [at for at, _ in due()] == [night, morning, morning, morning]


def test_once_a_day_is_one_mail_whatever_happens(home: Home) -> None:
    join(home, "Luc Martin", "carer", "luc@example.org")
    join(home, "Inf. Paul Roux", "home_nurse", "paul@example.org")
    line = Line(
        occasions=frozenset([Occasion.RED, Occasion.CLOSURE]), moment=Moment.DAILY, red_waits=True
    )
    for_role(home, "carer", line)
    for_role(home, "home_nurse", line)
    night = at_night()
    alarm(home)
    tell(night)
    close(home)
    tell(night)
    evening = datetime.combine(night.date() + timedelta(days=1), time(18), PARIS)
    assert due() == [(evening, "luc@example.org"), (evening, "paul@example.org")]
    assert sorted(rows(MAILS), key=str) == [
        ("luc@example.org", "circle_notice", {"occasion": "daily"}),
        ("paul@example.org", "record_notice", {"path": "/day"}),
    ]


def test_the_words_that_are_shown_are_those_that_are_sent(home: Home, mailbox: Mailbox) -> None:
    join(home, "Luc Martin", "carer", "luc@example.org")
    choose(home, "Luc Martin", Occasion.RED)
    alarm(home)
    tell(clock.now())
    run("update messages.outbox set state = 'cancelled' where template <> 'circle_notice'")
    messages.send_due(clock.now())
    (sent,) = mailbox.taken
    body = sent.mail.get_body(("plain",))
    assert body is not None
    family, _ = notices_service.previews()
    (shown,) = [each.words["fr"] for each in family if each.occasion == "red"]
    assert (str(sent.mail["Subject"]), body.get_content().split()) == (
        shown.subject,
        shown.text.split(),
    )
