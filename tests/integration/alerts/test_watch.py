"""A look at the model in use: what it finds, when it takes the model back, and that only once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import numpy as np
import psycopg
import pytest

from alerts import model_service
from alerts import service as alerts
from alerts.looks import LookRow
from alerts.tasks import watch_model
from alerts.watch_service import NotLooked, watch
from core import clock
from core.settings import settings
from core.vitals import Vital
from tests import as_owner
from tests.conftest import Database
from tests.integration.alerts.home import make_home, measure, seen_by_nurse
from tests.integration.alerts.model_people import (
    VERSION,
    People,
    move_in,
    put_into_use,
    struck_more,
    usual,
)


@pytest.fixture
def now(database: Database, monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "operator@example.org")
    at = clock.now()
    put_into_use(usual(), at - timedelta(days=40))
    return at


def looked(people: People, now: datetime) -> LookRow:
    move_in(people, now)
    found = watch(now)
    assert isinstance(found, LookRow)
    return found


def mails() -> list[str]:
    found = as_owner.rows("select key from messages.outbox where key like 'operator:model%%'")
    return [str(key) for (key,) in found]


def turns() -> list[tuple[str | None, str]]:
    return [(turn.version, turn.kind) for turn in model_service.turns()]


def test_the_people_of_the_card_are_in_range(now: datetime) -> None:
    found = looked(usual(), now)
    assert (found.verdict, found.lines, found.patients, found.reason) == ("in_range", 240, 240, "")
    findings = found.findings
    assert findings["comparable"] == 240
    assert max(one["index"] for one in findings["inputs"]) < 0.1
    assert {one["name"] for one in findings["inputs"]} >= {"spo2", "pulse", "age", "oxygen", "risk"}
    whole = findings["whole"]
    assert whole["questions"] == 240
    assert whole["low"] < 1 < whole["high"]
    assert sum(one["came_true"] for one in findings["bands"]) == whole["came_true"] > 40
    assert turns() == [(VERSION, "promoted")]
    assert mails() == []


def test_other_people_take_the_model_back_and_the_operator_is_told(now: datetime) -> None:
    people = usual()
    others = {**people.values, Vital.PULSE: people.values[Vital.PULSE] + 15}
    found = looked(replace(people, values=others), now)
    assert found.verdict == "out_of_range"
    assert found.findings["because"] == ["psi:pulse"]
    assert found.reason.startswith("pulse: PSI ")
    newest = model_service.turns()[0]
    assert (newest.version, newest.kind, newest.reason) == (None, "rules_only", found.reason)
    assert newest.at == found.at
    (mail,) = mails()
    assert mail.startswith(f"operator:model_out_of_range:{VERSION} ")
    assert watch(now + timedelta(days=1)) == NotLooked("none_in_use")


def test_other_risks_take_the_model_back(now: datetime) -> None:
    people = usual()
    found = looked(replace(people, risk=np.where(people.risk < 0.2, 0.05, 0.35)), now)
    assert found.findings["because"] == ["psi:risk"]
    assert found.verdict == "out_of_range"


@pytest.mark.parametrize(("struck", "verdict"), [(48, "in_range"), (110, "out_of_range")])
def test_more_than_was_foreseen_takes_the_model_back(
    now: datetime, struck: int, verdict: str
) -> None:
    found = looked(struck_more(usual(), struck), now)
    assert found.findings["whole"]["came_true"] == struck
    assert found.verdict == verdict
    assert (found.findings["because"] == ["calibration"]) == (verdict == "out_of_range")
    assert len(mails()) == len(turns()) - 1 == (verdict == "out_of_range")


def test_of_too_few_nothing_is_said_and_nothing_taken_back(now: datetime) -> None:
    people = usual(30)
    risks = np.full(30, 0.001)
    struck = (np.arange(30) < 19).astype(float)
    found = looked(replace(people, risk=risks, struck=struck), now)
    assert (found.verdict, found.lines, found.reason) == ("too_few", 30, "")
    assert [one["index"] for one in found.findings["inputs"]] == [None] * 9
    assert turns() == [(VERSION, "promoted")]
    assert mails() == []


def test_who_is_in_training_is_not_looked_at(now: datetime) -> None:
    move_in(usual(), now, training=True)
    found = watch(now)
    assert isinstance(found, LookRow)
    assert (found.verdict, found.lines) == ("too_few", 0)


def test_an_instant_asked_again_counts_by_what_was_noted_last(now: datetime) -> None:
    move_in(usual(), now)
    again = (
        "insert into alerts.risk (id, patient_id, asked_at, noted_at, version, window_from,"
        " window_until, inputs, risk, band, silence) select gen_random_uuid(), patient_id,"
        " asked_at, noted_at + interval '1 minute', version, window_from, window_until, inputs,"
        " {} from alerts.risk order by asked_at, noted_at desc limit {}"
    )
    as_owner.run(again.format("null, null, 'missing'", 5))
    as_owner.run(again.format("0.5, 'high', null", 1))
    found = watch(now)
    assert isinstance(found, LookRow)
    assert (found.lines, found.patients) == (236, 236)


def test_a_look_is_due_every_six_hours_and_by_hand_always(now: datetime) -> None:
    assert watch_model()
    assert not watch_model()
    at = now + timedelta(seconds=1)
    assert watch(at + timedelta(hours=5, minutes=59)) == NotLooked("not_due")
    assert isinstance(watch(at, by_hand=True), LookRow)
    assert isinstance(watch(at + timedelta(hours=6)), LookRow)


def test_two_looks_at_once_make_one_turn_and_one_mail(now: datetime) -> None:
    move_in(struck_more(usual(), 110), now)
    start = Barrier(4)

    def look(_: int) -> LookRow | NotLooked:
        start.wait()
        return watch(now, by_hand=True)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(look, range(4)))
    assert sum(isinstance(one, LookRow) for one in found) == 1
    assert turns() == [(None, "rules_only"), (VERSION, "promoted")]
    assert len(mails()) == 1
    assert as_owner.rows("select count(*) from alerts.model_look") == [(1,)]


@pytest.mark.parametrize("table", ["messages.outbox", "alerts.model_turn", "alerts.model_look"])
def test_it_falls_back_with_its_mail_and_its_look_or_not_at_all(now: datetime, table: str) -> None:
    move_in(struck_more(usual(), 110), now)
    as_owner.run(
        "create function public.fail() returns trigger language plpgsql as"
        " $$ begin raise exception 'a fault'; end $$"
    )
    as_owner.run(
        f"create trigger fail before insert on {table} for each row execute function public.fail()"
    )
    with pytest.raises(psycopg.errors.RaiseException):
        watch(now)
    assert turns() == [(VERSION, "promoted")]
    assert mails() == []
    assert as_owner.rows("select count(*) from alerts.model_look") == [(0,)]
    as_owner.run(f"drop trigger fail on {table}")
    assert isinstance(watch(now), LookRow)
    assert turns()[0] == (None, "rules_only")
    assert len(mails()) == 1


def test_only_a_promotion_brings_a_model_back_and_what_was_before_counts_no_more(
    now: datetime,
) -> None:
    looked(struck_more(usual(), 110), now)
    assert watch(now + timedelta(hours=7), by_hand=True) == NotLooked("none_in_use")
    put_into_use(usual(), clock.now() + timedelta(seconds=1))
    found = watch(clock.now() + timedelta(hours=7))
    assert isinstance(found, LookRow)
    assert (found.version, found.verdict, found.lines) == (VERSION, "too_few", 0)
    assert turns()[0] == (VERSION, "promoted")


def test_the_rules_go_on_when_the_model_is_taken_back(now: datetime) -> None:
    home = make_home()
    looked(struck_more(usual(), 110), now)
    measure(home, [(Vital.SPO2, 84, timedelta(0))])
    alerts.review(clock.now())
    assert [line.item for line in seen_by_nurse(home)] == ["spo2"]


def test_nobody_changes_or_removes_a_look(now: datetime) -> None:
    looked(usual(20), now)
    for act in (
        "update alerts.model_look set verdict = 'in_range'",
        "delete from alerts.model_look",
    ):
        with (
            psycopg.connect(settings().worker_dsn) as conn,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            conn.execute(act.encode())
