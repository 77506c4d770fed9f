"""What the form of an alert's page says: one act, and before when, if it is a promise. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alerts.acts import Called15, Close, Own, PersonAct, See
from alerts.answering import PROMISES, Hold, Promise
from alerts.outcomes import OFFERED, Outcome

APART = "|"
"""Between the promise and its time, where one choice says both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The fields as the browser sent them; `before` is an instant in ISO 8601 with its zone.

    Of the act « promise » the choice names which: « visit_asked|2026-11-27T14:20:00+00:00 ».
    """

    act: str
    outcome: str = ""
    note: str = ""
    before: str = ""

    @property
    def what(self) -> str:
        """Return the code of the act, of a promise the one that was chosen."""
        return self.before.partition(APART)[0] if self.act == "promise" else self.act

    @property
    def time(self) -> str:
        """Return the time that was chosen, as it was sent."""
        return self.before.partition(APART)[2] if self.act == "promise" else self.before


def parse_act(sent: Sent, person: UUID) -> PersonAct | None:
    """Return the act of a form, or None when it says none that exists."""
    match sent.what:
        case "seen":
            return See(by=person)
        case "owned":
            return Own(by=person)
        case "calling_patient" | "to_emergency" | "visit_asked":
            return _promise(Hold(sent.what), sent.time, person)
        case "called_15":
            return Called15(by=person, note=sent.note)
        case "closed" if sent.outcome in OFFERED:
            return Close(by=person, outcome=Outcome(sent.outcome), note=sent.note)
        case _:
            return None


def _promise(hold: Hold, time: str, person: UUID) -> Promise | None:
    if not time:
        return PROMISES[hold](by=person)
    try:
        before = datetime.fromisoformat(time)
    except ValueError:
        return None
    return PROMISES[hold](by=person, before=before) if before.tzinfo is not None else None
