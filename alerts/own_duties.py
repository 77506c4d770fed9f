"""Swaps as « Mes gardes » shows them: who is to answer, and what became of each. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from alerts.rota.own import OwnTurn, is_over
from alerts.rota.rota import Rota
from alerts.store.own_duties import ColleagueRow, OwnSwapRow


class SwapState(StrEnum):
    """What became of a swap."""

    WAITS = "waits"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    GIVEN_ON = "given_on"
    OVER = "over"
    """Nobody answered, and nothing is left to answer."""


SWAP_WORDS: Final = {
    SwapState.WAITS: "Waits for an answer",
    SwapState.ACCEPTED: "Swap accepted",
    SwapState.DECLINED: "Declined",
    SwapState.WITHDRAWN: "Asked no more",
    SwapState.GIVEN_ON: "Accepted, and given on since",
    SwapState.OVER: "No longer to be answered",
}
"""English msgid of each state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapLine:
    """A swap, what became of it, and whether the reader is the one who is asked."""

    swap: OwnSwapRow
    state: SwapState
    asked_of_me: bool


def swap_lines(
    swaps: Iterable[OwnSwapRow], rotas: Mapping[UUID, Rota], me: UUID, now: datetime
) -> tuple[SwapLine, ...]:
    """Return the swaps of somebody, by day."""
    return tuple(
        SwapLine(swap=one, state=_state(one, rotas, now), asked_of_me=one.to_person == me)
        for one in swaps
    )


def _state(swap: OwnSwapRow, rotas: Mapping[UUID, Rota], now: datetime) -> SwapState:
    if swap.answered_at is None:
        return SwapState.WAITS if _may_be_answered(swap, rotas, now) else SwapState.OVER
    if swap.accepted:
        return SwapState.ACCEPTED
    if swap.given_on_at is not None:
        return SwapState.GIVEN_ON
    by_asker = swap.answered_by == swap.asked_by
    return SwapState.WITHDRAWN if by_asker else SwapState.DECLINED


def _may_be_answered(swap: OwnSwapRow, rotas: Mapping[UUID, Rota], now: datetime) -> bool:
    rota = rotas.get(swap.organisation)
    shift = next((one for one in rota.shifts if one.id == swap.shift), None) if rota else None
    if rota is None or shift is None or not swap.stands:
        return False
    return swap.day >= now.astimezone(rota.zone).date() or not is_over(rota, shift, swap.day, now)


def may_be_asked(
    own: OwnTurn, colleagues: Iterable[ColleagueRow], swaps: Iterable[OwnSwapRow], me: UUID
) -> tuple[ColleagueRow, ...]:
    """Return who may be asked to take a shift one has; nobody while somebody is asked."""
    turn = own.turn
    if any(
        (one.shift, one.day) == (turn.shift.id, turn.day) and one.answered_at is None
        for one in swaps
    ):
        return ()
    return tuple(
        one
        for one in colleagues
        if one.organisation == own.organisation
        and turn.shift.duty in one.duties
        and one.person not in (me, turn.shift.person)
    )
