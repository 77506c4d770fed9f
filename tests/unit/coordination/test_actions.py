"""What may be given and said of an action."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from coordination.actions.action import (
    Act,
    Action,
    Given,
    Moved,
    State,
    Unfit,
    Written,
    allowed,
    move,
    parse_given,
)

NOW = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
TODAY = date(2027, 1, 4)
ME, LEA = UUID(int=1), UUID(int=2)
MEMBERS = {ME: frozenset({"gp"}), LEA: frozenset({"home_help"})}
FORM = Written(wording="  Appeler \n Léa ", whom=f"party:{LEA}", due_on="2027-01-05", within="2")
ACTION = Action(
    item_id=UUID(int=3), patient_id=UUID(int=4), author=ME, author_name="Dr", wording="Appeler",
    owner=LEA, owner_name="Léa", owner_role=None, due_on=TODAY, state=State.PROPOSED,
    accept_by=NOW, result="", note_item=None, alert_id=None, given_at=NOW, version=1, mine=True,
)  # fmt: skip


def parsed(**changes: str) -> Given | Unfit:
    return parse_given(replace(FORM, **changes), MEMBERS, ME, NOW, TODAY)


def test_what_is_given_is_accepted_in_time() -> None:
    given = parsed()
    assert isinstance(given, Given)
    assert (given.wording, given.owner, given.state) == ("Appeler Léa", LEA, State.PROPOSED)
    assert given.accept_by == NOW + timedelta(days=2)
    own = parsed(whom="me")
    assert isinstance(own, Given)
    assert (own.owner, own.state, own.accept_by) == (ME, State.ACCEPTED, None)
    role = parsed(whom="role:home_nurse")
    assert isinstance(role, Given)
    assert (role.owner, role.owner_role) == (None, "home_nurse")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"wording": " \n"}, "wording"),
        ({"wording": "x" * 301}, "wording"),
        ({"due_on": "2027-01-03"}, "due"),
        ({"due_on": "2028-02-01"}, "due"),
        ({"due_on": "demain"}, "due"),
        ({"whom": ""}, "whom"),
        ({"whom": f"party:{UUID(int=9)}"}, "whom"),
        ({"whom": "party:x"}, "whom"),
        ({"whom": "role:ward"}, "whom"),
        ({"whom": "role:emergency"}, "whom"),
        ({"whom": "role:nobody"}, "whom"),
        ({"within": "30"}, "within"),
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, str], code: str) -> None:
    assert parsed(**changes) == Unfit(code)


def test_who_does_it_says_so_and_who_writes_the_plan_ends_it() -> None:
    assert allowed(ACTION, may_write=False) == [Act.ACCEPT, Act.DONE, Act.REFUSE]
    assert move(ACTION, Act.ACCEPT, "", may_write=False) == Moved(
        state=State.ACCEPTED, words="", taken=True
    )
    assert move(ACTION, Act.REFUSE, " ", may_write=False) == Unfit("reason")
    assert move(ACTION, Act.DONE, "x" * 501, may_write=False) == Unfit("words")
    done = replace(ACTION, state=State.DONE)
    assert allowed(done, may_write=True) == [Act.REOPEN]
    others = replace(ACTION, mine=False)
    assert allowed(others, may_write=False) == []
    assert allowed(others, may_write=True) == [Act.TAKE, Act.ABANDON]
    assert move(others, Act.DONE, "", may_write=True) == Unfit("act")
    back = replace(ACTION, state=State.RETURNED)
    assert allowed(back, may_write=True) == [Act.TAKE, Act.ABANDON]
    assert back.is_late(TODAY + timedelta(days=1))
    assert not replace(ACTION, state=State.ABANDONED).is_open
