"""Two hundred ways to bend the trail, each found; and with the anchors taken away, a cut is not."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import psycopg
import pytest
from psycopg.rows import TupleRow

from core.audit.anchors import read_anchors
from core.audit.verifying import Verdict, verify_chain
from core.settings import settings
from tests.conftest import Database
from tests.integration.audit.trail import TAMPERS, bend, cut_the_end, write_trail

COUNT = int(os.environ.get("CHEVET_TAMPERS", "200"))
"""The promise's count in CI; a soak asks for 1,000."""
SEED = int(os.environ.get("CHEVET_SEED", "10"))
TABLES = ("event", "seal", "continuation")


def verified() -> Verdict:
    return verify_chain(read_anchors(settings().anchor_places()[0]))


@contextmanager
def put_back(owner: psycopg.Connection[TupleRow]) -> Iterator[None]:
    """Give the trail back as it was, whatever was done to it."""
    yield
    for table in TABLES:
        owner.execute(f"truncate audit.{table}")
        owner.execute(
            f"insert into audit.{table} overriding system value select * from public.kept_{table}"
        )
    owner.commit()


def keep(owner: psycopg.Connection[TupleRow]) -> None:
    for table in TABLES:
        owner.execute(f"create table public.kept_{table} as table audit.{table}")
    owner.commit()


@pytest.mark.promise("S10")
def test_every_way_to_bend_the_trail_is_found(
    database: Database, record_property: pytest.FixtureRequest
) -> None:
    write_trail(8, database.dsn("OWNER"))
    whole = verified()
    assert whole.problem is None
    assert (whole.chains, whole.unsealed) == (2, 0)
    assert whole.anchors == whole.seals  # the end of chain 1 is anchored by the begin of chain 2
    chance, done, missed = Random(SEED), Counter[str](), list[str]()
    kinds = [tamper for tamper, weight in TAMPERS for _ in range(weight)]
    # Its commits need not reach a disk: this connection is the tamperer's and the test's alone.
    with psycopg.connect(database.dsn("OWNER"), options="-c synchronous_commit=off") as owner:
        keep(owner)
        for number in range(COUNT):
            tamper = kinds[number % len(kinds)]
            with put_back(owner):
                said = bend(tamper, owner, chance)
                done[said] += 1
                if verified().problem is None:
                    missed.append(f"{number} {said}")
        assert verified() == whole
    figures = f"tampers {COUNT}; found {COUNT - len(missed)}; kinds {len(done)}; seed {SEED}"
    record_property("counts", figures)  # type: ignore[operator]
    assert missed == []
    assert len(done) > 25


@pytest.mark.promise("S10")
def test_without_anchors_a_cut_would_go_unseen(database: Database) -> None:
    """What the heads outside the database are for, and that the tests above notice them missing."""
    write_trail(4)
    with psycopg.connect(database.dsn("OWNER")) as owner:
        cut_the_end(owner, Random(SEED))
    assert verify_chain().problem is None
    problem = verified().problem
    assert problem is not None
    assert "cut off" in problem


@pytest.mark.promise("S10")
def test_a_chain_made_anew_after_an_edit_is_found_by_its_anchors(database: Database) -> None:
    """Somebody edits an event and computes every link again, as one who has the code can."""
    from core.audit.sealing import seal_finished

    write_trail(3)
    with psycopg.connect(database.dsn("OWNER")) as owner:
        owner.execute("update audit.event set patient_id = gen_random_uuid() where id = 2")
        owner.execute("delete from audit.seal")
    elsewhere = [settings().state_dir / "nowhere"]
    assert seal_finished(elsewhere) == 18
    assert verify_chain().problem is None
    assert verified().problem is not None
