"""The rota as its staff changes it: who may, what is refused, whom alerts then call."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from alerts import gp_service, swap_service, week_service
from alerts import prescription_service as prescriptions
from alerts import service as alerts
from alerts.profile import Signed
from alerts.rota.rota import Shift
from alerts.rota.week import monday_of
from alerts.rota.written import Written
from alerts.store.prescribing import Kept
from alerts.week_service import NotDone, Week
from core import clock
from core.access import Permission
from core.doors import Actor
from identity import service as identity
from tests.as_owner import run
from tests.days import PARIS
from tests.integration.alerts.duty import join_staff, ordinary_day, put, set_clock
from tests.integration.alerts.home import Home, opened, rows
from tests.integration.alerts.on_duty.told import MINUTE, WAIT, mailed, next_step, red, skips

WEDNESDAY = 2
GONE = NotDone(why="gone")


def today() -> date:
    return clock.now().astimezone(PARIS).date()


def read(actor: Actor, monday: date | None = None) -> Week:
    return week_service.week(actor, monday or monday_of(today()), clock.now())


def written(person: UUID, **more: str) -> Written:
    base = Written(
        person=str(person), duty="telemonitoring_nurse", weekdays=tuple("0123456"), starts="8 h",
        ends="20 h", on_holidays="as_usual", first_on=f"{today():%d/%m/%Y}", last_on="",
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def planned(actor: Actor, person: UUID, **more: str) -> Shift:
    done = week_service.save_shift(actor, written(person, **more), today=today())
    assert isinstance(done, Shift), done
    return done


def colleague(home: Home, name: str, role: str = "telemonitoring_nurse") -> Actor:
    person = join_staff(home, name, role)
    ((post,),) = rows("select id from access.post where person = %s", [person])
    assert isinstance(post, UUID)
    return Actor(person=person, post=post, session=None)


@pytest.fixture
def nurse(home: Home) -> Actor:
    return home.care.nurse


def test_a_shift_that_is_planned_decides_over_who_is_called(
    home: Home, nurse: Actor, clock_file: Path
) -> None:
    lea = colleague(home, "Léa Petit")
    set_clock(clock_file, ordinary_day(WEDNESDAY), "10:00")
    planned(nurse, lea.person)
    red(home)
    assert mailed() == ["petit"]
    found = read(nurse, monday_of(ordinary_day(WEDNESDAY)))
    day = found.duties[0].days[WEDNESDAY]
    assert [turn.person for turn in day.turns] == [lea.person]
    assert {one.people.people for one in found.now if not one.missing} == {(lea.person,)}


def test_a_change_from_a_day_on_keeps_what_was_before(home: Home, nurse: Actor) -> None:
    lea = colleague(home, "Léa Petit")
    first = planned(nurse, lea.person)
    next_week = today() + timedelta(days=7)
    changed = week_service.save_shift(
        nurse, written(lea.person, ends="18 h", first_on=f"{next_week:%d/%m/%Y}"), today=today(),
        replaces=first.id,
    )  # fmt: skip
    assert isinstance(changed, Shift)
    kept = read(nurse).shift(first.id)
    assert kept is not None
    assert kept.last_on == next_week - timedelta(days=1)
    again = week_service.save_shift(
        nurse, written(lea.person, ends="19 h", first_on=f"{next_week:%d/%m/%Y}"), today=today(),
        replaces=changed.id,
    )  # fmt: skip
    assert isinstance(again, Shift)
    assert read(nurse).shift(changed.id) is None


def test_who_cannot_have_a_duty_is_not_planned(home: Home, nurse: Actor) -> None:
    admin = colleague(home, "Ada Chef", "administrator")
    doctor = colleague(home, "Dr Anne Brun", "coordinating_doctor")
    stranger = identity.register_person("Zoé Loin")
    for person, duty in (
        (admin.person, "on_call"), (doctor.person, "telemonitoring_nurse"),
        (stranger, "on_call"), (nurse.person, "coordinating_doctor"),
    ):  # fmt: skip
        done = week_service.save_shift(nurse, written(person, duty=duty), today=today())
        assert done == NotDone(why="post"), duty
    assert read(nurse).rota is None
    planned(nurse, doctor.person, duty="on_call", starts="20 h", ends="8 h")


def test_only_who_has_the_right_plans(home: Home, nurse: Actor) -> None:
    doctor = colleague(home, "Dr Anne Brun", "coordinating_doctor")
    shift = planned(doctor, nurse.person)
    run("delete from access.role_permission where permission = 'rota:manage'")
    refused = week_service.save_shift(nurse, written(nurse.person), today=today())
    assert isinstance(refused, NotDone)
    assert not week_service.end_shift(nurse, shift.id, today())
    assert isinstance(
        week_service.note_leave(nurse, nurse.person, (today(), today()), None), NotDone
    )
    assert read(nurse).shift(shift.id) is not None


def test_another_organisation_sees_and_changes_nothing(home: Home, nurse: Actor) -> None:
    from tests.people import make_centre

    shift = planned(nurse, nurse.person)
    _, other = make_centre("Centre voisin")
    assert read(other).rota is None
    assert nurse.person not in read(other).people
    assert not week_service.end_shift(other, shift.id, today())
    assert isinstance(swap_service.offer_swap(other, shift.id, today(), other.person), NotDone)


def test_leave_needs_a_substitute_who_can_take_the_shifts(home: Home, nurse: Actor) -> None:
    doctor = colleague(home, "Dr Anne Brun", "coordinating_doctor")
    lea = colleague(home, "Léa Petit")
    planned(nurse, nurse.person)
    days = (today(), today() + timedelta(days=1))
    refused = week_service.note_leave(nurse, nurse.person, days, doctor.person)
    assert refused == NotDone(why="leave")
    leave = week_service.note_leave(nurse, nurse.person, days, lea.person)
    assert isinstance(leave, UUID)
    found = read(nurse)
    tomorrow = next(
        turn.person
        for day in (*found.duties[0].days, *read(nurse, found.monday + 7 * ONE).duties[0].days)
        for turn in day.turns
        if day.day == days[1]
    )
    assert tomorrow == lea.person
    assert week_service.end_leave(nurse, leave)
    assert not week_service.end_leave(nurse, leave)
    assert read(nurse).leaves == ()


ONE = timedelta(days=1)


def test_a_swap_counts_once_the_other_person_has_accepted(home: Home, nurse: Actor) -> None:
    lea, paul = colleague(home, "Léa Petit"), colleague(home, "Paul Roux")
    shift = planned(nurse, nurse.person)
    day = today() + ONE
    swap = swap_service.offer_swap(nurse, shift.id, day, lea.person)
    assert isinstance(swap, UUID)
    asked = swap_service.offer_swap(nurse, shift.id, day, paul.person)
    assert asked == NotDone(why="swap")
    assert read(nurse).holder(shift, day) == nurse.person
    # Neither who asks nor a third person accepts in another's place.
    assert swap_service.answer_swap(nurse, swap, accepts=True) == GONE
    assert swap_service.answer_swap(paul, swap, accepts=True) == GONE
    assert swap_service.answer_swap(paul, swap, accepts=False) == GONE
    assert swap_service.answer_swap(lea, swap, accepts=True) is None
    assert swap_service.answer_swap(lea, swap, accepts=False) == GONE
    assert read(nurse).holder(shift, day) == lea.person
    # Lea gives it on: it is hers to give now.
    onward = swap_service.offer_swap(lea, shift.id, day, paul.person)
    assert isinstance(onward, UUID)
    assert swap_service.answer_swap(paul, onward, accepts=True) is None
    assert read(nurse).holder(shift, day) == paul.person


def test_a_swap_that_is_refused_or_withdrawn_changes_nothing(home: Home, nurse: Actor) -> None:
    lea = colleague(home, "Léa Petit")
    shift = planned(nurse, nurse.person)
    for by in (lea, nurse):
        swap = swap_service.offer_swap(nurse, shift.id, today(), lea.person)
        assert isinstance(swap, UUID)
        assert swap_service.answer_swap(by, swap, accepts=False) is None
        assert read(nurse).swaps == ()
        assert read(nurse).holder(shift, today()) == nurse.person


def test_a_shift_is_not_given_to_who_cannot_have_it_nor_on_another_day(
    home: Home, nurse: Actor
) -> None:
    doctor, lea = colleague(home, "Dr Anne Brun", "coordinating_doctor"), colleague(home, "Léa P")
    shift = planned(nurse, nurse.person, weekdays=str(today().weekday()))
    for day, to, why in (
        (today(), doctor.person, "swap"), (today() + ONE, lea.person, "day"),
        (today() - 7 * ONE, lea.person, "day"), (today(), nurse.person, "swap"),
    ):  # fmt: skip
        done = swap_service.offer_swap(nurse, shift.id, day, to)
        assert done == NotDone(why=why), (day, to)


def test_a_member_who_is_removed_leaves_gaps_that_are_shown(home: Home, nurse: Actor) -> None:
    lea = colleague(home, "Léa Petit")
    planned(nurse, lea.person)
    assert all(one.gaps == () for one in read(nurse, today() + 7 * ONE).duties)
    put("update access.post set ends_at = %(now)s where person = %(person)s",
        {"now": clock.now(), "person": lea.person})  # fmt: skip
    found = read(nurse, monday_of(today() + 7 * ONE))
    assert len(found.duties[0].gaps) == 7
    assert found.name(lea.person) == "Léa Petit"
    assert found.people[lea.person].duties == []


def test_the_hours_of_a_gp_decide_over_his_rung(home: Home, nurse: Actor, clock_file: Path) -> None:
    set_clock(clock_file, ordinary_day(WEDNESDAY), "10:00")
    patient, gp = home.care.patient, home.care.gp.person
    care = opened(nurse, patient, Permission.MONITORING_WRITE)
    assert [(one.kind, one.hours) for one in gp_service.gp_rung(care)] == [("gp", None)]
    assert not gp_service.note_hours(care, nurse.person, "mon-fri 08:00-19:00")
    assert gp_service.note_hours(care, gp, "mon-fri 14:00-18:00")
    assert not gp_service.note_without(care, nurse.person, "mon-fri 08:00-19:00")
    planned(nurse, nurse.person)
    at = red(home)
    alerts.escalate_due(at + WAIT)
    assert "gp_outside_hours" in skips(home)
    assert gp_service.note_hours(care, gp, "")
    assert [one.hours for one in gp_service.gp_rung(care)] == [None]
    assert "gp_not_asked" not in skips(home)
    alerts.escalate_due(next_step(home) + MINUTE)
    alerts.escalate_due(next_step(home) + MINUTE)
    assert "gp_not_asked" in skips(home), "hours that were taken back count no more"


def test_a_record_without_a_gp_names_who_is_called_instead(home: Home, nurse: Actor) -> None:
    patient = home.care.patient
    put("update access.membership set ends_at = starts_at where party = %(gp)s",
        {"gp": home.care.gp.person})  # fmt: skip
    care = opened(nurse, patient, Permission.MONITORING_WRITE)
    assert gp_service.gp_rung(care) == ()
    assert not gp_service.note_without(care, uuid4(), "mon-fri 08:00-19:00")
    assert gp_service.note_without(care, None, "mon-fri 08:00-19:00")
    with pytest.raises(ValueError, match="no GP"):
        alerts.prescribe(patient, "covid-home", "home-five-rungs", nurse.person)
    assert gp_service.note_without(care, nurse.person, "mon-fri 08:00-19:00")
    (found,) = gp_service.gp_rung(care)
    assert (found.kind, found.person) == ("without", nurse.person)
    alerts.prescribe(patient, "covid-home", "home-five-rungs", nurse.person)


def test_a_ladder_with_a_gp_is_not_signed_without_a_gp_or_who_is_in_his_place(
    home: Home, nurse: Actor
) -> None:
    put("update access.membership set ends_at = starts_at where party = %(gp)s",
        {"gp": home.care.gp.person})  # fmt: skip
    care = opened(nurse, home.care.patient, Permission.MONITORING_WRITE)
    assert gp_service.note_without(care, None, "mon-fri 08:00-19:00")
    live = prescriptions.prescribed(care).live
    assert live is not None
    kept = prescriptions.keep_draft(care, live.content)
    assert isinstance(kept, Kept)
    assert prescriptions.sign_draft(care, kept) is prescriptions.NotKept.WITHOUT_GP
    assert gp_service.note_without(care, nurse.person, "mon-fri 08:00-19:00")
    assert isinstance(prescriptions.sign_draft(care, kept), Signed)


def test_what_is_planned_leaves_its_trace(home: Home, nurse: Actor) -> None:
    shift = planned(nurse, nurse.person)
    assert week_service.end_shift(nurse, shift.id, today())
    found = rows(
        "select action, detail->>'shift' from audit.event where permission = 'rota:manage'"
        " order by at"
    )
    assert found == [("C", str(shift.id)), ("D", str(shift.id))]
