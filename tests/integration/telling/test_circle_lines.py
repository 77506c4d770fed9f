"""Lines of a role and of a person, when they are told, and the words that are shown."""

from datetime import datetime, time, timedelta

from coordination import notices_service
from coordination.notices import Line, Moment, Occasion, ToldMember
from core import clock
from core.access import Permission
from core.doors import Actor
from messages import service as messages
from tests.as_owner import rows, run
from tests.days import PARIS, day_in_france
from tests.integration.alerts.home import Home, make_home, opened
from tests.integration.telling.circle import (
    MAILS,
    RED,
    alarm,
    choose,
    close,
    home,
    join,
    own,
    tell,
)
from tests.mailbox import Mailbox

__all__ = ["home"]


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
