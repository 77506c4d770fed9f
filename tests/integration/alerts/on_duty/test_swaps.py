"""Swaps without the console: who may answer, who is told, what keeps a shift from being taken."""

from collections.abc import Iterator
from datetime import date, timedelta
from threading import Thread
from uuid import UUID, uuid4

import psycopg
import pytest

from alerts import swap_service, week_service
from alerts.own_duties import SwapState, swap_lines
from alerts.rota.rota import Shift
from alerts.week_service import NotDone
from core import clock
from core.doors import Actor
from core.settings import settings
from messages import service as messages
from messages.edge.push import new_private_key
from tests.as_owner import mutate, rows, run
from tests.conftest import Database
from tests.integration.alerts.home import Home
from tests.integration.alerts.on_duty.test_week import colleague, planned, today
from tests.mailbox import Mailbox, open_mailbox

ONE = timedelta(days=1)
TOLD = (
    "select address, params ->> 'what' from messages.outbox where template = 'swap_notice'"
    " order by created_at, address"
)
GONE, AWAY, BUSY = (NotDone(why=why) for why in ("gone", "away", "busy"))


@pytest.fixture
def mailbox(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A provider of mail that is switched on."""
    with open_mailbox() as box:
        monkeypatch.setenv("CHEVET_SMTP_PORT", str(box.port))
        settings.cache_clear()
        yield box


@pytest.fixture
def anne(home: Home) -> Actor:
    """A doctor who coordinates, and has no right on the console."""
    return colleague(home, "Dr Anne Brun", "coordinating_doctor")


@pytest.fixture
def bea(home: Home) -> Actor:
    return colleague(home, "Dr Bea Noir", "coordinating_doctor")


@pytest.fixture
def night(home: Home, anne: Actor) -> Shift:
    """A night of Anne's, every day."""
    return planned(home.care.nurse, anne.person, duty="on_call", starts="20 h", ends="8 h")


def asked(shift: Shift, by: Actor, to: Actor, day: date | None = None) -> UUID:
    swap = swap_service.offer_swap(by, shift.id, day or today() + ONE, to.person)
    assert isinstance(swap, UUID), swap
    return swap


def states(actor: Actor) -> list[tuple[SwapState, bool]]:
    now = clock.now()
    found = swap_service.own_duties(actor, now)
    lines = swap_lines(found.swaps, found.rotas, actor.person, now)
    return [(line.state, line.asked_of_me) for line in lines]


def days_of(actor: Actor) -> set[date]:
    return {one.turn.day for one in swap_service.own_duties(actor, clock.now()).turns}


def test_without_the_console_a_shift_is_asked_accepted_and_each_side_told(
    anne: Actor, bea: Actor, night: Shift
) -> None:
    day = today() + ONE
    swap = asked(night, anne, bea)
    assert rows(TOLD) == [("noir@staff.example", "asked")]
    assert states(bea) == [(SwapState.WAITS, True)]
    assert states(anne) == [(SwapState.WAITS, False)]
    assert day in days_of(anne)
    assert swap_service.answer_swap(bea, swap, accepts=True) is None
    assert rows(TOLD)[1:] == [("brun@staff.example", "accepted")]
    assert states(anne) == [(SwapState.ACCEPTED, False)]
    assert day not in days_of(anne)
    assert days_of(bea) == {day}
    assert swap_service.answer_swap(bea, swap, accepts=True) == GONE
    assert len(rows(TOLD)) == 2


def test_who_says_no_and_who_asks_no_more_are_told_too(
    anne: Actor, bea: Actor, night: Shift
) -> None:
    assert swap_service.answer_swap(bea, asked(night, anne, bea), accepts=False) is None
    assert swap_service.answer_swap(anne, asked(night, anne, bea), accepts=False) is None
    assert sorted(rows(TOLD)) == [
        ("brun@staff.example", "declined"), ("noir@staff.example", "asked"),
        ("noir@staff.example", "asked"), ("noir@staff.example", "withdrawn"),
    ]  # fmt: skip
    assert states(anne) == [(SwapState.DECLINED, False), (SwapState.WITHDRAWN, False)]


def test_whoever_had_a_shift_that_a_planner_gives_is_told_once_it_is_taken(
    home: Home, anne: Actor, bea: Actor, night: Shift
) -> None:
    swap = asked(night, home.care.nurse, bea)
    run("update messages.contact_point set address = 'ines@staff.example' where party = %s",
        home.care.nurse.person)  # fmt: skip
    assert swap_service.answer_swap(bea, swap, accepts=True) is None
    assert rows(TOLD)[1:] == [
        ("brun@staff.example", "accepted"), ("ines@staff.example", "accepted")
    ]  # fmt: skip
    onward = asked(night, bea, anne)
    assert swap_service.answer_swap(anne, onward, accepts=True) is None
    assert states(bea) == [(SwapState.GIVEN_ON, True), (SwapState.ACCEPTED, False)]


def test_a_stranger_and_whoever_asked_accept_nothing(
    home: Home, anne: Actor, bea: Actor, night: Shift
) -> None:
    from tests.people import make_centre

    swap = asked(night, anne, bea)
    third = colleague(home, "Dr Zoé Tiers", "coordinating_doctor")
    _, other = make_centre("Centre voisin")
    patient = home.care.patient_actor
    for actor in (third, other, anne, patient):
        assert swap_service.answer_swap(actor, swap, accepts=True) == GONE
    for actor in (third, other, patient):
        assert swap_service.answer_swap(actor, swap, accepts=False) == GONE
        assert states(actor) == []
    assert swap_service.own_duties(other, clock.now()).turns == ()
    assert not swap_service.own_duties(patient, clock.now()).serves
    assert rows("select accepted from alerts.swap") == [(None,)]
    assert len(rows(TOLD)) == 1


def test_who_has_left_answers_nothing(anne: Actor, bea: Actor, night: Shift) -> None:
    swap = asked(night, anne, bea)
    run("update access.post set ends_at = now() where person = %s", bea.person)
    for accepts in (True, False):
        assert swap_service.answer_swap(bea, swap, accepts=accepts) == GONE


def test_who_does_not_have_a_shift_does_not_give_it(
    home: Home, anne: Actor, bea: Actor, night: Shift
) -> None:
    third = colleague(home, "Dr Zoé Tiers", "hospital_doctor")
    day = today() + ONE
    assert swap_service.offer_swap(third, night.id, day, bea.person) == NotDone(why="swap")
    assert swap_service.offer_swap(third, uuid4(), day, bea.person) == NotDone(why="day")


@pytest.mark.parametrize("days", [1, 2])
def test_who_is_away_that_night_does_not_take_it(
    home: Home, anne: Actor, bea: Actor, night: Shift, days: int
) -> None:
    """The night of tomorrow ends the day after: leave on either day is in its way."""
    swap = asked(night, anne, bea)
    away = today() + days * ONE
    leave = week_service.note_leave(home.care.nurse, bea.person, (away, away), None)
    assert isinstance(leave, UUID)
    assert swap_service.answer_swap(bea, swap, accepts=True) == AWAY
    assert rows(TOLD) == [("noir@staff.example", "asked")]
    assert week_service.end_leave(home.care.nurse, leave)
    assert swap_service.answer_swap(bea, swap, accepts=True) is None


def test_who_works_then_does_not_take_it(home: Home, anne: Actor, bea: Actor, night: Shift) -> None:
    nurse = home.care.nurse
    day_shift = planned(nurse, bea.person, duty="coordinating_doctor", starts="8 h", ends="20 h")
    swap = asked(night, anne, bea)
    assert swap_service.answer_swap(bea, swap, accepts=True) is None, "they only meet"
    late = planned(nurse, bea.person, duty="coordinating_doctor", starts="19 h", ends="21 h")
    swap = asked(night, anne, bea, today() + 2 * ONE)
    assert swap_service.answer_swap(bea, swap, accepts=True) == BUSY
    assert week_service.end_shift(nurse, late.id, today() - ONE)
    assert swap_service.answer_swap(bea, swap, accepts=True) is None
    assert day_shift.person == bea.person


def test_two_answers_at_once_take_one_shift(
    home: Home, anne: Actor, bea: Actor, night: Shift
) -> None:
    carl = colleague(home, "Dr Carl Gris", "coordinating_doctor")
    other = planned(home.care.nurse, carl.person, duty="on_call", starts="22 h", ends="6 h")
    swaps = [asked(night, anne, bea), asked(other, carl, bea)]
    done = list[NotDone | None]()

    def accept(swap: UUID) -> None:
        done.append(swap_service.answer_swap(bea, swap, accepts=True))

    threads = [Thread(target=accept, args=(swap,)) for swap in swaps]
    with psycopg.connect(settings().owner_dsn) as first:
        # Another answer of hers, that has looked and not yet written.
        first.execute(
            "select pg_advisory_xact_lock(hashtextextended('own shifts:' || %s::text, 0))",
            [bea.person],
        )
        for thread in threads:
            thread.start()
        threads[0].join(timeout=0.7)
        assert done == [], "an answer waits for the one before it"
    for thread in threads:
        thread.join()
    assert sorted(map(str, done)) == sorted(map(str, [None, BUSY]))


def test_what_is_told_and_what_is_done_are_kept_together(
    anne: Actor, bea: Actor, night: Shift
) -> None:
    """The outbox refuses: then nobody is asked either."""
    mutate("alerts.tell_swap", "'swap_notice'", "null")
    with pytest.raises(Exception, match="null value"):
        swap_service.offer_swap(anne, night.id, today() + ONE, bea.person)
    assert rows("select count(*) from alerts.swap") == [(0,)]


def test_each_is_told_in_his_language_by_the_ways_he_chose(
    anne: Actor, bea: Actor, night: Shift, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages.register_contact(bea.person, "sms", "+33639980114")
    ways = "select distinct channel from messages.outbox where template = 'swap_notice' order by 1"
    first = asked(night, anne, bea)
    assert rows(ways) == [("email",)], "no text message is asked for, and none can be sent"
    run("insert into messages.preference (party, alert_sms, changed_at) values (%s, true, now())",
        bea.person)  # fmt: skip
    monkeypatch.setenv("CHEVET_SMS_URL", "json://127.0.0.1:1/sms/{to}")
    monkeypatch.setenv("CHEVET_VAPID_PRIVATE_KEY", new_private_key())
    settings.cache_clear()
    assert swap_service.answer_swap(bea, first, accepts=False) is None
    asked(night, anne, bea)
    assert rows(ways) == [("email",), ("sms",)]
    run("update messages.outbox set state = 'cancelled' where channel = 'sms'")
    messages.send_due(clock.now())
    mails = {one.recipient: one.mail for one in mailbox.taken}
    asked_mail = mails["noir@staff.example"]
    body = asked_mail.get_body(("plain",))
    assert body is not None
    said = body.get_content()
    assert "vous demande de prendre une de ses gardes" in said
    assert "/account/duties" in said
    assert "Brun" not in said


def test_an_account_that_reads_english_is_written_to_in_english(
    anne: Actor, bea: Actor, night: Shift
) -> None:
    from tests.integration.web.scene import open_account

    open_account(bea.person, "bea")
    run("update identity.account set locale = 'en' where person = %s", bea.person)
    asked(night, anne, bea)
    assert rows("select locale from messages.outbox where template = 'swap_notice'") == [("en",)]
    run("update identity.account set disabled_at = now() where person = %s", bea.person)
    second = asked(night, anne, bea, today() + 2 * ONE)
    told = rows("select count(*) from messages.outbox where key like %s", f"swap:{second}:%")
    assert told == [(0,)], "an account that is closed is told nothing"
