"""A model is put into use and taken back, each time with a reason; its file stays what it was."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from alerts import model_service
from alerts.model_service import before_this, in_use, model_in_use, promote, turns
from alerts.store.models import Turn
from app.cli import app
from core import clock
from scoring.edge.model_file import SHIPPED, load_model, save_model
from scoring.model.heads import Heads
from scoring.refusal import Refused
from tests import as_owner
from tests.conftest import Database

REASON = "judged on our own patients"


def chevet(*words: str) -> Result:
    return CliRunner().invoke(app, ["model", *words])


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped model under another name."""
    heads = load_model(SHIPPED)
    assert isinstance(heads, Heads)
    path = tmp_path_factory.mktemp("models") / "ward-2.skops"
    save_model(replace(heads, card={**heads.card, "version": "ward-2"}), path)
    return path


def test_a_model_comes_into_use_and_goes_back(database: Database, other: Path) -> None:
    assert model_in_use() is None
    done = chevet("promote", str(SHIPPED), "--reason", REASON)
    assert (done.exit_code, done.stdout) == (0, "ward-1 is in use.\n"), done.output
    assert chevet("promote", str(other), "--reason", "better calibrated").exit_code == 0
    heads = model_in_use()
    assert heads is not None
    assert heads.card["version"] == "ward-2"
    assert chevet("rollback", "--reason", "too many alerts").stdout == "ward-1 is in use.\n"
    back = model_in_use()
    assert back is not None
    assert back.card["version"] == "ward-1"
    said = chevet("rollback", "--reason", "none at all").stdout
    assert said == "No model is in use: the rules alone.\n"
    assert model_in_use() is None
    listed = [line.split()[1:3] for line in chevet("list").stdout.splitlines()]
    assert listed == [
        ["rules_only", "rules"],
        ["rolled_back", "ward-1"],
        ["promoted", "ward-2"],
        ["promoted", "ward-1"],
    ]
    acts = as_owner.rows(
        "select purpose, detail->>'about' from audit.event where purpose like 'model%%' order by id"
    )
    assert acts == [
        ("model_promoted", "ward-1"),
        ("model_promoted", "ward-2"),
        ("model_rolled_back", "ward-1"),
        ("model_rules_only", "rules"),
    ]


def test_what_makes_no_sense_is_refused_with_words(
    database: Database, other: Path, tmp_path: Path
) -> None:
    def refused(*words: str) -> str:
        done = chevet(*words)
        assert done.exit_code == 2, done.output
        return done.output

    assert "no model is in use" in refused("rollback", "--reason", REASON)
    assert "say why" in refused("promote", str(SHIPPED), "--reason", " ")
    (tmp_path / "x.skops").write_text("nothing")
    assert "is not a model" in refused("promote", str(tmp_path / "x.skops"), "--reason", REASON)
    assert promote(SHIPPED, REASON) == "ward-1"
    assert "in use already" in refused("promote", str(SHIPPED), "--reason", REASON)
    heads = load_model(other)
    assert isinstance(heads, Heads)
    renamed = tmp_path / "renamed.skops"
    save_model(replace(heads, card={**heads.card, "version": "ward-1"}), renamed)
    assert "ward-1 is another file" in refused("promote", str(renamed), "--reason", REASON)
    assert [turn.version for turn in turns()] == ["ward-1"]


def test_two_at_once_do_not_both_come_into_use_unseen(database: Database, other: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda path: promote(path, REASON), [SHIPPED, SHIPPED, other, other]))
    # Whichever comes right after the same one is refused: none, one or two, as they fall.
    assert sum(isinstance(one, Refused) for one in done) <= 2
    versions = [turn.version for turn in reversed(turns())]
    assert all(one != after for one, after in pairwise(versions))


def test_a_file_that_is_not_what_it_was_is_never_used(database: Database) -> None:
    assert promote(SHIPPED, REASON) == "ward-1"
    model_service._heads.cache_clear()
    as_owner.run("update alerts.model set file = file || 'x'::bytea")
    assert model_in_use() is None


def test_nobody_changes_or_removes_what_was_in_use(database: Database) -> None:
    assert promote(SHIPPED, REASON) == "ward-1"
    for act in ("update alerts.model set version = 'x'", "delete from alerts.model_turn"):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            psycopg.connect(database.dsn("WORKER")) as conn,
        ):
            conn.execute(act)  # type: ignore[arg-type]


KINDS = st.lists(st.sampled_from(["a", "b", "c", "back"]), max_size=12)


@given(acts=KINDS)
def test_going_back_step_by_step_ends_with_the_rules(acts: list[str]) -> None:
    """Every promotion can be taken back, one after the other, to where nothing was in use."""
    at, kept, stack = clock.now(), list[Turn](), [None]
    for act in acts:
        if act == "back" and in_use(kept) is not None:
            stack.pop()
            assert before_this(kept) == stack[-1]
            kind = "rolled_back" if stack[-1] else "rules_only"
            kept.insert(0, Turn(version=stack[-1], kind=kind, at=at, reason=""))
            if stack[-1] is None:
                stack = [None]
        elif act != "back" and act != in_use(kept):
            stack.append(act)
            kept.insert(0, Turn(version=act, kind="promoted", at=at, reason=""))
    assert json.dumps(in_use(kept)) == json.dumps(stack[-1])
