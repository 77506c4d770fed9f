"""A record handed to another organisation: proposed, answered, and nothing of it lost."""

from datetime import date

import pytest

from coordination.opening import service
from coordination.opening.opening import Outcome, Proposal
from core.doors import Actor
from tests.as_owner import rows
from tests.conftest import Database
from tests.integration.identity.officers import make_post
from tests.integration.opening.desk import (
    Desk,
    archive,
    identity_of,
    make_desk,
    opened,
    reads,
    share,
)

TOLD = date(2026, 11, 20)


@pytest.fixture
def desk(database: Database) -> Desk:
    return make_desk()


@pytest.fixture
def other(desk: Desk) -> Actor:
    return make_post("Omar Diallo", "DAC Paris Sud", "dac_coordinator")


def propose(desk: Desk, other: Actor, *, stays: bool = False) -> Outcome:
    ctx = opened(desk.coordinator, desk.patient)
    found = service.record(ctx)
    assert found is not None
    proposal = Proposal(
        to=identity_of(other), mission="dac", stays=stays, reason="Déménage", patient_told_on=TOLD
    )
    return service.propose(ctx, proposal, found.head.version)


@pytest.mark.parametrize("stays", [True, False])
@pytest.mark.parametrize("shared", [True, False])
def test_it_is_accepted(desk: Desk, other: Actor, stays: bool, shared: bool) -> None:
    if not shared:
        assert share(desk, False) is Outcome.DONE
    assert propose(desk, other, stays=stays) is Outcome.DONE
    assert not reads(other, desk.patient), "what is only proposed opens nothing"
    assert archive(desk, True) is Outcome.PROPOSED
    assert propose(desk, other) is Outcome.PROPOSED
    (waiting,) = service.waiting(other).to_answer
    assert waiting.patient_id == desk.patient
    assert service.waiting(desk.nurse).to_answer == []
    assert service.answer(desk.nurse, waiting.id, accepts=True, why="") is None
    assert service.answer(other, waiting.id, accepts=True, why="") == desk.patient
    assert service.answer(other, waiting.id, accepts=True, why="") is None
    assert reads(other, desk.patient)
    assert reads(desk.coordinator, desk.patient) is (stays and shared)
    assert reads(desk.gp, desk.patient) is shared
    found = service.record(opened(other, desk.patient))
    assert found is not None
    assert found.head.managing_name == "DAC Paris Sud"
    assert [one.state for one in found.transfers] == ["accepted"]


def test_it_is_refused_or_taken_back_and_nothing_changes(desk: Desk, other: Actor) -> None:
    before = rows("select id, ends_at from access.membership order by id")
    assert propose(desk, other) is Outcome.DONE
    (one,) = service.waiting(other).to_answer
    assert service.answer(other, one.id, accepts=False, why="Hors secteur") == desk.patient
    assert propose(desk, other) is Outcome.DONE
    (again,) = service.waiting(other).to_answer
    assert not service.withdraw_proposal(opened(desk.gp, desk.patient), again.id)
    assert service.withdraw_proposal(opened(desk.coordinator, desk.patient), again.id)
    assert service.waiting(other).to_answer == []
    assert rows("select id, ends_at from access.membership order by id") == before


def test_only_who_answers_for_it_hands_it_over(desk: Desk, other: Actor) -> None:
    assert share(desk, False) is Outcome.DONE
    assert share(desk, True) is Outcome.DONE
    ctx = opened(desk.gp, desk.patient)
    proposal = Proposal(
        to=identity_of(other), mission="dac", stays=True, reason="x", patient_told_on=TOLD
    )
    assert service.propose(ctx, proposal, 2) is Outcome.NOT_YOURS
    nobody = make_post("Ada Min", "Mairie", "administrator")
    assert propose(desk, nobody) is Outcome.NOBODY_THERE
