"""The life of an edition: draft, then active, then retired, and never back. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never


class State(StrEnum):
    """Where an edition stands."""

    DRAFT = "draft"
    """Seen by those who import; nobody is asked it."""
    ACTIVE = "active"
    """May be planned."""
    RETIRED = "retired"
    """No new plan takes it; plans that run keep it, and answers are read with it for ever."""


class EditionAct(StrEnum):
    """What a person does with an edition."""

    PUBLISH = "publish"
    RETIRE = "retire"


STATE_LABELS: Final[dict[State, str]] = {
    State.DRAFT: "draft",
    State.ACTIVE: "in use",
    State.RETIRED: "retired",
}
"""English msgid of each."""


@dataclass(frozen=True, slots=True)
class NotPossible:
    """The edition stands where this act does nothing."""

    state: State


def transition(state: State, act: EditionAct) -> State | NotPossible:
    """Return where an act leads; a draft that is retired was thrown away unread."""
    match act:
        case EditionAct.PUBLISH:
            return State.ACTIVE if state is State.DRAFT else NotPossible(state)
        case EditionAct.RETIRE:
            return State.RETIRED if state is not State.RETIRED else NotPossible(state)
        case _:
            assert_never(act)
