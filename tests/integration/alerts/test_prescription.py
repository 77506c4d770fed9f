"""Prescriptions on a real database: drafted, signed once, never changed, named by what follows."""

from datetime import timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from alerts import prescription_service as prescriptions
from alerts import service as alerts
from alerts.prescription import ChangeRule, Content, Limits, Sustain, Wrong, canonical, digest_of
from alerts.prescription_service import NotKept
from alerts.profile import Signed
from alerts.standing import ENDING, NO_MEASURE
from alerts.standing_service import look_at_prescriptions
from alerts.store.prescribing import Kept
from core import clock
from core.access import Permission
from core.doors import Actor
from core.vitals import Vital
from scoring.level import Level
from tests import as_owner
from tests.conftest import Database
from tests.integration.alerts.home import (
    Home,
    make_home,
    measure,
    opened,
    rows,
    seen_by_nurse,
)

NOW = timedelta(0)


def ctx_of(home: Home, actor: Actor | None = None) -> Any:
    return opened(actor or home.care.gp, home.care.patient, Permission.MONITORING_WRITE)


def live_of(home: Home) -> prescriptions.Version:
    found = prescriptions.prescribed(ctx_of(home)).live
    assert found is not None
    return found


def with_spo2(content: Content, **changes: Any) -> Content:
    first = msgspec.structs.replace(content.parameters[0], **changes)
    return msgspec.structs.replace(content, parameters=(first, *content.parameters[1:]))


def kept(home: Home, content: Content, actor: Actor | None = None) -> Kept:
    found = prescriptions.keep_draft(ctx_of(home, actor), content)
    assert isinstance(found, Kept), found
    return found


def sign(home: Home, content: Content) -> Signed:
    signed = prescriptions.sign_draft(ctx_of(home), kept(home, content))
    assert isinstance(signed, Signed), signed
    return signed


LOOSE = Limits(red_low=85, orange_low=88)


def test_a_signed_version_judges_from_then_on_and_is_named_by_all_that_follows(
    database: Database,
) -> None:
    home = make_home()
    first = live_of(home)
    assert (first.version, first.digest) == (1, None)
    signed = sign(home, with_spo2(first.content, limits=LOOSE, from_usual=()))
    assert signed.version == 2
    alerts.review(clock.now())
    measure(home, [(Vital.SPO2, 91, NOW)])
    alerts.review(clock.now())
    assert seen_by_nurse(home) == ()
    measure(home, [(Vital.SPO2, 85, NOW)])
    alerts.review(clock.now())
    (line,) = seen_by_nurse(home)
    evidence = line.reason.evidence
    assert (evidence.prescription, evidence.prescription_version) == (signed.prescription, 2)
    named = rows(
        "select distinct prescription_id, prescription_version from alerts.assessment"
        " where prescription_version = 2"
    )
    assert named == [(signed.prescription, 2)]
    now = live_of(home)
    assert now.digest == digest_of(canonical(now.content))
    assert [one.version for one in prescriptions.prescribed(ctx_of(home)).history] == [2, 1]


def test_a_draft_written_on_an_older_version_is_not_signed(database: Database) -> None:
    home = make_home()
    content = live_of(home).content
    old = kept(home, with_spo2(content, limits=LOOSE), home.care.nurse)
    sign(home, content)
    nurse = ctx_of(home, home.care.nurse)
    assert prescriptions.sign_draft(nurse, old) is NotKept.NEWER
    assert live_of(home).version == 2
    assert [one.kept for one in prescriptions.prescribed(nurse).drafts] == [old]


def test_who_signs_signs_what_he_has_seen(database: Database) -> None:
    home = make_home()
    content = live_of(home).content
    seen = kept(home, content)
    again = prescriptions.keep_draft(ctx_of(home), with_spo2(content, limits=LOOSE), kept=seen)
    assert isinstance(again, Kept)
    assert prescriptions.sign_draft(ctx_of(home), seen) is NotKept.CHANGED
    assert prescriptions.keep_draft(ctx_of(home), content, kept=seen) is NotKept.CHANGED
    assert isinstance(prescriptions.sign_draft(ctx_of(home), again), Signed)
    assert prescriptions.sign_draft(ctx_of(home), again) is NotKept.GONE


def test_what_is_wrong_is_kept_but_not_signed(database: Database) -> None:
    home = make_home()
    wrong = with_spo2(live_of(home).content, limits=Limits(red_low=95, orange_low=92))
    draft = kept(home, wrong)
    problems = prescriptions.sign_draft(ctx_of(home), draft)
    assert isinstance(problems, tuple)
    assert [(one.place, one.wrong) for one in problems] == [("spo2.limits.orange_low", Wrong.ORDER)]
    (found,) = prescriptions.prescribed(ctx_of(home)).drafts
    assert found.content == wrong
    assert prescriptions.discard_draft(ctx_of(home), draft) is None
    assert prescriptions.prescribed(ctx_of(home)).drafts == ()


@pytest.mark.parametrize(
    "statement",
    [
        "update alerts.prescription set content = content || ' ' where version = 2",
        "update alerts.prescription set version = 9 where version = 2",
        "update alerts.prescription set prescribed_by = patient_id where version = 2",
        "update alerts.prescription set spo2_scale = 2 where version = 2",
        "update alerts.prescription set ends_at = null where version = 2",
        "update alerts.prescription set ends_at = now() + '1 day' where version = 2",
        "delete from alerts.prescription where version = 2",
    ],
)
def test_the_database_lets_nobody_change_what_was_signed(
    database: Database, statement: str
) -> None:
    home = make_home()
    content = live_of(home).content
    sign(home, content)
    sign(home, content)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_owner.run(statement)


def test_the_database_refuses_a_digest_of_something_else(database: Database) -> None:
    home = make_home()
    with pytest.raises(psycopg.errors.CheckViolation, match="prescription_digest"):
        as_owner.run(
            "update alerts.prescription set content = '{}', digest = %s where patient_id = %s",
            digest_of("{ }"),
            home.care.patient,
        )


def test_a_breach_that_must_last_calls_with_what_was_judged_before(database: Database) -> None:
    home = make_home()
    content = with_spo2(live_of(home).content, sustain=Sustain(breaches=2, readings=3))
    sign(home, with_spo2(content, from_usual=()))
    measure(home, [(Vital.SPO2, 94, timedelta(hours=1))])
    alerts.review(clock.now())
    assert seen_by_nurse(home) == ()
    measure(home, [(Vital.SPO2, 94, NOW)])
    alerts.review(clock.now())
    (line,) = seen_by_nurse(home)
    assert line.level is Level.ORANGE


def test_a_fall_over_time_is_a_worsening_and_is_not_cleared_by_limits(database: Database) -> None:
    home = make_home()
    fall = ChangeRule(way="fall", by=3, within_hours=24, level="orange")
    sign(home, with_spo2(live_of(home).content, changes=(fall,)))
    measure(home, [(Vital.SPO2, 99, timedelta(hours=5))])
    alerts.review(clock.now())
    measure(home, [(Vital.SPO2, 96, NOW)])
    alerts.review(clock.now())
    measure(home, [(Vital.SPO2, 96, NOW)])
    alerts.review(clock.now())
    assert rows("select cause, cleared_at from alerts.alert") == [("worsening", None)]


def test_an_end_is_told_before_and_after_and_watching_goes_on(database: Database) -> None:
    home = make_home()
    now = clock.now()
    last_day = (now + timedelta(days=10)).date()
    ending = msgspec.structs.replace(live_of(home).content, ends_on=last_day, notice_days=7)
    signed = sign(home, ending)
    assert look_at_prescriptions(now + timedelta(days=2)) == 0
    assert look_at_prescriptions(now + timedelta(days=4)) == 1
    assert look_at_prescriptions(now + timedelta(days=4)) == 0
    (line,) = seen_by_nurse(home)
    assert (line.item, line.level) == (ENDING, Level.ORANGE)
    evidence = line.reason.evidence
    assert (evidence.code, evidence.prescription) == ("ending", signed.prescription)
    assert rows("select cause from alerts.alert") == [("technical",)]
    assert look_at_prescriptions(now + timedelta(days=12)) == 0
    (line,) = seen_by_nurse(home)
    seen = rows("select evidence -> -1 -> 'evidence' ->> 'code' from alerts.alert")
    assert seen == [("ended",)]
    told = rows("select evidence -> -1 ->> 'count' from alerts.alert")
    assert told == [("1",)], "the notice is not told a second time"
    assert line.reason.evidence.code == "ended"
    assert live_of(home).version == 2
    renewal = prescriptions.renewal_of(live_of(home))
    assert renewal.ends_on is None
    assert sign(home, renewal).version == 3
    assert rows("select look_at from alerts.prescription where version = 3") == [(None,)]


def test_values_that_do_not_come_call_once_a_period(database: Database) -> None:
    home = make_home()
    silence = msgspec.json.decode(b'{"after_hours": 24, "level": "red"}')
    content = live_of(home).content
    text = msgspec.json.decode(canonical(content))
    text["parameters"][0]["silence"] = silence
    sign(home, msgspec.convert(text, Content))
    measure(home, [(Vital.SPO2, 97, NOW)])
    alerts.review(now := clock.now())
    assert look_at_prescriptions(now + timedelta(hours=24, seconds=-10)) == 0
    assert look_at_prescriptions(now + timedelta(hours=24, seconds=10)) == 1
    assert look_at_prescriptions(now + timedelta(hours=30)) == 0
    (line,) = seen_by_nurse(home)
    assert (line.item, line.level) == (NO_MEASURE, Level.RED)
    assert line.reason.evidence.said is not None
    assert "24 h" in line.reason.evidence.said.answer["fr"]
    assert rows("select cause from alerts.alert") == [("silent",)]


def test_an_answer_names_the_prescription_it_was_given_under(database: Database) -> None:
    home = make_home()
    signed = sign(home, live_of(home).content)
    as_owner.run(
        "insert into questionnaires.answer (id, patient_id, instrument, version, answers,"
        " answered_at, received_at, entered_by, client_key)"
        " select gen_random_uuid(), id, 'dyspnoea', 1, '{}', now(), now(), id, 'k'"
        " from access.patient where id = %s",
        home.care.patient,
    )
    found = as_owner.rows("select prescription_id, prescription_version from questionnaires.answer")
    assert found == [(signed.prescription, 2)]


def test_two_who_sign_at_once_leave_one_live_version(database: Database) -> None:
    home = make_home()
    content = live_of(home).content
    mine, hers = kept(home, content), kept(home, content, home.care.nurse)
    assert isinstance(prescriptions.sign_draft(ctx_of(home), mine), Signed)
    refused = prescriptions.sign_draft(ctx_of(home, home.care.nurse), hers)
    assert refused is NotKept.NEWER
    live = rows("select count(*) from alerts.prescription where ends_at is null")
    assert live == [(1,)]


def test_a_proposal_from_an_alert_is_part_of_its_life(database: Database) -> None:
    home = make_home()
    measure(home, [(Vital.SPO2, 94, NOW)])
    alerts.review(clock.now())
    (line,) = seen_by_nurse(home)
    content = with_spo2(live_of(home).content, limits=LOOSE)
    draft = prescriptions.keep_draft(ctx_of(home), content, reason="BPCO", alert=line.alert_id)
    assert isinstance(draft, Kept)
    (found,) = prescriptions.prescribed(ctx_of(home, home.care.nurse)).drafts
    assert (found.alert_id, found.reason) == (line.alert_id, "BPCO")
    events = rows("select what, by_person from alerts.alert_event order by id desc limit 1")
    assert events == [("limits_proposed", home.care.gp.person)]
