"""English words of the circle's pages; each is the msgid of its translation."""

from collections.abc import Callable
from typing import Final

from coordination.circle import Member, acting_role
from coordination.consent import GROUPS, granted_to, in_words
from coordination.joining import Problem
from core.access import Basis, Rights, Role

BASIS_LABELS: Final[dict[str, str]] = {
    Basis.SELF: "own record",
    Basis.CARE_TEAM: "care team",
    Basis.CONSENT: "with the person's consent",
    Basis.LEGAL_REPRESENTATIVE: "by a legal protection measure",
    Basis.BREAK_GLASS: "access in an emergency",
}
SCOPE_LABELS: Final[dict[str, str]] = {
    "person": "The person",
    "property": "Property",
    "both": "The person and property",
}
PROBLEM_SENTENCES: Final[dict[str, str]] = {
    Problem.STALE: (
        "The circle has changed since you opened this page. Look at it as it is now, then confirm: "
        "what you typed is still here, and nothing was changed."
    ),
    Problem.NOBODY: "Nobody signs in with this name. Check it with the person.",
    Problem.ROLE: "This role cannot be given.",
    Problem.SCOPE: "Say what the protection measure covers.",
    Problem.ALREADY: "This member already has this role in the circle for these dates.",
    Problem.DATES: "Check the dates: the first day cannot be past, and the last comes after it.",
    Problem.MEANS: "Say how the person agreed.",
    Problem.CONSENT_DATE: "Say on which day the person agreed; it cannot be to come.",
}
SAID_SENTENCES: Final[dict[str, str]] = {
    "added": "The person is in the circle from now on.",
    "planned": "The stay is written down: the record opens on its first day.",
    "ended": "The member has left: the record is closed to him from now on.",
    "ends": "The last day is written down: the record closes at its end.",
    "gone": "Somebody had already ended this membership. Nothing was changed.",
    "managed": "The organisation manages the circle from now on.",
    "withdrawn": "The consent is taken back: what it alone had opened is closed.",
    "opposed": "The opposition is written down: nobody opens the record in an emergency any more.",
    "allowed": "The opposition is taken back.",
    "told": "This person will get a message when you do not answer.",
    "untold": "This person gets no more messages when you do not answer.",
    "no_relative": "This person is no longer in your circle. Nothing was changed.",
}
"""What a page says after an act."""


def said_sentence(said: str) -> str | None:
    """Return the msgid of what a page says after an act, or None."""
    return SAID_SENTENCES.get(said)


def basis_label(basis: str) -> str:
    """Return the msgid of a basis; an unknown one is shown as it is."""
    return BASIS_LABELS.get(basis, basis)


def sees_and_does(member: Member, rights: Rights) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a member sees and may do, as msgids; for an organisation, what its staff do."""
    role = acting_role(member.role)
    return in_words(granted_to(role, member.agreed, rights)) if role else ((), ())


def staff_role(member: Member) -> Role | None:
    """Return in which role the staff of an organisation act; None for a person."""
    return acting_role(member.role) if member.kind == "organisation" else None


def agreed_groups(member: Member) -> tuple[str, ...]:
    """Return the groups of rights that the patient agreed to for a member."""
    return tuple(name for name, granted in GROUPS.items() if granted & set(member.agreed))


def listed(words: tuple[str, ...], say: Callable[[str], str]) -> str:
    """Write words one after the other, in the language of `say`."""
    return ", ".join(say(word) for word in words)


def scope_label(scope: str | None) -> str:
    """Return the msgid of what a measure covers."""
    return SCOPE_LABELS.get(scope or "", "")
