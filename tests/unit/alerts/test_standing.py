"""Every way in which people can be there or not: a rung has somebody, or says why it has nobody."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import product
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from alerts.edge.library import load_ladder
from alerts.ladder import Ladder, Recipient
from alerts.rota.public_days import Region
from alerts.rota.rota import EVERY_DAY, Duty, Leave, OnHolidays, Rota, Shift
from alerts.rota.standing import Candidate, Known, Skip, Standing, decide_standing
from core.opening import Opening, parse_opening
from scoring.level import Level

Record = Callable[[str, object], None]
SIX = load_ladder("home-six-rungs", 1)
TWO = load_ladder("home-two-rungs", 1)
CENTRE, FIRST, SECOND, GP, HOME_NURSE = (UUID(int=number) for number in (9, 1, 2, 3, 4))
BY_ACCEPTANCE = {Recipient.GP: GP, Recipient.HOME_NURSE: HOME_NURSE}
NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)
TODAY = date(2026, 11, 25)
PARIS = ZoneInfo("Europe/Paris")
NURSES = frozenset({FIRST, SECOND})


def shift(person: UUID, duty: Duty, *, here: bool) -> Shift:
    return Shift(
        id=UUID(int=100 + person.int), person=person, duty=duty, weekdays=EVERY_DAY,
        starts=time(8 if here else 14), ends=time(20), on_holidays=OnHolidays.AS_USUAL,
        first_on=date(2026, 1, 1), last_on=None,
    )  # fmt: skip


def rotas() -> Iterator[Rota | None]:
    """Yield no rota, and every small one: who has a shift, for what, now or later, who is away."""
    yield None
    for duty, here, away, gone in product(Duty, (True, False), (True, False), (True, False)):
        yield Rota(
            zone=PARIS,
            region=Region.METROPOLE,
            staff={SECOND: None} if gone else {FIRST: None, SECOND: None},
            shifts=(shift(FIRST, duty, here=here),),
            leaves=(Leave(person=FIRST, first_on=TODAY, last_on=TODAY, substitute=None),)
            if away
            else (),
        )


HOURS: tuple[dict[UUID, Opening], ...] = (
    {},
    {GP: parse_opening("mon-fri 08:00-19:00")},
    {GP: parse_opening("mon-fri 14:00-19:00"), HOME_NURSE: parse_opening("mon-fri 08:00-19:00")},
    {HOME_NURSE: parse_opening("sat-sun 08:00-19:00")},
)


def candidates(role: Recipient) -> tuple[Candidate, ...]:
    if role in BY_ACCEPTANCE:
        person = BY_ACCEPTANCE[role]
        return (Candidate(person=person, organisation=None, stands_for=person),)
    return tuple(Candidate(person=person, organisation=CENTRE) for person in (FIRST, SECOND))


RESTING: tuple[frozenset[UUID], ...] = (
    frozenset(),
    frozenset({FIRST}),
    NURSES | {GP, HOME_NURSE},
)


def walk(ladder: Ladder) -> Iterator[tuple[Recipient, Level, Known, Rota | None, Standing]]:
    for rota, hours, is_open, level, first, resting in product(
        rotas(),
        HOURS,
        (True, False),
        (Level.ORANGE, Level.RED),
        (frozenset(), {FIRST}, NURSES),
        RESTING,
    ):
        known = Known(
            rotas={CENTRE: rota} if rota else {},
            hours=hours,
            open=is_open,
            region=Region.METROPOLE,
            zone=PARIS,
            called_first=frozenset(first),
            resting=resting,
        )
        for rung in ladder.rungs:
            for here in (candidates(rung.role), ()):
                standing = decide_standing(rung, level, here, known, NOON)
                yield rung.role, level, known, rota, standing


def faults() -> Iterator[str]:
    """Yield what no rung may do, whoever is there."""
    for role, level, known, rota, standing in walk(SIX):
        if level is Level.ORANGE and standing.people & known.resting:
            yield f"{role}: an orange calls somebody in his quiet hours"
        if level is Level.RED and standing.skip is Skip.QUIET_HOURS:
            yield f"{role}: a red looks at quiet hours"
        if bool(standing.people) == (standing.skip is not None):
            yield f"{role}: somebody and a reason, or neither"
        if role is Recipient.SECOND_NURSE and standing.people & known.called_first:
            yield "the second nurse is the first"
        if role in BY_ACCEPTANCE and standing.people and BY_ACCEPTANCE[role] not in known.hours:
            yield f"{role}: somebody who did not accept"
        if role is Recipient.ON_CALL and standing.people and not (
            rota and rota.keeps(Duty.ON_CALL)
        ):  # fmt: skip
            yield "somebody on call whom nobody planned"
        away = rota is not None and (rota.leaves or FIRST not in rota.staff)
        if away and rota and role not in BY_ACCEPTANCE and FIRST in standing.people and (
            rota.leaves or rota.keeps(Duty(role))
        ):  # fmt: skip
            yield f"{role}: somebody who is away"
        if rota is None and not known.open and role not in BY_ACCEPTANCE and standing.people:
            yield f"{role}: called while the service is closed"


def test_every_rung_has_somebody_or_says_why(record_property: Record) -> None:
    wrong = set(faults())
    seen = list(walk(SIX))
    record_property("counts", f"cases {len(seen)}; faults {len(wrong)}")
    assert wrong == set()
    assert len(seen) > 5000
    assert {standing.skip for *_, standing in seen} == {None, *Skip}


def test_the_older_ladder_without_a_rota_calls_everybody_at_any_hour() -> None:
    for role, level, known, rota, standing in walk(TWO):
        rests = level is Level.ORANGE and bool(known.resting)
        if rota is None and standing.skip is None and not rests:
            assert standing.people == ({GP} if role is Recipient.GP else NURSES)


@pytest.mark.parametrize(
    ("forgotten", "found"),
    [
        ("alerts.rota.standing._away", "telemonitoring_nurse: somebody who is away"),
        ("alerts.rota.standing.DUTY_OF", "the second nurse is the first"),
    ],
)
def test_a_check_that_is_forgotten_is_found(
    monkeypatch: pytest.MonkeyPatch, forgotten: str, found: str
) -> None:
    """The deliberate faults: leave is not looked at; whom the first rung called is not."""
    if forgotten.endswith("_away"):
        monkeypatch.setattr(forgotten, lambda *_: frozenset())
    else:
        real = decide_standing
        monkeypatch.setattr(
            "tests.unit.alerts.test_standing.decide_standing",
            lambda rung, level, here, known, now: real(
                rung, level, here, _without_first(known), now
            ),
        )
    assert found in set(faults())


def _without_first(known: Known) -> Known:
    return replace(known, called_first=frozenset())
