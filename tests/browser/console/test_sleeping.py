"""A nurse puts an alert to sleep and gives another away; a colleague may wake it."""

from playwright.sync_api import expect

from alerts import service as alerts
from alerts.acts import Close, Own, Wake
from alerts.outcomes import Outcome
from core.access import Permission
from tests.as_owner import rows
from tests.browser.console.centre import Centre
from tests.browser.console.conftest import PHONE, SignIn, screenshot
from tests.browser.console.test_console import LIVE_MS, assert_accessible
from tests.integration.alerts.home import opened


def test_an_alert_sleeps_for_a_reason_that_a_colleague_sees(
    sign_in: SignIn, centre: Centre
) -> None:
    page = sign_in("ines")
    page.locator(".queue .entry", has_text="MARTIN").click()
    page.get_by_role("button", name="Mettre en veille").first.click()
    confirm = page.locator("#sleeping-confirm")
    expect(page.locator("#sleeping-limit")).to_contain_text("30 min au plus en tout (proposé)")
    confirm.click()
    error = page.locator("#sleeping-error")
    expect(error).to_contain_text("Choisissez une durée")
    page.locator("#sleeping-minutes").click()
    page.get_by_role("option", name="15 min").click()
    page.locator("#sleeping-note").fill("Elle réchauffe sa main.")
    confirm.click()
    expect(error).to_contain_text("Choisissez un motif")
    expect(page.locator("#sleeping-note")).to_have_value("Elle réchauffe sa main.")
    page.locator("#sleeping-reason").click()
    page.get_by_role("option", name="Une nouvelle mesure est attendue").click()
    assert_accessible(page)
    for size in (PHONE, (1280, 800)):
        screenshot(page, "sleeping", size)
    confirm.click()
    expect(page.locator("#act-result")).to_contain_text("mise en veille jusqu’à")

    standing = page.locator(".standing").first
    expect(standing).to_contain_text("Mise en veille par Inès Moreau")
    expect(standing).to_contain_text("Elle réchauffe sa main.")
    for size in (PHONE, (1280, 800)):
        screenshot(page, "asleep", size)
    page.get_by_role("link", name="Retour à la file active").click()
    entry = page.locator(".queue .entry", has_text="MARTIN")
    expect(entry).to_contain_text("en veille jusqu’à")
    for size in (PHONE, (1280, 800)):
        screenshot(page, "asleep-queue", size)
    entry.click()
    home, colleague = centre.homes["Martin"], centre.colleague
    ctx = opened(colleague, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    asleep = next(line for line in alerts.open_alerts(ctx) if line.sleep is not None)
    alerts.act(ctx, asleep.alert_id, Wake(by=colleague.person))
    expect(standing).not_to_contain_text("Mise en veille", timeout=LIVE_MS)


def test_an_alert_is_given_to_a_colleague_who_has_not_answered_by_that(
    sign_in: SignIn, centre: Centre
) -> None:
    page = sign_in("ines")
    page.locator(".queue .entry", has_text="MARTIN").click()
    page.get_by_role("button", name="Attribuer à un collègue").first.click()
    page.locator("#giving-confirm").click()
    expect(page.locator("#giving-error")).to_contain_text("Choisissez un collègue")
    page.locator("#giving-to").click()
    expect(page.get_by_role("option")).to_have_count(2)
    page.get_by_role("option", name="Karim Benali").click()
    assert_accessible(page)
    page.locator("#giving-confirm").click()
    given = "attribuée à Karim Benali, pas encore prise en charge"
    expect(page.locator("#act-result")).to_contain_text(given)
    expect(page.locator(".standing").first).to_contain_text(given)
    patient = centre.homes["Martin"].care.patient
    states = rows("select state from alerts.alert where patient_id = %s", patient)
    assert ("raised",) in states


def test_an_alert_is_put_aside_for_oneself_alone(sign_in: SignIn, centre: Centre) -> None:
    home, colleague = centre.homes["Martin"], centre.colleague
    ctx = opened(colleague, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    page = sign_in("ines")
    page.locator(".queue .entry", has_text="MARTIN").click()
    page.get_by_role("button", name="Mettre en veille").first.click()
    page.locator("#sleeping-whom").click()
    page.get_by_role("option", name="Moi seulement").click()
    page.locator("#sleeping-minutes").click()
    page.get_by_role("option", name="15 min").click()
    page.locator("#sleeping-reason").click()
    page.get_by_role("option", name="Quelqu’un est en route").click()
    page.locator("#sleeping-confirm").click()
    expect(page.locator("#sleeping-error")).to_contain_text(
        "Une alerte rouge reste dans votre file"
    )
    for line in alerts.open_alerts(ctx):
        alerts.act(ctx, line.alert_id, Own(by=colleague.person))
    page.locator("#sleeping-confirm").click()
    expect(page.locator("#act-result")).to_contain_text("en veille pour vous jusqu’à")
    card = page.locator(".card.alert").first
    expect(card).to_contain_text("Votre équipe la voit et les appels continuent.")
    assert_accessible(page)
    for size in (PHONE, (1280, 800)):
        screenshot(page, "aside-alert", size)
    for line in alerts.open_alerts(ctx)[1:]:
        alerts.act(ctx, line.alert_id, Close(by=colleague.person, outcome=Outcome.ADVICE_GIVEN))
    page.get_by_role("link", name="Retour à la file active").click()
    entry = page.locator(".queue .entry", has_text="MARTIN")
    expect(page.locator(".queue .entry").first).to_be_visible()
    expect(entry).to_have_count(0)
    for size in (PHONE, (1280, 800)):
        screenshot(page, "aside-queue", size)
    page.get_by_role("button", name="En veille pour vous : 1. Afficher").click()
    expect(entry).to_contain_text("en veille pour vous jusqu’à")
    assert_accessible(page)
    for size in (PHONE, (1280, 800)):
        screenshot(page, "aside-list", size)
    entry.click()
    page.get_by_role("button", name="Réafficher dans ma file").first.click()
    expect(page.locator("#act-result")).to_contain_text("De nouveau dans votre file")
    page.get_by_role("link", name="Retour à la file active").click()
    expect(entry).to_be_visible()
