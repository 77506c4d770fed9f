"""The trail leaves as FHIR and as Syslog: all of it, in order, nothing lost when a line breaks."""

import json
import re
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from core.audit.leaving import Forwarded, forward_sealed
from core.audit.syslog import Collector, parse_collector
from core.errors import ConfigurationError
from core.settings import settings
from tests.conftest import Database
from tests.integration.audit.collector import Listening, certify, listening
from tests.integration.audit.trail import write_trail

SERVER = "https://chevet.example.org"
ROUNDS, PER_ROUND = 3, 6
HEAD = re.compile(
    rb"<(108|109)>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z chevet\.example\.org chevet \S+"
    rb' (AuditEvent|AuditSeal) \[meta sequenceId="\d+"\] \xef\xbb\xbf\{'
)
"""RFC 5424 §6: priority of facility 13 (log audit), version, time, host, process, kind, data."""


def forward(to: Collector) -> Forwarded:
    return forward_sealed(to, "central", SERVER)


def there(found: Listening) -> Collector:
    return parse_collector(f"tcp://127.0.0.1:{found.port}")


def numbers(found: Listening) -> list[int]:
    """Which events came, in order."""
    return [
        int(json.loads(message.split(b"\xef\xbb\xbf", 1)[1])["id"].removeprefix("event-"))
        for message in found.messages
        if b" AuditEvent " in message
    ]


def written(database: Database) -> list[int]:
    with psycopg.connect(database.dsn("OWNER")) as owner:
        rows = owner.execute("select id from audit.event where service is null order by xid, id")
        return [int(str(row[0])) for row in rows]


@pytest.mark.promise("S10")
def test_a_collector_is_sent_every_sealed_event_once_with_the_seals(database: Database) -> None:
    write_trail(ROUNDS)
    with listening() as found:
        assert forward(there(found)) == Forwarded(events=ROUNDS * PER_ROUND, seals=ROUNDS, behind=0)
        assert forward(there(found)) == Forwarded(events=0, seals=0, behind=0)
        write_trail(1)
        assert forward(there(found)).events == PER_ROUND
    assert found.kinds() == (["AuditEvent"] * PER_ROUND + ["AuditSeal"]) * (ROUNDS + 1)
    assert [message for message in found.messages if not HEAD.match(message)] == []
    assert numbers(found) == written(database)
    refused = [m for m in found.messages if m.startswith(b"<108>")]
    assert len(refused) == ROUNDS + 1  # A refusal is a warning, all else a notice.
    assert all(b'"outcome":"4"' in message for message in refused)


@pytest.mark.promise("S10")
def test_a_batch_cut_short_is_sent_again(database: Database) -> None:
    write_trail(ROUNDS)
    with listening() as found:
        found.crashes = True
        with pytest.raises(OSError, match="reset"):
            forward(there(found))
        assert found.messages == []
        found.crashes = False
        assert forward(there(found)).events == ROUNDS * PER_ROUND
    assert numbers(found) == written(database)


@pytest.mark.promise("S10")
def test_without_waiting_for_the_collector_a_cut_batch_would_be_lost(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the wait for the other side's end is for, and that the test above notices it missing."""
    monkeypatch.setattr("core.audit.syslog._wait_for_end", lambda sock: None)
    write_trail(1)
    with listening() as found:
        found.crashes = True
        assert forward(there(found)).events == PER_ROUND
        assert found.crashed.wait(10), "the collector took the batch"
        found.crashes = False
        assert forward(there(found)).events == 0
    assert numbers(found) != written(database)


def test_nobody_listens_and_nothing_is_counted_as_sent(database: Database) -> None:
    write_trail(1)
    with listening() as found:
        gone = there(found)
    with pytest.raises(OSError, match="refused"):
        forward(gone)
    with listening() as found:
        assert forward(there(found)).events == PER_ROUND


def test_over_tls_only_to_whom_the_authority_vouches_for(
    database: Database, tmp_path: Path
) -> None:
    write_trail(1)
    (tmp_path / "other").mkdir()
    certificate, key = certify(tmp_path)
    stranger, _ = certify(tmp_path / "other")
    with listening(certificate, key) as found:
        for ca in (stranger, None):
            with pytest.raises(OSError, match="certificate verify failed"):
                forward(parse_collector(f"tls://127.0.0.1:{found.port}", ca))
        assert forward(parse_collector(f"tls://127.0.0.1:{found.port}", certificate)).events == 6
    assert numbers(found) == written(database)


@pytest.mark.parametrize("url", ["", "udp://host:514", "tcp://", "host:514", "https://host"])
def test_what_is_no_collector_is_refused_in_words(url: str) -> None:
    with pytest.raises(ConfigurationError, match="not a Syslog collector"):
        parse_collector(url)


def export(*arguments: str) -> Result:
    from app.cli import app

    span = ["--since", "2000-01-01", "--until", "2100-01-01"]
    return CliRunner().invoke(app, ["audit", "export", *span, *arguments])


@pytest.mark.promise("S10")
def test_an_export_holds_every_event_and_is_itself_in_the_trail(
    database: Database, tmp_path: Path
) -> None:
    write_trail(2)
    to = tmp_path / "trail.ndjson"
    assert export("--to", str(to)).exit_code == 0
    lines = [json.loads(line) for line in to.read_text().splitlines()]
    ids = [int(line["id"].removeprefix("event-")) for line in lines]
    assert {line["resourceType"] for line in lines} == {"AuditEvent"}
    assert set(written(database)) <= set(ids)
    assert len(ids) == len(set(ids))
    with psycopg.connect(database.dsn("OWNER")) as owner:
        last = owner.execute(
            "select purpose, detail->>'events' from audit.event order by id desc limit 1"
        ).fetchone()
    assert last == ("export of the audit trail", str(len(ids)))


def test_an_export_to_a_collector_and_what_it_refuses(database: Database, tmp_path: Path) -> None:
    write_trail(1)
    with listening() as found:
        collector = f"tcp://127.0.0.1:{found.port}"
        assert export("--format", "syslog", "--to", collector).exit_code == 0
        assert set(written(database)) <= set(numbers(found))
        assert export("--to", collector).exit_code == 2
    nowhere = tmp_path / "no" / "folder"
    assert export("--to", str(nowhere)).exit_code == 2
    assert not nowhere.exists()


def test_the_sentinel_forwards_and_counts_what_waits(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app import keeping

    write_trail(2)
    assert keeping._forward() is False
    monkeypatch.setattr("core.audit.leaving.MOST_EVENTS", 1)
    with listening() as found:
        monkeypatch.setenv("CHEVET_AUDIT_SYSLOG", f"tcp://127.0.0.1:{found.port}")
        settings.cache_clear()
        assert keeping._forward() is True
        assert keeping._BEHIND._value.get() == 1
        assert keeping._forward() is False
        assert keeping._BEHIND._value.get() == 0
    assert numbers(found) == written(database)
