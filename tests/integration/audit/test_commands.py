"""`chevet audit verify` says intact, tampered with or not done, and never one for another."""

import psycopg
import pytest
from typer.testing import CliRunner, Result

from core.settings import settings
from tests.conftest import Database
from tests.integration.audit.trail import write_trail


def verify(*arguments: str) -> Result:
    from app.cli import app

    return CliRunner().invoke(app, ["audit", "verify", "--quiet", *arguments])


@pytest.mark.promise("S10")
def test_intact_is_0_tampered_is_1_not_done_is_2(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_trail(2)
    intact = verify()
    assert (intact.exit_code, "intact: 12 events under 2 seals" in intact.output) == (0, True)
    with psycopg.connect(database.dsn("OWNER")) as owner:
        owner.execute("update audit.event set purpose = 'ETREAT' where id = 3")
    tampered = verify()
    assert tampered.exit_code == 1
    assert "TAMPERED WITH: the 6 events of seal 1" in tampered.output

    def no_answer(*_: object) -> None:
        raise psycopg.OperationalError("no answer")

    monkeypatch.setattr("core.audit.verifying.verify_chain", no_answer)
    unanswered = verify()
    assert (unanswered.exit_code, "not verified" in unanswered.output) == (2, True)


def test_without_heads_it_says_what_it_cannot_see(database: Database) -> None:
    write_trail(1)
    settings().anchor_places()[0].unlink()
    said = verify()
    assert said.exit_code == 0
    assert "No anchors: a trail whose end was cut off would look intact." in said.output
