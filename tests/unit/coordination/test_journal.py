"""The journal gathers without losing, and the circle splits by time."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from coordination.circle import Member, live_and_past, parse_role
from coordination.journal import Access, gather

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def access(minutes: int, name: str, outcome: str = "success", permission: str = "x:y") -> Access:
    return Access(
        at=NOON + timedelta(minutes=minutes),
        person=UUID(int=ord(name[0])),
        person_name=name,
        organisation_name=None,
        role="gp",
        service=None,
        permission=permission,
        outcome=outcome,
        purpose="TREAT",
        basis="care_team",
    )


def test_one_line_a_person_and_day_with_all_he_did() -> None:
    lines = gather(
        [access(0, "A", permission="a:r"), access(9, "A", permission="b:r"), access(5, "B")], PARIS
    )
    assert [(line.name, line.permissions) for line in lines] == [
        ("A", ("a:r", "b:r")),
        ("B", ("x:y",)),
    ]
    assert lines[0].last_at - lines[0].first_at == timedelta(minutes=9)


def test_a_refusal_is_never_mixed_with_an_access() -> None:
    lines = gather([access(0, "A"), access(1, "A", outcome="refused")], PARIS)
    assert sorted(line.refused for line in lines) == [False, True]


def test_days_are_those_of_the_reader() -> None:
    late = gather([access(60 * 11 - 1, "A"), access(60 * 11, "A")], PARIS)
    assert [line.day.day for line in late] == [23, 22]


@given(st.lists(st.tuples(st.integers(0, 5000), st.sampled_from("ABC"), st.booleans())))
def test_nobody_is_left_out(visits: list[tuple[int, str, bool]]) -> None:
    lines = gather([access(m, n, "refused" if r else "success") for m, n, r in visits], PARIS)
    assert {(line.name, line.refused) for line in lines} == {(n, r) for _, n, r in visits}


def member(number: int, role: str, starts: int, ends: int | None) -> Member:
    return Member(
        membership_id=UUID(int=number),
        party=UUID(int=number),
        kind="person",
        name=str(number),
        role=role,
        starts_at=NOON + timedelta(hours=starts),
        ends_at=None if ends is None else NOON + timedelta(hours=ends),
        reason=None,
        basis="care_team",
        agreed=[],
        measure_scope=None,
        end_reason=None,
    )


def test_whoever_left_opens_nothing_any_more() -> None:
    everybody = [
        member(1, "gp", -3, None),
        member(2, "gp", -3, 0),
        member(3, "patient", -1, None),
        member(4, "gp", 1, None),
    ]
    live, past = live_and_past(everybody, NOON)
    assert [one.membership_id.int for one in live] == [3, 1]
    assert {one.membership_id.int for one in past} == {2, 4}


def test_the_patients_own_place_is_nobodys_to_give() -> None:
    assert parse_role("patient") is None
    assert parse_role("telemonitoring_centre") is None
    assert parse_role("home_nurse") == "home_nurse"
