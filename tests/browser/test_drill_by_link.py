"""An exercise the whole way by its mail: link, code, answer, closing, frozen report."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import expect

from alerts import drill_service as drills
from alerts import service as alerts
from alerts.drill import Met, Part, Started, Verdict
from core import clock
from core.settings import settings
from core.vitals import Vital
from identity import service as identity
from messages import service as messages
from tests.as_owner import rows, run
from tests.browser.conftest import NewVisitor, Visitor
from tests.codes import code_of
from tests.integration.alerts.home import Home, key_of, measure
from tests.integration.alerts.test_drill import A_STREAM, RED_WAIT
from tests.integration.web.scene import Scene
from tests.mailbox import Mailbox, open_mailbox
from tests.people import make_patient


@pytest.fixture
def record(scene: Scene) -> UUID:
    """A record for exercises that the centre of the scene follows, beside its real patient."""
    run(A_STREAM)
    patient = make_patient("Essai", "Alerte")
    identity.join_circle(patient, scene.home.care.centre, "telemonitoring_centre")
    alerts.prescribe(patient, "covid-home", "home-two-rungs", scene.home.care.gp.person)
    run("update identity.patient set is_fictitious = true where patient_id = %s", patient)
    return patient


def link_in(mailbox: Mailbox, address: str) -> str:
    """Send what waits and return the link of the one mail that says that it is an exercise."""
    messages.send_due(clock.now())
    marked = [
        one.mail
        for one in mailbox.to(address)
        if str(one.mail["Subject"]).startswith("[EXERCICE] ")
    ]
    (mail,) = marked
    body = mail.get_body(("plain",))
    assert body is not None
    text = str(body.get_content())
    assert "EXERCICE - " in text
    (link,) = re.findall(r"https?://\S+/l/\S+", text)
    return str(link)


def opened_by_link(
    scene: Scene,
    record: UUID,
    drill: UUID,
    visitor: NewVisitor,
    monkeypatch: pytest.MonkeyPatch,
) -> Visitor:
    """Start an exercise, let it be judged and sent, and follow its link with a code."""
    nurse = scene.home.care.nurse
    with open_mailbox() as mailbox:
        monkeypatch.setenv("CHEVET_SMTP_PORT", str(mailbox.port))
        settings.cache_clear()
        assert drills.start(nurse, drill, record, None) is Started.STARTED
        assert alerts.review(clock.now()).alerts == 1
        link = link_in(mailbox, f"{nurse.person}@nurse.example")
    by = visitor("phone")
    by.page.goto(link)
    by.page.get_by_label("Code à six chiffres").fill(code_of("nurse"))
    by.page.get_by_role("button", name="Voir l’alerte").tap()
    expect(by.page.get_by_text("Vous voyez cette alerte seule")).to_be_visible()
    return by


def test_an_exercise_goes_the_whole_way_by_its_link(
    scene: Scene, record: UUID, visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    care, drill = scene.home.care, uuid4()
    nurse = opened_by_link(scene, record, drill, visitor, monkeypatch)
    page = nurse.page
    told = page.get_by_role("note").filter(has_text="EXERCICE")
    expect(told).to_contain_text("personne n’est malade")
    nurse.shot("drill-by-link")

    page.get_by_role("button", name=re.compile("^Je rappelle le patient avant")).tap()
    expect(page.get_by_role("status")).to_contain_text("Noté")
    # The scene's real alert goes on when nobody answers it; the exercise's, answered, does not.
    later = clock.now() + RED_WAIT + timedelta(minutes=1)
    assert alerts.escalate_due(later).alerts == 1
    called = rows(
        "select a.drill is not null, count(*) from alerts.alert_event e"
        " join alerts.alert a on a.id = e.alert_id where e.what = 'called' group by 1 order by 1"
    )
    assert called == [(False, 2), (True, 1)]

    page.get_by_text("Clôturer", exact=True).tap()
    page.get_by_label("Issue").select_option("technical_problem")
    page.get_by_role("button", name="Clôturer l’alerte").tap()
    expect(page.get_by_role("status")).to_contain_text("vous avez clôturé cette alerte")

    assert drills.watch_drills(clock.now()) == 1
    found = drills.read_drill(care.nurse, drill)
    assert found is not None
    assert found.ended_at is not None
    assert found.report.verdict is Verdict.PASSED
    assert [(line.part, line.met) for line in found.report.lines] == [
        (Part.STORED, Met.FACT),
        (Part.JUDGED, Met.MET),
        (Part.RAISED, Met.MET),
        (Part.SENT, Met.MET),
        (Part.FIRST_STEP, Met.MET),
        (Part.ANSWERED, Met.MET),
        (Part.CLOSED, Met.MET),
    ]
    assert [(one.name, one.channel, one.state) for one in found.report.calls] == [
        ("Inès Moreau", "email", "sent")
    ]


def test_who_answers_on_a_page_of_an_exercise_that_became_real_looks_again(
    scene: Scene, record: UUID, visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    nurse = opened_by_link(scene, record, uuid4(), visitor, monkeypatch)
    page, care = nurse.page, replace(scene.home.care, patient=record)
    measure(Home(care, key_of(record)), [(Vital.SPO2, 85, timedelta(0))])
    assert alerts.review(clock.now()).alerts == 1
    page.get_by_role("button", name=re.compile("^Je rappelle le patient avant")).tap()
    expect(page.get_by_role("alert")).to_contain_text("Ce n’est plus un exercice")
    expect(page.get_by_text("EXERCICE", exact=True)).to_have_count(0)
    expect(page.get_by_text("Ce n’est plus un exercice, le dossier est")).to_be_visible()
    nurse.shot("drill-became-real")
    states = rows("select state from alerts.alert where drill is not null")
    assert states == [("raised",)]
