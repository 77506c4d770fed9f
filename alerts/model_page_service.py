"""What who reads a queue may know of the model in use: its card, its turns, how it fits."""

from dataclasses import dataclass
from typing import Final

from alerts.looks import CardRow, LookRow
from alerts.store import watching as store
from alerts.store.models import Turn
from core.doors import Actor, acting_as

TURNS: Final = 50
"""Turns shown, the newest; `chevet model list` has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelState:
    """Turns, the newest first; the card of the model in use; the newest look at any version."""

    turns: tuple[Turn, ...]
    card: CardRow | None
    look: LookRow | None

    @property
    def look_stands(self) -> bool:
        """Whether the look tells of now: it saw the model in use, or it took it back itself.

        One from before the newest turn, or at another version, is history.
        """
        if self.look is None or not self.turns:
            return False
        newest = self.turns[0]
        if newest.version is None:
            return self.look.at == newest.at
        return self.look.version == newest.version and self.look.at > newest.at


def model_state(actor: Actor) -> ModelState:
    """Return what there is to know; of figures of the whole service only, never of a patient."""
    with acting_as(actor) as conn:
        return ModelState(
            turns=tuple(store.load_shown_turns(conn, TURNS)),
            card=store.load_shown_card(conn),
            look=store.load_shown_look(conn),
        )
