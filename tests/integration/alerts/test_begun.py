"""What a follow-up begins with is signed in full, and keeps what a clinician had set before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from alerts import prescription_service as prescriptions
from alerts import service as alerts
from alerts.edge.library import load_profile
from alerts.judging import make_watch
from alerts.prescribed import content_of
from alerts.prescribing_service import prescribe_in
from alerts.prescription import Content, Limits, SilenceRule, canonical, digest_of
from alerts.profile import Signed
from alerts.store import reviewing
from alerts.store.prescribing import Kept
from core import clock
from core.access import Permission
from core.doors import CareContext, acting_as
from core.vitals import Vital
from scoring.item import MeasuredItem, breached_limit
from scoring.level import Level
from tests import as_owner
from tests.conftest import Database
from tests.integration.alerts.home import (
    Home,
    key_of,
    make_home,
    measure,
    opened,
    seen_by_nurse,
)
from tests.integration.alerts.test_drill_shared import merge
from tests.people import make_care

PROFILE, LADDER = ("covid-home", 2), ("home-two-rungs", 1)


def begin(home: Home, profile: tuple[str, int] = PROFILE) -> UUID:
    ctx = opened(home.care.gp, home.care.patient, Permission.MONITORING_WRITE)
    now = clock.now()
    with acting_as(ctx, action="U") as conn:
        begun = prescribe_in(conn, ctx.patient, profile=profile, ladder=LADDER, now=now)
    assert isinstance(begun, UUID)
    return begun


def unwatched() -> Home:
    care = make_care()
    return Home(care, key_of(care.patient))


def live_of(home: Home) -> prescriptions.Version:
    ctx = opened(home.care.gp, home.care.patient, Permission.MONITORING_WRITE)
    found = prescriptions.prescribed(ctx).live
    assert found is not None
    return found


def sign(home: Home, content: Content) -> None:
    ctx = opened(home.care.gp, home.care.patient, Permission.MONITORING_WRITE)
    kept = prescriptions.keep_draft(ctx, content)
    assert isinstance(kept, Kept)
    assert isinstance(prescriptions.sign_draft(ctx, kept), Signed)


def test_the_first_version_is_the_templates_text_signed_by_a_person(database: Database) -> None:
    home = unwatched()
    begun, first = begin(home), live_of(home)
    assert (first.id, first.version, first.by_name) == (begun, 1, "Dr Paul Lefèvre")
    assert first.content == content_of(load_profile(*PROFILE), LADDER)
    assert first.digest == digest_of(canonical(first.content))
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="never changed"):
        as_owner.run("update alerts.prescription set content = '{}', digest = repeat('0', 64)")


def test_what_is_signed_judges_as_the_template_does() -> None:
    """At each tenth from 0 to 260: « below 35.5 » is written « 35.4 or less », the same numbers."""
    shipped = load_profile(*PROFILE)
    written = make_watch(shipped, [], {}, canonical(content_of(shipped, LADDER))).profile
    assert [item.code for item in written.items] == [item.code for item in shipped.items]
    assert written.rules == shipped.rules
    for one, other in zip(written.items, shipped.items, strict=True):
        if isinstance(one, MeasuredItem) and isinstance(other, MeasuredItem):
            assert (one.max_age, one.essential) == (other.max_age, other.essential)
            assert [judged(one, tenth / 10) for tenth in range(2600)] == [
                judged(other, tenth / 10) for tenth in range(2600)
            ]
        else:
            assert one == other


def judged(item: MeasuredItem, value: float) -> tuple[Level, str] | None:
    limit = breached_limit(item, value, usual=None)
    return (limit.level, limit.source) if limit else None


def test_its_values_name_it(database: Database) -> None:
    home = unwatched()
    begun = begin(home)
    measure(home, [(Vital.SPO2, 88, timedelta(0))])
    alerts.review(clock.now())
    (line,) = seen_by_nurse(home)
    evidence = line.reason.evidence
    assert (line.level, evidence.prescription, evidence.prescription_version) == (
        Level.RED,
        begun,
        1,
    )


def test_begun_again_it_keeps_what_was_signed_but_its_end(database: Database) -> None:
    home = unwatched()
    begin(home)
    first = live_of(home).content
    six = ("home-six-rungs", 1)
    spo2 = msgspec.structs.replace(
        first.parameters[0],
        limits=Limits(red_low=84, orange_low=88),
        from_usual=(),
        silence=SilenceRule(after_hours=30, level="orange"),
    )
    ends_on = clock.now().date() + timedelta(days=40)
    sign(
        home,
        msgspec.structs.replace(
            first,
            parameters=(spo2, *first.parameters[1:]),
            spo2_scale=2,
            ends_on=ends_on,
            ladder=six,
        ),
    )
    begin(home)
    again = live_of(home)
    assert (again.version, again.content.ends_on, again.content.spo2_scale) == (3, None, 2)
    assert (again.content.parameters[0], again.content.ladder) == (spo2, six)
    looks = as_owner.rows("select look_at is not null from alerts.prescription order by version")
    assert looks == [(False,), (True,), (True,)]


def test_of_another_template_the_usual_values_and_the_scale_stay(database: Database) -> None:
    home = make_home()
    alerts.prescribe(
        home.care.patient,
        "covid-home",
        "home-two-rungs",
        home.care.gp.person,
        usual_values={"spo2": 91.0},
        spo2_scale=2,
    )
    begin(home)
    content = live_of(home).content
    spo2 = next(one for one in content.parameters if one.item == "spo2")
    assert (content.template, spo2.usual, content.spo2_scale) == (PROFILE, 91.0, 2)


def watch(ctx: CareContext, content: Content, before: UUID | None) -> str:
    """Begin to watch by a text that was made from a version read before; return the word."""
    text = canonical(content)
    with acting_as(ctx, action="U") as conn:
        return reviewing.start_watching(
            conn,
            id=uuid4(),
            patient=ctx.patient,
            before=before,
            content=text,
            digest=digest_of(text),
            look_at=None,
            missing=[],
            news2={},
            since=clock.now(),
        )


@pytest.mark.parametrize("read", [True, False], ids=["one before it", "none"])
def test_what_was_signed_meanwhile_is_not_lost(database: Database, read: bool) -> None:
    """The version it was made from is no longer live, or there was none: nothing is begun."""
    home = unwatched()
    begin(home)
    old = live_of(home)
    ctx = opened(home.care.gp, home.care.patient, Permission.MONITORING_WRITE)
    sign(home, msgspec.structs.replace(old.content, ends_on=date(2030, 1, 1)))
    assert watch(ctx, old.content, old.id if read else None) == "newer"
    assert (live_of(home).version, live_of(home).content.ends_on) == (2, date(2030, 1, 1))


def test_of_two_who_begin_at_once_one_is_told_that_somebody_was_faster(database: Database) -> None:
    home = unwatched()
    ctx = opened(home.care.gp, home.care.patient, Permission.MONITORING_WRITE)
    content, ready = content_of(load_profile(*PROFILE), LADDER), Barrier(2)

    def one(_: int) -> str:
        ready.wait(10)
        return watch(ctx, content, None)

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(one, range(2))) == ["begun", "newer"]
    assert live_of(home).version == 1


def test_of_a_merged_record_no_second_prescription_watches_on(database: Database) -> None:
    """Each of the two records had one of its own; only the kept one is watched from now on."""
    home, gone = make_home(), make_home()
    merge(home, gone)
    begin(home)
    live = as_owner.rows("select patient_id from alerts.prescription where ends_at is null")
    assert live == [(home.care.patient,)]
