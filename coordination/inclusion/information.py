"""What a patient is told before he is followed, and what he agrees to, with its version. Pure.

The words a person was shown are kept with his answer. The wording is proposed, to be validated by
the organisation that deploys Chevet (CSP L.1111-2, L.1111-4; CSS L.162-48 s.).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What is agreed to, each apart."""

    TELEMONITORING = "telemonitoring"
    USAGE_DATA = "usage_data"
    """Data on how the service is used, sent to prove it: a refusal is no refusal of care."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A text with its version; `wording` is an English msgid."""

    kind: Kind
    id: str
    version: int
    wording: str


TEXT_SENTENCES: Final[dict[str, str]] = {
    "telemonitoring": (
        "I was told what I will be asked and measure at home, who reads it and on which days and "
        "hours, and that this is not an emergency service: in an emergency I call 15. My answers "
        "and measurements are kept in my record, opened by my care circle only; I can see who "
        "opened it. I may stop at any moment, without any effect on my care. I agree to this."
    ),
    "usage_data": (
        "I agree that data on how I use this service, without what I answer, are sent to the "
        "operator to show that it is used. I may refuse: I am followed all the same, but the "
        "follow-up may then not be reimbursed."
    ),
}
"""The texts as they are now; whoever changes a word counts the version of its text up."""

TELEMONITORING: Final = Told(
    kind=Kind.TELEMONITORING,
    id="telemonitoring",
    version=1,
    wording=TEXT_SENTENCES["telemonitoring"],
)
USAGE_DATA: Final = Told(
    kind=Kind.USAGE_DATA, id="usage_data", version=1, wording=TEXT_SENTENCES["usage_data"]
)
TEXTS: Final = (TELEMONITORING, USAGE_DATA)
