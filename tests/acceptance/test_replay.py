"""A ward of recorded patients through gateway, broker, table, review: every breach, no other."""

import gzip
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.acceptance.expected import COLUMNS, STORED, first_breaches, rows_of, sent_values
from tests.conftest import ROOT, Database
from tests.faults.processes import ProcessVictim, app_process, process_env, wait_until

RECORDING = ROOT.parent / "shared/data/physionet2019_sepsis/sample300_setA.csv.gz"
VITAL_CODES = {
    "spo2": 1, "pulse": 2, "respiratory_rate": 3, "temperature": 4, "systolic": 5, "diastolic": 6,
}  # fmt: skip
Conn = psycopg.Connection[tuple[Any, ...]]
TINY = """patient,ICULOS,HR,O2Sat,Temp,SBP,MAP,DBP,Resp
a,1,80,97,36.8,120,,70,16
a,2,112,94,36.8,120,,70,21
a,3,80,91,36.8,120,,70,16
b,7,41,95,39.0,130,,80,20
b,9,40,94.5,35.4,130,,80,20
b,10,110,94.4,35.5,130,,80,20.5
c,1,70,29,45.1,130,,80,18
"""


@pytest.fixture
def pipeline(database: Database, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Ingest and sentinel at work on the test's database."""
    running: list[ProcessVictim] = []
    for name, ready in (("ingest", "ingest_subscribed"), ("sentinel", "sentinel_started")):
        process = app_process(name, database.env, tmp_path, ready=ready)
        running.append(process)
        process.start()
    yield database.env
    for process in running:
        process.kill()


def recording(tmp_path: Path) -> Path:
    """The 300 patients where the folder of data is beside the checkout, else three made up."""
    if RECORDING.exists():
        return RECORDING
    made_up = tmp_path / "made-up.csv.gz"
    made_up.write_bytes(gzip.compress(TINY.encode()))
    return made_up


def test_a_replay_alarms_where_it_must_and_stores_what_it_sent(
    pipeline: dict[str, str], database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = recording(tmp_path)
    rows = rows_of(file)
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "replay", str(file)],
        cwd=ROOT,
        env=process_env(pipeline),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert "all acknowledged as stored" in done.stdout, done.stdout + done.stderr
    with psycopg.connect(database.dsn("OWNER"), autocommit=True) as conn:
        wait_until(lambda: judged(conn), 60, "the review of everything")
        stored, raised, totals = stored_values(conn), raised_alerts(conn), news2_totals(conn)
    expected, sent = first_breaches(rows), sent_values(rows)
    with capsys.disabled():
        print(
            f"\nreplay {file.name}: sent {len(sent)}; stored {len(stored)}; "
            f"missing {len(sent - stored)}; stowaway {len(stored - sent)}; "
            f"breaches expected {len(expected)}; raised {len(raised)}"
        )
    assert (sorted(sent - stored)[:20], sorted(stored - sent)[:20]) == ([], [])
    assert (sorted(expected - raised)[:20], sorted(raised - expected)[:20]) == ([], [])
    assert totals == 0, "no recording holds consciousness: NEWS2 has to refuse"


def judged(conn: Conn) -> bool:
    return conn.execute("select count(*) from core.due").fetchone() == (0,)


LAST = "select patient_key, max(measured_at) as at from vitals.reading group by patient_key"
NAMED = (
    "select p.key, p.id, split_part(i.birth_name, ' ', 2) as name "
    "from access.patient p join identity.patient i on i.patient_id = p.id"
)


def stored_values(conn: Conn) -> set[tuple[str, str, float, float]]:
    vitals = {code: vital for vital, code in VITAL_CODES.items()}
    assert set(STORED.values()) == set(VITAL_CODES)
    found = conn.execute(
        f"with last as ({LAST}), named as ({NAMED}) "
        "select n.name, r.vital, extract(epoch from last.at - r.measured_at) / 3600, "
        "r.value::text from vitals.reading r "
        "join last using (patient_key) join named n on n.key = r.patient_key"
    ).fetchall()
    values = [
        (name, vitals[code], float(hours), float(value)) for name, code, hours, value in found
    ]
    assert len(values) == len(set(values)), "a value is stored twice"
    return set(values)


def raised_alerts(conn: Conn) -> set[tuple[str, str, float]]:
    found = conn.execute(
        f"with last as ({LAST}), named as ({NAMED}) "
        "select n.name, a.item, extract(epoch from last.at - a.first_breach_at) / 3600 "
        "from alerts.alert a join last using (patient_key) join named n on n.id = a.patient_id"
    ).fetchall()
    assert {item for _, item, _ in found} <= set(COLUMNS.values())
    return {(name, item, float(hours)) for name, item, hours in found}


def news2_totals(conn: Conn) -> int:
    row = conn.execute(
        "select count(*) from alerts.patient_summary where news2 ->> 'total' is not null"
    ).fetchone()
    return int(row[0]) if row else -1
