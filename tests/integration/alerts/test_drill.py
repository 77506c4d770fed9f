"""An exercise by the real way: a stored reading, a review, a mail, an answer, a frozen report."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from typer.testing import CliRunner

from alerts import drill_service as drills
from alerts import service as alerts
from alerts.acts import Close, Own
from alerts.drill import Met, Part, Started, Verdict
from alerts.outcomes import Outcome
from app.cli import app
from core import clock
from core.access import Permission
from core.doors import Actor, acting_as
from core.settings import settings
from core.vitals import Vital
from identity import service as identity
from messages import service as messages
from tests.as_owner import mutate, rows, run
from tests.conftest import Database
from tests.integration.alerts.home import Home, key_of, make_home, measure, opened, seen_by_nurse
from tests.mailbox import Mailbox, open_mailbox
from tests.people import make_centre

RED_WAIT = timedelta(minutes=10)
NOW = timedelta(0)
A_STREAM = """
insert into ingest.stream (source, epoch, last_received_at) values ('a gateway', '', now())
"""
"""Takes the number that tests write with a value, so that the stream of exercises has another."""


@pytest.fixture
def mailbox(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with open_mailbox() as box:
        monkeypatch.setenv("CHEVET_SMTP_PORT", str(box.port))
        monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "operator@example.org")
        settings.cache_clear()
        yield box


@pytest.fixture
def home(mailbox: Mailbox) -> Home:
    """A fictitious record kept for exercises, followed by a centre."""
    made = make_home()
    run(A_STREAM)
    run("update identity.patient set is_fictitious = true where patient_id = %s",
        made.care.patient)  # fmt: skip
    return made


@pytest.fixture
def manager(home: Home) -> Actor:
    person = identity.register_person("Claire Petit")
    post = identity.give_post(person, home.care.centre, "telemonitoring_nurse")
    return Actor(person=person, post=post, session=None)


def start(home: Home, manager: Actor, person: UUID | None = None) -> UUID:
    drill = uuid4()
    said = drills.start(manager, drill, home.care.patient, person)
    assert said is Started.STARTED
    return drill


def judge_and_send() -> None:
    now = clock.now()
    assert alerts.review(now).alerts == 1
    assert messages.send_due(now).sent >= 1


def answer(home: Home) -> None:
    """Take the alert in charge and close it, as the nurse does."""
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    (line,) = alerts.open_alerts(ctx)
    nurse = home.care.nurse.person
    alerts.act(ctx, line.alert_id, Own(by=nurse))
    alerts.act(ctx, line.alert_id, Close(by=nurse, outcome=Outcome.TECHNICAL_PROBLEM))


def read(actor: Actor, drill: UUID) -> drills.Drill:
    found = drills.read_drill(actor, drill)
    assert found is not None
    return found


def told() -> list[str]:
    return [str(key) for (key,) in rows("select key from messages.outbox where recipient is null")]


def test_the_whole_chain_holds_and_its_report_is_kept(
    home: Home, manager: Actor, mailbox: Mailbox
) -> None:
    drill = start(home, manager)
    assert read(manager, drill).report.verdict is Verdict.UNDER_WAY
    judge_and_send()
    (mail,) = mailbox.to(f"{home.care.nurse.person}@nurse.example")
    assert str(mail.mail["Subject"]).startswith("[EXERCICE] ")
    (line,) = seen_by_nurse(home)
    assert line.drill == drill
    answer(home)
    assert drills.watch_drills(clock.now()) == 1
    found = read(home.care.nurse, drill)
    assert (found.report.verdict, found.ended_at is not None) == (Verdict.PASSED, True)
    assert {one.met for one in found.report.lines} == {Met.FACT, Met.MET}
    answered = found.report.line(Part.ANSWERED)
    assert answered is not None
    assert answered.name == "Inès Moreau"
    assert [(one.name, one.channel, one.state) for one in found.report.calls] == [
        ("Inès Moreau", "email", "sent")
    ]
    run("update messages.outbox set state = 'dead'")
    run("update access.party set name = 'X' where id = %s", home.care.nurse.person)
    assert read(home.care.nurse, drill).report == found.report
    assert drills.watch_drills(clock.now()) == 0
    assert told() == []


def test_its_reading_came_by_a_stream_of_its_own(home: Home, manager: Actor) -> None:
    start(home, manager)
    stored = rows(
        "select s.source, r.vital, r.quality, d.received_at = r.received_at from vitals.reading r"
        " join ingest.stream s on s.id = r.source join core.due d using (patient_key)"
    )
    assert stored == [("drill", int(Vital.SPO2), 0, True)]


def test_a_real_patient_is_never_exercised_on(home: Home, manager: Actor) -> None:
    """Seen to fail with the question left out: test_without_the_question_… below."""
    run("update identity.patient set is_fictitious = false")
    said = drills.start(manager, uuid4(), home.care.patient, None)
    assert said is Started.NOT_FICTITIOUS
    assert rows("select 1 from core.due") == []


def test_without_the_question_a_real_patient_would_be_exercised_on(
    home: Home, manager: Actor
) -> None:
    run("update identity.patient set is_fictitious = false")
    mutate("alerts.unfit_for_drill", "i.is_fictitious", "true")
    assert drills.start(manager, uuid4(), home.care.patient, None) is Started.STARTED


def test_nor_is_a_person_who_only_wishes_to_stay_unnamed(home: Home, manager: Actor) -> None:
    """A fictitious identity may be that of a real person: any value of his own refuses."""
    measure(home, [(Vital.SPO2, 97, NOW)])
    assert drills.start(manager, uuid4(), home.care.patient, None) is Started.LIVED_IN
    assert drills.choices(manager).records == ()


def test_a_real_alert_of_the_record_is_never_called_an_exercise(home: Home, manager: Actor) -> None:
    start(home, manager)
    judge_and_send()
    answer(home)
    measure(home, [(Vital.SPO2, 85, NOW)])
    alerts.review(clock.now())
    (line,) = seen_by_nurse(home)
    assert line.drill is None
    (row,) = alerts.queue_page(home.care.nurse, 10, 0)
    assert (row.summary.of_drill, row.alerts[0].drill) == (False, None)


def test_the_queue_says_that_it_is_an_exercise_even_once_closed(home: Home, manager: Actor) -> None:
    drill = start(home, manager)
    judge_and_send()
    (row,) = alerts.queue_page(home.care.nurse, 10, 0)
    assert (row.summary.of_drill, row.alerts[0].drill) == (True, drill)
    answer(home)
    (row,) = alerts.queue_page(home.care.nurse, 10, 0)
    assert (row.summary.of_drill, row.alerts) == (True, ())


def test_one_at_a_time_and_none_beside_an_open_alert(
    home: Home, manager: Actor, clock_file: Path
) -> None:
    drill = start(home, manager)
    assert drills.start(manager, drill, home.care.patient, None) is Started.STARTED
    assert rows("select count(*) from core.due") == [(1,)]
    assert drills.start(manager, uuid4(), home.care.patient, None) is Started.RUNNING
    judge_and_send()
    clock_file.write_text(str(timedelta(hours=25).total_seconds()))
    drills.watch_drills(clock.now())
    assert drills.start(manager, uuid4(), home.care.patient, None) is Started.OPEN_ALERT


def test_nobody_answers_is_told_to_the_operator_once(
    home: Home, manager: Actor, clock_file: Path
) -> None:
    drill = start(home, manager)
    judge_and_send()
    clock_file.write_text(str((2 * RED_WAIT + timedelta(minutes=1)).total_seconds()))
    for _ in range(2):
        drills.watch_drills(clock.now())
    assert told() == [f"operator:drill_failed:{drill}"]
    found = read(manager, drill)
    assert (found.report.verdict, found.ended_at) == (Verdict.FAILED, None)
    clock_file.write_text(str(timedelta(hours=24).total_seconds()))
    drills.watch_drills(clock.now())
    assert read(manager, drill).ended_at is not None


def test_for_a_person_another_who_answers_is_not_enough(home: Home, manager: Actor) -> None:
    drill = start(home, manager, manager.person)
    judge_and_send()
    answer(home)
    answered = read(manager, drill).report.line(Part.ANSWERED)
    assert answered is not None
    assert (answered.at, answered.met) == (None, Met.NOT_YET)
    stranger = identity.register_person("Paul Gris")
    assert drills.start(manager, uuid4(), home.care.patient, stranger) is Started.NOT_STAFF


def test_who_may_not_plan_starts_nothing_and_another_centre_reads_nothing(
    home: Home, manager: Actor
) -> None:
    gp = drills.start(home.care.gp, uuid4(), home.care.patient, None)
    assert gp is Started.NOT_ALLOWED
    drill = start(home, manager)
    centre, stranger = make_centre("Autre centre")
    assert drills.drills(stranger) == ()
    assert drills.read_drill(stranger, drill) is None
    person = identity.register_person("Autre médecin")
    post = identity.give_post(person, centre, "telemonitoring_nurse")
    other = Actor(person=person, post=post, session=None)
    assert drills.start(other, uuid4(), home.care.patient, None) is Started.NOT_FOLLOWED


def test_the_login_of_the_pages_writes_no_report(home: Home, manager: Actor) -> None:
    start(home, manager)
    for change in ("update alerts.drill set report = '{}'", "delete from alerts.drill"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), acting_as(manager) as conn:
            conn.execute(change.encode())


def test_the_operator_starts_one_and_reads_its_report(home: Home) -> None:
    def chevet(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["drill", *words])
        return done.exit_code, done.output.strip()

    code, drill = chevet("start", str(home.care.centre), str(home.care.patient))
    assert code == 0, drill
    judge_and_send()
    answer(home)
    code, text = chevet("report", drill)
    assert (code, "passed" in text, "Inès Moreau" in text) == (0, True, True), text
    code, text = chevet("start", str(home.care.centre), str(uuid4()))
    assert (code, "does not follow" in text) == (1, True), text
    assert key_of(home.care.patient)
