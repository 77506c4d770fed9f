"""What the phone shows beside the questions: values, messages, team, notifications, dialogs."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core import clock
from core.settings import settings
from core.vitals import Vital
from messages.edge.push import new_private_key
from questionnaires.library_service import active_edition
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.phone import ready
from tests.integration.alerts.home import measure
from tests.integration.web.scene import Scene
from tests.integration.web.test_carer import asked_today
from tests.integration.web.test_notifications import KEYS

CALM = {"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}
LOW = {"dyspnoea": "none", "faintness_or_confusion": "no", "chills": "no", "mood": "low"}
LOCALES = ("fr", "en")
SAID = {
    "fr": {
        "trends": ("Plus bas que la semaine d’avant.", "À peu près comme la semaine d’avant."),
        "messages": ("Relevé par Médecin traitant à ",),
        "team": ("Médecin traitant", "Centre de télésuivi", "de 8 h à 20 h"),
        "circle": ("Dr Paul Lefèvre", "Centre de télésuivi"),
        "notifications": ("Où elles arrivent", "aucune n’est encore arrivée"),
    },
    "en": {
        "trends": ("Lower than the week before.", "About the same as the week before."),
        "messages": ("Read by GP at ",),
        "team": ("GP", "Centre de télésuivi"),
        "circle": ("Dr Paul Lefèvre", "Centre de télésuivi"),
        "notifications": ("Where they go", "none has arrived yet"),
    },
}


def two_weeks(scene: Scene) -> None:
    """A pulse that went down from one week to the next, and a weight that stayed."""
    before = [(Vital.PULSE, 104.0, timedelta(days=day)) for day in range(8, 13)]
    weights = [(Vital.WEIGHT, 70.2, timedelta(days=day)) for day in range(1, 13)]
    measure(scene.home, [*before, *weights])


def test_every_other_page_says_it_in_plain_words(
    scene: Scene, visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_VAPID_PRIVATE_KEY", new_private_key())
    monkeypatch.setenv("CHEVET_VAPID_SUBJECT", "mailto:telesuivi@demo.invalid")
    settings.cache_clear()
    two_weeks(scene)
    patient, gp = visitor("phone"), visitor("desk")
    patient.enter("patient")
    gp.enter("gp")
    patient.post("/p/questions", CALM)
    gp.page.goto(f"{gp.url}/patients/{scene.home.care.patient}/answers")
    patient.page.request.post(
        patient.url + "/p/notifications", data=KEYS, headers={"origin": patient.url}
    )
    for locale in LOCALES:
        patient.speak(locale)
        for name, sentences in SAID[locale].items():
            patient.page.goto(f"{patient.url}/p/{name}")
            for sentence in sentences:
                expect(patient.page.locator("main")).to_contain_text(sentence)
            for summary in patient.page.locator("main details summary").all():
                summary.click()
            patient.both_sizes(f"more-{name}-{locale}")


def told(patient: Visitor, address: str, call: str, name: str) -> str:
    """Touch the answer with which to call; return what the whole screen says."""
    page = patient.page
    ready(page, patient.url + address)
    step = page.locator("[data-step]", has=page.locator(f"input[data-call='{call}']")).first
    step.locator("input").first.dispatch_event("click")
    step.locator(f"input[data-call='{call}']").first.dispatch_event("click")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    patient.both_sizes(name)
    text = dialog.inner_text()
    dialog.locator("button[value=no]").click()
    expect(dialog).to_be_hidden()
    return text


def test_whom_to_call_fills_the_screen_in_both_languages(
    scene: Scene, visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = asked_today(scene, "post-discharge-7")
    patient = visitor("phone")
    patient.enter("patient")
    monkeypatch.setenv("CHEVET_TIME_ZONE", "Europe/Paris")
    another_day = (clock.now() + timedelta(days=3)).strftime("%a").lower()
    said = {
        "fr": ("Appelez le 3114", "Le service est fermé. Appelez le 15 maintenant."),
        "en": ("Call 3114", "The service is closed. Call 15 now."),
    }
    for locale, (listens, closed) in said.items():
        patient.speak(locale)
        opening = {"open": "mon-sun 00:00-24:00", "closed": f"{another_day} 08:00-20:00"}
        for name, hours in opening.items():
            monkeypatch.setenv("CHEVET_SERVICE_OPENING", hours)
            settings.cache_clear()
            text = told(patient, "/p/questions", "15", f"dialog-15-{name}-{locale}")
            assert (closed in text) == (name == "closed")
        text = told(patient, f"/p/tasks/{task}", "3114", f"dialog-3114-{locale}")
        assert listens in text
        assert "15" in text
        low = {**LOW, "edition": active_edition("ecovid-daily").digest, "client_key": locale * 9}
        patient.post("/p/questions", low)  # as a form without a script sends it
        patient.page.goto(f"{patient.url}/p/sent")
        sent = patient.page.get_by_role("alert")
        expect(sent).to_contain_text(listens)
        expect(sent.locator("a[href='tel:3114']")).to_be_visible()
        expect(sent.locator("a[href='tel:15']")).to_have_count(0)
        patient.both_sizes(f"sent-3114-{locale}")


ENDED = """how => {
    document.querySelector("form.ask").hidden = true;
    document.querySelector("h1[data-title]").hidden = true;
    document.getElementById("done").hidden = false;
    for (const part of document.querySelectorAll("#done [data-how]")) {
        part.hidden = part.dataset.how !== how;
    }
}"""


def test_how_a_questionnaire_ends_has_no_barrier_in_both_languages(
    scene: Scene, visitor: NewVisitor
) -> None:
    """Each end as the script shows it, one after the other: kept, signed out, sent, leaving."""
    patient = visitor("phone")
    patient.enter("patient")
    heads = {
        "fr": ("Enregistré sur ce téléphone", "Enregistré sur ce téléphone", "Envoyé"),
        "en": ("Saved on this phone", "Saved on this phone", "Sent"),
    }
    for locale, said in heads.items():
        patient.speak(locale)
        ready(patient.page, f"{patient.url}/p/questions")
        for how, head in zip(("kept", "sign_in", "sent"), said, strict=True):
            patient.page.evaluate(ENDED, how)
            expect(patient.page.locator("#done h1:visible")).to_have_text(head)
            patient.both_sizes(f"done-{how}-{locale}")
        patient.page.evaluate("document.getElementById('leaving').showModal()")
        expect(patient.page.get_by_role("dialog")).to_be_visible()
        patient.both_sizes(f"leaving-{locale}")
