"""An answer on a phone is never lost and never stored twice: each way in which it could be."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core import clock
from questionnaires import phone_service
from questionnaires.answer_time import AnsweredAt, PhoneTimes
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.phone import (
    answer_all,
    answers_of,
    arrived,
    await_that,
    await_worker,
    broken_script,
    broken_worker,
    cached,
    expect_kept,
    expect_sent,
    ready,
    rows,
    secrets_in,
    send,
    sendings,
    touch,
)
from tests.conftest import Database
from tests.integration.web.scene import Scene

pytestmark = pytest.mark.promise("S9")


@pytest.fixture
def patient(scene: Scene, visitor: NewVisitor) -> Visitor:
    """A patient with today's questions on his phone."""
    someone = visitor("phone")
    someone.sign_in("patient", "/p")
    ready(someone.page, someone.url + "/p/questions")
    await_worker(someone.page)
    return someone


def offline(patient: Visitor, *, is_off: bool = True) -> None:
    patient.page.context.set_offline(is_off)


def answer_offline(patient: Visitor) -> None:
    """Open the questions with no network, answer, and send in vain."""
    offline(patient)
    ready(patient.page, patient.url + "/p/questions")
    answer_all(patient.page)
    send(patient.page)
    expect_kept(patient.page)


def test_an_answer_without_network_is_sent_once_when_it_is_back(
    patient: Visitor, database: Database
) -> None:
    posted = sendings(patient.page.context)
    answer_offline(patient)
    patient.shot("app-kept")
    expect(patient.page.get_by_text("sera envoyé dès que le réseau revient")).to_be_visible()
    assert answers_of(database) == []
    (kept,) = rows(patient.page, "queue")
    assert "dyspnoea" not in str(kept)
    (key,) = rows(patient.page, "keys")
    assert key["extractable"] is False
    posted.clear()
    offline(patient, is_off=False)
    expect_sent(patient.page)
    assert arrived(posted) == 1
    assert len(answers_of(database)) == 1
    await_that(patient.page, lambda: not rows(patient.page, "drafts"), "the draft to be forgotten")
    assert rows(patient.page, "queue") == []


def test_an_answer_that_stays_in_the_queue_is_noticed(
    scene: Scene, visitor: NewVisitor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault: what the server holds is not erased from the phone."""
    with broken_script(
        monkeypatch, "queue.js", 'await vault.remove("queue", row.id);\n    changed(row.id, ',
        "changed(row.id, ",
    ):  # fmt: skip
        someone = visitor("phone")
        someone.sign_in("patient", "/p/questions")
        ready(someone.page, someone.url + "/p/questions")
        answer_all(someone.page)
        send(someone.page)
        expect_sent(someone.page)
        assert len(rows(someone.page, "queue")) == 1


def test_a_reload_in_the_middle_loses_nothing(patient: Visitor, database: Database) -> None:
    page = patient.page
    touch(page, "essouffl", "Oui, quand je fais un effort")
    expect(page.get_by_role("group", name="malaise")).to_be_visible()
    offline(patient)
    page.reload()
    expect(page.get_by_role("group", name="malaise")).to_be_visible()
    touch(page, "malaise")
    touch(page, "manger")
    for _ in range(3):
        page.get_by_role("button", name="Continuer").click()
    send(page)
    expect_kept(page)
    page.reload()
    expect(page.locator("#phone-state")).to_contain_text("Enregistré sur ce téléphone")
    offline(patient, is_off=False)
    page.wait_for_function("() => document.getElementById('phone-state').hidden")
    ((answers, _, _),) = answers_of(database)
    assert answers["dyspnoea"] == "effort"


def test_two_tabs_send_once(patient: Visitor, database: Database) -> None:
    assert two_tabs(patient) == 1
    assert len(answers_of(database)) == 1


def test_two_tabs_without_the_lock_are_noticed(
    scene: Scene, visitor: NewVisitor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault: each tab sends on its own; the key still stores one answer."""
    with broken_script(monkeypatch, "queue.js", "navigator.locks\n", "false\n"):
        someone = visitor("phone")
        someone.sign_in("patient", "/p")
        ready(someone.page, someone.url + "/p/questions")
        await_worker(someone.page)
        assert two_tabs(someone) > 1
        assert len(answers_of(database)) == 1


def two_tabs(patient: Visitor) -> int:
    """Answer in one tab with another open, come back online, return how often it was sent."""
    posted = sendings(patient.page.context)
    other = patient.page.context.new_page()
    other.goto(patient.url + "/p/questions")
    answer_offline(patient)
    posted.clear()
    for page in (patient.page, other):
        page.evaluate("() => new Promise(done => setTimeout(done, 0))")
    offline(patient, is_off=False)
    expect_sent(patient.page)
    for page in (patient.page, other):
        page.wait_for_function("() => document.getElementById('phone-state').hidden")
    return arrived(posted)


def test_a_failing_server_is_tried_again(
    patient: Visitor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted = sendings(patient.page.context)
    answer_all(patient.page)
    with monkeypatch.context() as broken:
        broken.setattr(phone_service, "take_in", fails)
        with patient.page.expect_response(lambda said: said.status >= 500):
            send(patient.page)
        expect_kept(patient.page)
        patient.page.wait_for_function("() => !document.getElementById('phone-state').hidden")
        assert len(rows(patient.page, "queue")) == 1
    expect_sent(patient.page)
    assert len(posted) >= 2
    assert len(answers_of(database)) == 1
    assert rows(patient.page, "queue") == []


def fails(*_: object, **__: object) -> None:
    raise RuntimeError


def test_an_expired_session_keeps_the_answer_and_asks_who_it_is(
    patient: Visitor, database: Database
) -> None:
    page = patient.page
    answer_all(page)
    page.context.clear_cookies()
    send(page)
    expect(page.get_by_text("Connectez-vous et vos réponses seront envoyées")).to_be_visible()
    patient.shot("app-sign-in-again")
    assert answers_of(database) == []
    patient.sign_in("patient", "/sign-in?next=/p", steps=1)
    page.wait_for_url(patient.url + "/p")
    await_that(page, lambda: len(answers_of(database)) == 1, "the answer to arrive")
    page.reload()
    expect(page.get_by_text("Envoyé à")).to_be_visible()
    assert len(answers_of(database)) == 1


NAMES = ("Jeanne Martin", "MARTIN", "Lefèvre")
SHIFTED = """
const real = Date.now.bind(Date);
window.shift = Number(localStorage.getItem("shift") ?? 0);
Date.now = () => real() + window.shift;
"""


def shift(page: Page, days: int) -> None:
    """Set the phone's clock wrong by days, for this page and those that follow."""
    ms = days * 24 * 3600 * 1000
    page.evaluate("ms => { localStorage.setItem('shift', ms); window.shift = ms; }", ms)


@pytest.mark.parametrize("days", [-1, 1])
@pytest.mark.parametrize("put_right", [False, True], ids=["stays wrong", "put right before"])
def test_a_clock_wrong_by_a_day_changes_no_time(
    patient: Visitor, database: Database, days: int, put_right: bool
) -> None:
    assert _is_on_time(patient, database, days, put_right=put_right)


def _is_on_time(patient: Visitor, database: Database, days: int, *, put_right: bool) -> bool:
    page = patient.page
    page.add_init_script(SHIFTED)
    page.reload()
    shift(page, days)
    ready(page, patient.url + "/p/questions")
    answer_offline(patient)
    if put_right:
        shift(page, 0)
    offline(patient, is_off=False)
    expect_sent(page)
    ((_, answered, received),) = answers_of(database)
    return timedelta(0) <= received - answered < timedelta(minutes=1)


def test_a_server_that_believes_the_phones_clock_is_noticed(
    patient: Visitor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def believes(times: PhoneTimes, **_: object) -> AnsweredAt:
        return AnsweredAt(at=clock.now() - times.wall, uncertain=False)

    monkeypatch.setattr(phone_service, "decide_answered_at", believes)
    assert not _is_on_time(patient, database, -1, put_right=True)


def test_signing_out_leaves_nothing_on_the_phone(
    patient: Visitor, scene: Scene, database: Database
) -> None:
    page = patient.page
    touch(page, "essouffl", "Oui, quand je fais un effort")
    assert any(address.endswith("/p/questions") for address in cached(page))
    assert secrets_in(page, *NAMES, str(scene.home.care.patient)) == set()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Se connecter")
    assert [one for one in cached(page) if "/questions" in one or "/tasks" in one] == []
    for store in ("queue", "drafts", "keys"):
        assert rows(page, store) == []


def test_a_worker_that_keeps_a_page_of_the_record_is_noticed(
    scene: Scene, visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with broken_worker(monkeypatch, "?blank=1", ""):
        someone = visitor("phone")
        someone.sign_in("patient", "/p")
        await_worker(someone.page)
        assert secrets_in(someone.page, *NAMES) == {"Jeanne Martin"}


def test_signing_out_with_an_answer_on_its_way_asks_first(
    patient: Visitor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = patient.page
    answer_all(page)
    with monkeypatch.context() as broken:
        broken.setattr(phone_service, "take_in", fails)
        send(page)
        expect_kept(page)
        page.get_by_role("button", name="Se déconnecter").click()
        expect(page.get_by_role("heading", name="n’est pas encore envoyée")).to_be_visible()
        patient.shot("app-leaving")
        page.get_by_role("button", name="Rester connecté").click()
        assert len(rows(page, "queue")) == 1
    expect_sent(page)
    assert len(answers_of(database)) == 1


def test_nobody_sends_the_answers_of_somebody_else(
    patient: Visitor, database: Database, scene: Scene
) -> None:
    """Another person signs in on the same phone: what waits is not his, and stays."""
    answer_all(patient.page)
    patient.page.context.clear_cookies()
    send(patient.page)
    expect(patient.page.get_by_text("Connectez-vous et vos réponses")).to_be_visible()
    patient.sign_in("gp", "/sign-in?next=/help")
    patient.page.goto(patient.url + "/p/offline")
    patient.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    assert len(rows(patient.page, "queue")) == 1
    assert answers_of(database) == []
