"""The reviewed verdicts: what a line of `verdicts.toml` means for each role and relation.

    public                    answers anybody; holds nothing of a record
    sign-in                   a step of signing in: answers whoever has begun, leads others to
                              what is missing; holds nothing of a record
    signed-in                 answers whoever has a session; holds nothing of a stranger's record
    care P…                   the record of the path, for a live member whose roles grant every P:
                              a stranger 404, a member without the right 403
    own P…                    the signed-in patient's own record; anybody else 404
    mine P…                   one thing of the signed-in patient's own record; another patient 404
    leads P                   finds the record behind an id of another kind: whoever holds P for
                              it goes on; anybody else, a member without the right too, 404
    post P [else W]           a list or an act of the acting post's organisation; W says how
                              others are refused: 403, 404 or sign-in (unless said, 403, and
                              404 for whoever has no post)
    key S                     the key of another system, made for S; nobody's session is enough,
                              whoever he is: everybody is asked for a key (401)
    talks                     a conversation, for whoever is in it: nobody of the cast is
    roles R…                  those roles in the circle, where no permission says it
    record P…                 a callback of the console on the patient in hand: `queue:read` by
                              the post to be there at all, then as `care`, the refusal in words
    list P                    a callback of the console on the organisation's lists
    callback                  the one address of all callbacks: each has its own verdict

A word in brackets after the verdict says what is peculiar, for the second lock:

    (lists)                   no patient is named: nothing is refused in Python, the database
                              alone keeps strangers' rows out, and a stranger sees an empty list
    `leads` too rests on the database alone: without it a stranger is led to the address of the
    record, where the first lock refuses him
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core.access import Permission, Role
from tests.security.relations import Standing, granted

FILE = Path(__file__).parent / "verdicts.toml"


class Outcome(StrEnum):
    """What an answer says to the one who asked."""

    LET_IN = "let in"
    DENIED = "403"
    HIDDEN = "404"
    SIGN_IN = "asked to sign in"
    BROKEN = "failed"


_OTHERWISE = {"403": Outcome.DENIED, "404": Outcome.HIDDEN, "sign-in": Outcome.SIGN_IN}
_ALWAYS = {"signed-in": Outcome.LET_IN, "talks": Outcome.HIDDEN}
"""What everybody gets who has a session, whoever he is to the patient."""
REFUSED = frozenset({Outcome.DENIED, Outcome.HIDDEN})


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the file."""

    section: str
    key: str
    kind: str
    words: tuple[str, ...]
    otherwise: frozenset[Outcome]
    lists: bool

    @property
    def permissions(self) -> tuple[Permission, ...]:
        return tuple(Permission(word) for word in self.words)

    def expected(self, who: Standing) -> frozenset[Outcome]:
        """Return the outcomes that obey the verdict."""
        if self.kind in ("public", "sign-in"):
            return frozenset(Outcome) - {Outcome.BROKEN}
        if self.kind == "key" or not who.signed_in:
            return frozenset({Outcome.SIGN_IN})
        return self._for_somebody(who)

    def _for_somebody(self, who: Standing) -> frozenset[Outcome]:
        match self.kind:
            case "signed-in" | "talks":
                return frozenset({_ALWAYS[self.kind]})
            case "care":
                return _care(who, all(map(who.holds, self.permissions)))
            case "roles":
                return _care(who, bool(who.roles_held & {Role(word) for word in self.words}))
            case "own":
                mine = who.is_patient and set(self.permissions) <= granted(who.role)
                return frozenset({Outcome.LET_IN if mine else Outcome.HIDDEN})
            case "mine":
                mine = who.is_patient and all(map(who.holds, self.permissions))
                return frozenset({Outcome.LET_IN if mine else Outcome.HIDDEN})
            case "leads":
                found = all(map(who.holds, self.permissions))
                return frozenset({Outcome.LET_IN if found else Outcome.HIDDEN})
            case "record" | "list" | "callback":
                return self._in_console(who)
            case "post":
                role = who.post_role
                may = role is not None and set(self.permissions) <= granted(role)
                if may:
                    return frozenset({Outcome.LET_IN})
                return self.otherwise or frozenset({Outcome.DENIED if role else Outcome.HIDDEN})
        raise ValueError(f"{self.key}: no such verdict: {self.kind}")

    def _in_console(self, who: Standing) -> frozenset[Outcome]:
        posts = granted(who.post_role) if who.post_role else frozenset()
        if Permission.QUEUE_READ not in posts:
            return frozenset({Outcome.SIGN_IN})
        if self.kind == "callback":
            return frozenset(Outcome) - {Outcome.SIGN_IN}
        if self.kind == "record":
            return _care(who, all(map(who.holds, self.permissions)))
        return frozenset({Outcome.LET_IN if set(self.permissions) <= posts else Outcome.DENIED})


def _care(who: Standing, let_in: bool) -> frozenset[Outcome]:
    if not who.roles_held:
        return frozenset({Outcome.HIDDEN})
    return frozenset({Outcome.LET_IN if let_in else Outcome.DENIED})


def read_verdicts(section: str) -> list[Verdict]:
    """Return the lines of a section, in the order of the file."""
    return list(_parsed(section, tomllib.loads(FILE.read_text())[section]))


def _parsed(section: str, lines: dict[str, str]) -> Iterator[Verdict]:
    for key, line in lines.items():
        kind, *words = line.removesuffix("(lists)").split()
        otherwise: frozenset[Outcome] = frozenset()
        if "else" in words:
            at = words.index("else")
            otherwise = frozenset({_OTHERWISE[words[at + 1]]})
            words = words[:at]
        yield Verdict(section, key, kind, tuple(words), otherwise, line.endswith("(lists)"))
