"""A version asked again about a past period: its lines, its shares, and two side by side."""

import csv
import io
import json
from datetime import date, timedelta
from uuid import UUID, uuid4

from typer.testing import CliRunner, Result

from alerts import rescoring_service
from alerts.beside import Beside
from alerts.rescoring import NotAsked
from alerts.rescoring_service import begin, compare, put_out, runs, turn
from alerts.share_service import work_share
from app.cli import app
from core import clock
from core.vitals import Quality, Vital
from identity import service as identity
from tests.as_owner import rows, run
from tests.conftest import Database
from tests.integration.rescoring.period import (
    EIGHT,
    ILL,
    START,
    WELL,
    always_high,
    asked,
    every_eight,
    measure,
    patient,
    shipped,
)
from tests.people import make_centre


def chevet(*words: str) -> Result:
    return CliRunner().invoke(app, ["model", *words])


def begun(**more: object) -> UUID:
    found = begin(asked(**more))  # type: ignore[arg-type]
    assert isinstance(found, UUID), found
    return found


def work(run_id: UUID) -> int:
    """Do every share here; return the lines."""
    lines = 0
    while (done := work_share(run_id)) is not None:
        lines += done
    return lines


def test_lines_stand_for_every_instant_of_everybody_who_was_followed(database: Database) -> None:
    shipped()
    centre, _ = make_centre()
    one, child, nobody = (
        patient(centre),
        patient(centre, born=date(2016, 1, 1)),
        patient(make_centre("Autre centre")[0]),
    )
    every_eight(one, WELL, ILL, WELL)
    every_eight(child, WELL, WELL, WELL)
    every_eight(nobody, WELL)
    made = begun(centre=centre)
    assert work(made) == 6
    found = rows(
        "select patient_id, asked_at, risk is not null, silence, missing, version from alerts.risk"
        " where run_id = %s order by patient_id = %s, asked_at",
        made,
        child.id,
    )
    times = [START + number * EIGHT for number in range(3)]
    assert found == [
        *((one.id, at, True, None, ["supplemental_oxygen"], "ward-1") for at in times),
        *((child.id, at, False, "too_young", [], "ward-1") for at in times),
    ]
    ((state, share, lines),) = rows(
        "select r.state, s.state, s.lines from alerts.risk_run r"
        " join alerts.risk_share s on s.run_id = r.id"
    )
    assert (state, share, lines) == ("done", "done", 6)
    assert work_share(made) is None


def test_nobody_of_a_training_territory_is_asked_about(database: Database) -> None:
    shipped()
    school = identity.register_organisation("École")
    for each in (patient(make_centre()[0]), patient(school, training=True)):
        every_eight(each, WELL)
    assert work(begun(times=1)) == 1


def test_an_instant_outside_of_the_follow_up_is_not_asked_about(database: Database) -> None:
    shipped()
    one = patient(make_centre()[0])
    every_eight(one, WELL, WELL, WELL)
    run("update alerts.prescription set ends_at = %s", START + timedelta(hours=9))
    assert work(begun(times=3)) == 2


def test_what_comes_later_moves_no_risk_and_an_amendment_does(database: Database) -> None:
    shipped()
    one = patient(make_centre()[0])
    every_eight(one, WELL)
    measure(one, START - timedelta(hours=1), {Vital.SPO2: 60.0}, quality=int(Quality.INVALID))
    risks: list[float] = []

    def again() -> None:
        made = begun(times=1)
        assert work(made) == 1
        risks.extend(rows("select risk from alerts.risk where run_id = %s", made)[0])

    again()
    every_eight(one, WELL, ILL, ILL)
    again()
    run(
        "insert into vitals.amendment (id, reading_id, measured_at, patient_key, kind, replacement,"
        " by_person, at, reason) select gen_random_uuid(), reading_id, measured_at, patient_key,"
        " 'corrected', 88, %s, now(), 'misread' from vitals.reading"
        " where vital = 1 and measured_at = %s and value = 97",
        one.id,
        START,
    )
    again()
    assert risks[0] == risks[1]
    assert risks[2] > risks[1]


def test_what_came_true_is_known_where_the_target_asks(database: Database) -> None:
    """Asked at 8, 16 and 0 h: well, well and ill; ill at 0 h, measured until the next evening."""
    shipped()
    one, gone = patient(make_centre()[0]), patient(make_centre()[0])
    every_eight(one, WELL, WELL, ILL, ILL, ILL)
    every_eight(gone, WELL, WELL)
    made = begun(times=3)
    work(made)
    found = rows(
        "select patient_id, asked_at, came_true from alerts.risk_truth where run_id = %s"
        " order by asked_at",
        made,
    )
    # 8 h: until 20 h only the well values of 16 h. 16 h: ill at 0 h. 0 h: NEWS2 is above 4 already.
    # Who stopped measuring at 16 h counts as nothing.
    assert found == [(one.id, START, False), (one.id, START + EIGHT, True)]


def test_two_versions_side_by_side_by_hand(database: Database) -> None:
    shipped()
    # Every risk is above nought: with these limits all that ward-2 says is high.
    always_high()
    centre, _ = make_centre()
    well, ill, silent = (patient(centre) for _ in range(3))
    every_eight(well, WELL, WELL, WELL, WELL, WELL)
    every_eight(ill, WELL, WELL, ILL, ILL, ILL)
    every_eight(silent, {Vital.TEMPERATURE: 36.8})
    one, other = begun(times=2), begun(version="ward-2", times=2)
    assert (work(one), work(other)) == (6, 6)
    run("update alerts.risk set band = 'low', risk = 0.25 where version = 'ward-1' and risk > 0")
    run("update alerts.risk set risk = 0.75 where version = 'ward-2' and risk > 0")
    found = compare(one, other)
    assert isinstance(found, Beside)
    assert dict(found.crossed) == {("low", "high"): 4, ("silent", "silent"): 2}
    assert (found.one.lines, found.one.said, found.one.mean_risk) == (6, 4, 0.25)
    assert (found.other.lines, found.other.said, found.other.mean_risk) == (6, 4, 0.75)
    assert (found.patients, found.differ, found.share_differing) == (2, 2, 1.0)
    low, high = found.one.bands[0], found.other.bands[2]
    # Of four lines all are known: « ill » at 16 h came true.
    assert (low.band, low.lines, low.known, low.came_true) == ("low", 4, 4, 1)
    assert (high.band, high.lines, high.known, high.came_true) == ("high", 4, 4, 1)
    same = compare(one, one)
    assert same is not None
    assert (same.differ, same.share_differing) == (0, 0.0)
    said = json.loads(chevet("beside", str(one), str(other)).stdout)
    assert (said["patients"], said["share_differing"]) == (2, 1.0)
    table = chevet("beside", str(one), str(other), "--csv").stdout.lstrip("\ufeff")
    cells = list(csv.reader(io.StringIO(table), delimiter=";"))
    assert ["crossed", found.one.name, "low", "high", "4"] in cells
    assert chevet("beside", str(uuid4())).exit_code == 2


def test_beside_the_live_lines_the_newest_within_the_span_counts(database: Database) -> None:
    shipped()
    one = patient(make_centre()[0])
    every_eight(one, WELL, WELL)
    made = begun(times=2)
    work(made)
    run("update alerts.risk set band = 'low' where risk is not null")
    for hours, noted, band in ((-9, 0, "raised"), (-1, 0, "raised"), (-1, 1, "high")):
        run(
            "insert into alerts.risk (id, patient_id, asked_at, noted_at, version, inputs, risk,"
            " band, window_from, window_until) values (gen_random_uuid(), %s, %s, %s, 'ward-1',"
            " '{}', 0.5, %s, %s, %s)",
            one.id,
            START + timedelta(hours=hours),
            START + timedelta(hours=hours + noted),
            band,
            START - timedelta(days=3),
            START + timedelta(hours=hours),
        )
    found = compare(made, None)
    assert found is not None
    assert dict(found.crossed) == {("low", "high"): 1, ("low", "none"): 1}
    assert (found.other.name, found.other.lines, found.patients) == ("live", 1, 1)


def test_a_cancelled_run_begins_no_share_and_goes_on_where_it_was(database: Database) -> None:
    shipped()
    centre, _ = make_centre()
    people = [patient(centre) for _ in range(3)]
    for one in people:
        every_eight(one, WELL)
    made = begun(times=1)
    # Three shares of one patient each, as of a region.
    run("delete from alerts.risk_share")
    for number, one in enumerate(people, start=1):
        run(
            "insert into alerts.risk_share (run_id, number, patients) values (%s, %s, %s)",
            made,
            number,
            [one.id],
        )
    assert work_share(made, 2) == 1
    assert turn(made, "cancel")
    assert work_share(made) is None
    assert put_out(clock.now()) == []
    assert chevet("cancel", str(made)).exit_code == 2
    assert chevet("resume", str(made), "--here").stdout == "2 shares done here, 2 lines.\n"
    assert [one.state for one in runs()] == ["done"]
    assert rows("select count(*), count(distinct patient_id) from alerts.risk") == [(3, 3)]
    assert chevet("resume", str(made)).exit_code == 2


def test_a_share_that_fails_says_what_kind_of_fault_and_is_tried_again(database: Database) -> None:
    shipped()
    every_eight(patient(make_centre()[0]), WELL)
    made = begun(times=1)
    run("update alerts.model set sha256 = repeat('0', 64)")
    assert work_share(made) == 0
    ((row),) = runs()
    assert (row.state, row.failed, row.fault, row.lines) == ("running", 1, "NoModelError", 0)
    assert work_share(made) is None
    assert turn(made, "resume")
    assert [one.failed for one in runs()] == [0]


def test_shares_are_told_of_again_after_a_while(database: Database) -> None:
    shipped()
    every_eight(patient(make_centre()[0]), WELL)
    made = begun(times=1)
    now = clock.now()
    assert [(told.run_id, told.number) for told in put_out(now)] == [(made, 1)]
    assert put_out(now + timedelta(seconds=100)) == []
    later = now + rescoring_service.TOLD_AGAIN + timedelta(seconds=1)
    assert len(put_out(later)) == 1


def test_what_makes_no_sense_is_refused_with_words(database: Database) -> None:
    shipped()
    every_eight(patient(make_centre()[0]), WELL)

    def refused(**more: object) -> str:
        found = begin(asked(**more))  # type: ignore[arg-type]
        assert isinstance(found, NotAsked)
        return found.field

    assert refused(asked_until=START - timedelta(days=1)) == "until"
    assert refused(asked_until=clock.now() + timedelta(days=1)) == "until"
    assert refused(asked_until=START + timedelta(days=400)) == "until"
    assert refused(every=timedelta(minutes=30)) == "every"
    assert refused(reason="  ") == "reason"
    assert refused(version="nothing-9") == "version"
    assert refused(programme="unknown") == "until"
    assert rows("select from alerts.risk_run") == []


def test_the_commands_begin_a_run_and_do_it_here(database: Database) -> None:
    shipped()
    centre, _ = make_centre()
    every_eight(patient(centre), WELL, WELL)
    words = ("ward-1", "--from", "2026-03-02T09:00", "--until", "2026-03-03", "--every", "8h")
    done = chevet("rescore", *words, "--centre", str(centre), "--reason", "a first look", "--here")
    assert done.exit_code == 0, done.output
    made, last = done.stdout.splitlines()
    assert last == "1 shares done here, 2 lines."
    listed = chevet("runs").stdout
    assert made in listed
    assert "done" in listed
    assert "a first look" in listed
    assert chevet("rescore", *words, "--centre", str(uuid4()), "--reason", "x").exit_code == 2
    assert "ward-1" in chevet("list").stdout
