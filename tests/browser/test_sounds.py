"""A question is heard on the phone's screens, and without a network."""

import json

from playwright.sync_api import expect

from questionnaires import import_service
from questionnaires.editions import Imported
from tests.browser.conftest import NewVisitor
from tests.browser.phone import ready
from tests.integration.web.scene import Scene
from tests.unit.questionnaires.test_sounds import media, spoken, tone

PLAYED = """async audio => {
    const ended = new Promise(done => audio.addEventListener("ended", done, { once: true }));
    await audio.play();
    await ended;
    return audio.currentTime;
}"""


def test_a_question_is_heard_without_a_network(scene: Scene, visitor: NewVisitor) -> None:
    care = scene.home.care
    resource = spoken(media(sound=tone(300)))
    raw = json.dumps({**resource, "name": "Entendu"}).encode()
    made = import_service.import_questionnaire(care.nurse, care.centre, raw)
    assert isinstance(made, Imported)
    nurse = visitor("phone")
    nurse.enter("nurse")
    ready(nurse.page, f"{nurse.url}/instruments/{made.digest}/preview")
    player = nurse.page.get_by_label("Écouter la question")
    expect(player).to_be_visible()
    nurse.shot("question-heard")
    nurse.page.context.set_offline(True)
    assert player.evaluate(PLAYED) >= 0.25
    nurse.page.context.set_offline(False)
    nurse.page.get_by_text("Oui", exact=True).click()
    expect(player).to_be_hidden()
