"""English words of an explanation; each is the msgid of its translation."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, assert_never

from core.access import Basis
from core.explain import (
    Explained,
    HasLeft,
    NeedsAgreement,
    NeverIn,
    NotYet,
    Opens,
    RoleDoesNotGrant,
    Tie,
)
from core.i18n import Translate
from core.items import HiddenFrom, NotCommunicable, TooSensitive
from identity.words import role_label

BASIS_SENTENCES: Final[dict[str, str]] = {
    Basis.SELF: "it is his own record",
    Basis.CARE_TEAM: "as part of the care team",
    Basis.CONSENT: "with the patient's consent",
    Basis.LEGAL_REPRESENTATIVE: "as legal representative",
    Basis.BREAK_GLASS: "by emergency access",
}

VERDICT_SENTENCES: Final[dict[str, str]] = {
    "opens": "Allowed as {role}, {basis}, in the circle since {day}.",
    "opens_post": "Allowed as {role} at {organisation}, {basis}, in the circle since {day}.",
    "agreement": "Denied: as {role} this needs the patient's recorded agreement, and there is "
    "none.",
    "role": "Denied: in the circle as {role}, which does not grant this.",
    "left": "Not in the circle any more: it ended on {day} (as {role}).",
    "not_yet": "Not in the circle yet: it begins on {day} (as {role}).",
    "never": "Never in the circle: to this person the record does not exist.",
}

EXCEPTION_SENTENCES: Final[dict[str, str]] = {
    "withheld": "Not shown: it is not communicable.",
    "sensitive": "Not shown: it is sensitive.",
    "party": "Not shown: it is hidden from this person or team.",
    "role": "Not shown: it is hidden from the role “{role}”.",
}


def verdict_sentence(
    explained: Explained, say: Translate, on_day: Callable[[datetime], str]
) -> str:
    """Say whether a person may, and through what or why not."""
    reason = explained.reason
    match reason:
        case Opens(tie=tie):
            which = "opens_post" if tie.post else "opens"
            return say(VERDICT_SENTENCES[which]).format(**_words(tie, say, on_day))
        case NeedsAgreement(tie=tie):
            return say(VERDICT_SENTENCES["agreement"]).format(**_words(tie, say, on_day))
        case RoleDoesNotGrant(ties=ties):
            roles = ", ".join(sorted({say(role_label(tie.role)) for tie in ties}))
            return say(VERDICT_SENTENCES["role"]).format(role=roles)
        case HasLeft(tie=tie):
            words = _words(tie, say, on_day) | {"day": on_day(tie.until or tie.since)}
            return say(VERDICT_SENTENCES["left"]).format(**words)
        case NotYet(tie=tie):
            return say(VERDICT_SENTENCES["not_yet"]).format(**_words(tie, say, on_day))
        case NeverIn():
            return say(VERDICT_SENTENCES["never"])
        case _:
            assert_never(reason)


def _words(tie: Tie, say: Translate, on_day: Callable[[datetime], str]) -> dict[str, str]:
    basis = BASIS_SENTENCES.get(tie.basis)
    return {
        "role": say(role_label(tie.role)),
        "organisation": tie.organisation_name or "",
        "basis": say(basis) if basis else tie.basis,
        "day": on_day(tie.since),
    }


def exception_sentence(why: NotCommunicable | TooSensitive | HiddenFrom, say: Translate) -> str:
    """Say why one item is not shown although the role would show it."""
    match why:
        case NotCommunicable():
            return say(EXCEPTION_SENTENCES["withheld"])
        case TooSensitive():
            return say(EXCEPTION_SENTENCES["sensitive"])
        case HiddenFrom(hiding=hiding):
            if hiding.role is None:
                return say(EXCEPTION_SENTENCES["party"])
            return say(EXCEPTION_SENTENCES["role"]).format(role=say(role_label(hiding.role)))
        case _:
            assert_never(why)
