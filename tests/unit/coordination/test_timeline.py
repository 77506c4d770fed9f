"""The timeline's own rules: spans and their names, one order of many sources, first pages."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.actions.action import State
from coordination.actions.store import MyAction
from coordination.homes.homes_service import by_record, in_order
from coordination.homes.professions import BY_ROLE, FAMILY, Section, home_of_role
from coordination.homes.rooms_waiting_service import action_waiting, is_to_tell
from coordination.timeline.plan_store import StayLine, say_stay, stay_entry
from coordination.timeline.span import Span, Zoom, beside, parse_span, wider
from coordination.timeline.timeline import merge, overview, without_withheld
from core.access import Role
from core.changes import Change, Waiting
from core.i18n import zone
from core.matrix import PROPOSED
from core.timeline import Entry

PARIS = zone("Europe/Paris")
NOW = datetime(2026, 11, 29, 19, 30, tzinfo=UTC)


def span(name: str, now: datetime = NOW, last: datetime | None = None) -> Span:
    found = parse_span(name, now, PARIS, last)
    assert found is not None, name
    return found


def entry(at: datetime, kind: str = "notes", key: str = "", *, withheld: bool = False) -> Entry:
    return Entry(
        at=at, key=f"{kind}:{key or uuid4()}", kind=kind, what="x", facts={}, withheld=withheld
    )


def test_a_span_has_the_midnights_of_its_place() -> None:
    year = span("2025")
    assert (year.since, year.until) == (
        datetime(2024, 12, 31, 23, tzinfo=UTC),
        datetime(2025, 12, 31, 23, tzinfo=UTC),
    )
    short, long = span("2026-03-29"), span("2025-10-26")
    assert (short.until - short.since, long.until - long.since) == (
        timedelta(hours=23),
        timedelta(hours=25),
    )
    assert span("2026-11-29T09").since == datetime(2026, 11, 29, 8, tzinfo=UTC)
    assert span("2026").until == NOW + timedelta(seconds=1), "nothing is after now"
    assert span("2027").since == span("2027").until, "a span to come is empty"


NO_SPANS = ["26", "2026-13", "2026-02-30", "2026-1", "1999", "9999", "x", "2026-11-24T24"]
NO_SPANS += ["٢٠٢٦", "2026-11-24 ", "new ", "2026\n"]


@pytest.mark.parametrize("name", NO_SPANS)
def test_what_names_no_span_is_none(name: str) -> None:
    assert parse_span(name, NOW, PARIS, None) is None


def test_one_goes_out_and_along() -> None:
    names = ["2024-03-01T07"]
    while names[-1] != Zoom.YEARS:
        names.append(wider(span(names[-1])))
    assert names == ["2024-03-01T07", "2024-03-01", "2024-03", "2024", "years"]
    assert (beside(span("2024-03-01"), -1), beside(span("2024-12"), 1)) == ("2024-02-29", "2025-01")
    assert beside(span("2024-01"), -1) == "2023-12"
    assert beside(span(""), 1) is None


def test_what_is_new_is_bounded() -> None:
    assert span("new", last=NOW - timedelta(days=2)).since == NOW - timedelta(days=2)
    assert span("new", last=NOW - timedelta(days=900)).since == NOW - timedelta(days=366)
    assert span("new").since == NOW - timedelta(days=30), "at the first visit"


moments = st.integers(0, 20).map(lambda minutes: NOW - timedelta(minutes=minutes))
sources = st.lists(st.lists(st.tuples(moments, st.sampled_from("abcdef")), max_size=12), max_size=4)


@settings(max_examples=60)
@given(sources, st.integers(1, 7))
def test_pages_hold_each_entry_once_in_order(
    drawn: list[list[tuple[datetime, str]]], most: int
) -> None:
    """As sources answer: each its latest before a place; many things happen at one instant."""
    everything = [
        sorted({(at, f"s{number}:{key}") for at, key in one}, reverse=True)
        for number, one in enumerate(drawn)
    ]
    seen, place = list[tuple[datetime, str]](), (NOW + timedelta(days=1), "")
    for _ in range(100):
        found = [
            [
                Entry(at=at, key=key, kind="s", what="", facts={})
                for at, key in [pair for pair in one if pair < place][: most + 1]
            ]
            for one in everything
        ]
        page = merge(found, most)
        seen += [(one.at, one.key) for one in page.entries]
        if page.last is None:
            break
        place = (page.last.at, page.last.key)
    assert seen == sorted((pair for one in everything for pair in one), reverse=True)


def test_paper_has_no_withheld_entry_and_no_hole_where_a_source_stopped() -> None:
    notes = [entry(NOW - timedelta(hours=n), withheld=n < 3) for n in range(6)]
    alerts = [entry(NOW - timedelta(days=n), "alerts") for n in range(3)]
    kept = without_withheld([notes, alerts], 5)
    assert [len(one) for one in kept] == [3, 1], "alerts older than the oldest note known are left"
    assert [len(one) for one in without_withheld([notes, alerts], 6)] == [3, 3]


def test_an_overview_counts_by_kind_and_says_where_it_stopped() -> None:
    found = [
        [entry(datetime(2026, month, 2, tzinfo=UTC)) for month in (5, 5, 3)],
        [entry(datetime(2025, 12, 31, 23, 30, tzinfo=UTC), "alerts")],
    ]
    parts = overview(found, "%Y-%m", PARIS, 3)
    assert [(part.name, dict(part.counts), part.at_least) for part in parts] == [
        ("2026-05", {"notes": 2}, False),
        ("2026-03", {"notes": 1}, True),
        ("2026-01", {"alerts": 1}, True),
    ]


def test_each_profession_has_a_first_page_that_fits_its_rights() -> None:
    assert {home.kind for home in BY_ROLE.values()} == {
        "gp", "home_nurse", "home_help", "social_worker", "dac", "hospital",
    }  # fmt: skip
    assert home_of_role(None) is FAMILY
    assert home_of_role("somebody").has(Section.WAITING)
    for role, home in BY_ROLE.items():
        reads = any(str(one) == "alerts:read" for one in PROPOSED.always[role])
        assert reads >= home.has(Section.ALERTS), role
    assert not home_of_role(Role.HOME_HELP).has(Section.ALERTS)
    assert home_of_role(Role.HOME_NURSE).sections[0] is Section.VISITS


def test_what_waits_is_urgent_first_and_changes_stand_by_record() -> None:
    def waits(key: str, hours: int, *, urgent: bool = False) -> Waiting:
        at = NOW - timedelta(hours=hours)
        return Waiting(key=key, link="/", about="a", why="b", at=at, urgent=urgent)

    asked = [waits("new", 1), waits("old", 9), waits("urgent", 2, urgent=True)]
    assert [one.key for one in in_order(asked)] == ["urgent", "old", "new"]
    one, two = UUID(int=1), UUID(int=2)

    def change(patient: UUID, times: int, hours: int) -> Change:
        at = NOW - timedelta(hours=hours)
        return Change(patient_id=patient, name=f"P{patient.int}", times=times, last_at=at)

    found = by_record(
        [("Notes", [change(one, 2, 5)]), ("Alerts", [change(two, 1, 4), change(one, 1, 1)])]
    )
    assert [(each.name, each.kinds) for each in found] == [
        ("P1", (("Notes", 2), ("Alerts", 1))),
        ("P2", (("Alerts", 1),)),
    ]


def stay_line(what: str) -> StayLine:
    return StayLine(
        at=NOW,
        key="stays:1",
        thing="1",
        what=what,
        name="",
        more="",
        author="Marc Dubois",
        started_at=datetime(2026, 11, 27, 23, 30, tzinfo=UTC),
        planned_out_on=date(2026, 12, 4),
        ended_at=None,
    )


@pytest.mark.parametrize(
    ("what", "day"),
    [
        ("admitted", date(2026, 11, 28)),
        ("planned", date(2026, 12, 4)),
        ("discharged", None),
        ("called", None),
    ],
)
def test_a_stay_is_told_with_the_day_of_its_place(what: str, day: date | None) -> None:
    told = stay_entry(uuid4(), stay_line(what), "Europe/Paris")
    assert told.facts == {"day": day}
    assert (day is not None) == (": " in say_stay(told, str, "en"))


def my_action(state: State, days: int) -> MyAction:
    return MyAction(
        item_id=uuid4(),
        patient_id=uuid4(),
        patient_name="Jeanne Martin",
        wording="Appeler",
        due_on=NOW.date() + timedelta(days=days),
        state=state,
        accept_by=None,
        author_name="Dr Paul Lefèvre",
        mine=state is State.RETURNED,
    )


def test_an_action_waits_until_accepted_then_as_its_day_comes() -> None:
    today = NOW.date()
    told = {
        (state, days): is_to_tell(my_action(State(state), days), today)
        for state in ("proposed", "accepted", "returned")
        for days in (-1, 1, 2)
    }
    assert [key for key, shown in told.items() if not shown] == [("accepted", 2)]
    assert action_waiting(my_action(State("accepted"), -1), today).urgent
    assert not action_waiting(my_action(State("accepted"), 0), today).urgent
    assert not action_waiting(my_action(State("returned"), -1), today).urgent, "it is his to decide"
