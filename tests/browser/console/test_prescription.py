"""A nurse changes a prescription: limits, what would have called, the signature, the history."""

import re

import msgspec
from playwright.sync_api import Locator, Page, expect

from alerts import prescription_service as prescriptions
from alerts import service as alerts
from core.access import Permission
from tests.as_owner import rows
from tests.browser.console.centre import Centre
from tests.browser.console.conftest import PHONE, SCREENS, SignIn, screenshot
from tests.browser.console.test_console import assert_accessible
from tests.integration.alerts.home import opened

DESK = (1280, 800)
READ_MS = 20_000
"""For a page with some two hundred fields, while other suites have the machine."""

HOLD_ANSWERS = """() => {
  const real = fetch, gate = new Promise((go) => window.letGo = go);
  window.fetch = async (...how) => {
    if (String(how[0]).includes("_dash-update-component")) {
      window.asked = true;
      await gate;
    }
    return real(...how);
  };
}"""
LOOK_AT_EACH_FRAME = """() => {
  window.halves = [];
  const held = (place) => document.querySelector(`#rx-form [data-place="${place}"]`);
  const look = () => {
    if (held("reason")?.querySelector("textarea").value === "") {
      for (const one of document.querySelectorAll("#rx-form [data-place][data-value]")) {
        const choice = one.querySelector("select");
        const wanted = one.dataset.value || choice?.options[0].value;
        if (choice && choice.value !== wanted) window.halves.push(one.dataset.place);
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
"""Names, of a form opened anew, each choice that a frame shows with another value than its own."""


def prescription_of(page: Page, name: str) -> None:
    page.locator(".queue .entry", has_text=name).click()
    page.get_by_role("link", name="Ouvrir la prescription").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "Prescription de télésuivi", timeout=READ_MS
    )
    expect(page.locator(".rx-fields")).to_be_visible(timeout=READ_MS)


def field(page: Page, place: str) -> Locator:
    return page.locator(f"[data-place='{place}']").locator("input, select, textarea")


def wrong(page: Page, place: str) -> Locator:
    return page.locator(f"[data-error='{place}']")


def test_a_limit_is_changed_looked_back_with_and_signed(sign_in: SignIn, centre: Centre) -> None:
    page = sign_in("ines")
    prescription_of(page, "MARTIN")
    expect(page.locator("#rx-in-force")).to_contain_text("SpO₂ orange bas≤ 94 %")
    expect(page.locator("#rx-state")).to_contain_text("Pas encore de brouillon")
    assert_accessible(page)
    for size in (PHONE, DESK):
        screenshot(page, "prescription", size)

    low = field(page, "spo2.limits.orange_low")
    expect(low).to_have_value("94")
    low.fill("presque 93")
    expect(wrong(page, "spo2.limits.orange_low")).to_have_text("Ceci n’est pas un nombre.")
    expect(low).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#rx-state")).to_contain_text("Non enregistré")
    low.fill("91")
    expect(wrong(page, "spo2.limits.orange_low")).to_contain_text("Les seuils doivent être")
    assert_accessible(page)
    for size in (PHONE, DESK):
        screenshot(page, "prescription-wrong", size)
    page.get_by_role("button", name="Signer…").click()
    expect(page.locator("#rx-difference")).to_contain_text("À corriger avant de signer")
    expect(page.locator("#signing-confirm")).not_to_be_visible()

    low.fill("93")
    expect(wrong(page, "spo2.limits.orange_low")).to_have_text("")
    expect(low).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#rx-difference")).to_contain_text("SpO₂ orange bas : ≤ 94 % → ≤ 93 %")
    expect(page.locator("#rx-state")).to_contain_text("Brouillon conservé à")

    # The browser closes; the draft is still there, for who wrote it.
    page.reload()
    expect(field(page, "spo2.limits.orange_low")).to_have_value("93", timeout=READ_MS)
    expect(page.locator("#rx-difference")).to_contain_text("≤ 94 % → ≤ 93 %")

    page.get_by_role("button", name="Est-ce que les 30 derniers jours").click()
    replayed = page.locator("#rx-replayed")
    expect(replayed).to_contain_text("Le brouillon aurait sonné")
    expect(replayed.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    assert_accessible(page)
    for size in (PHONE, DESK):
        screenshot(page, "prescription-replayed", size)

    field(page, "reason").fill("Saturation habituelle plus basse.")
    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("button", name="Signer…").click()
    about = page.locator("#signing-about")
    expect(about).to_contain_text("SpO₂ orange bas : ≤ 94 % → ≤ 93 %")
    assert_accessible(page)
    for size in (PHONE, DESK):
        screenshot(page, "prescription-signing", size)
    page.keyboard.press("Escape")
    expect(about).not_to_be_visible()
    patient = centre.homes["Martin"].care.patient
    count = "select max(version) from alerts.prescription where patient_id = %s"
    assert rows(count, patient) == [(1,)]
    page.get_by_role("button", name="Signer…").press("Enter")
    page.locator("#signing-confirm").click()
    expect(page.locator("#rx-result")).to_contain_text("La version 2 est signée et en vigueur.")
    assert rows(count, patient) == [(2,)]
    versions = page.locator("#rx-versions")
    expect(versions).to_contain_text("signée par Inès Moreau")
    expect(versions.locator("li").first).to_contain_text("SpO₂ orange bas : ≤ 94 % → ≤ 93 %")
    expect(page.locator("#rx-in-force")).to_contain_text("SpO₂ orange bas≤ 93 %")
    expect(page.locator("#rx-difference")).to_contain_text("Aucune différence")
    assert_accessible(page)
    for size in (PHONE, DESK):
        screenshot(page, "prescription-signed", size)


def test_rules_over_time_are_written_and_nothing_would_have_called(
    sign_in: SignIn, centre: Centre
) -> None:
    page = sign_in("ines")
    prescription_of(page, "MARTIN")
    field(page, "spo2.limits.red_low").fill("60")
    field(page, "spo2.limits.orange_low").fill("61")
    field(page, "spo2.changes.0.by").fill("30")
    expect(wrong(page, "spo2.changes.0.within_hours")).to_contain_text("Des heures entières")
    field(page, "spo2.changes.0.within_hours").fill("24")
    field(page, "spo2.changes.0.level").select_option("red")
    field(page, "spo2.sustain.breaches").fill("2")
    expect(wrong(page, "spo2.sustain")).to_contain_text("Indiquez soit des minutes")
    field(page, "spo2.sustain.readings").fill("3")
    page.get_by_text("Autres paramètres").click()
    field(page, "weight.on").check()
    field(page, "weight.every_hours").fill("48")
    field(page, "ends_on").fill("01/03/2031")
    changed = page.locator("#rx-difference")
    for text in (
        "SpO₂, évolution : aucun → baisse de 30 % ou plus en 24 h : rouge",
        "SpO₂, un orange appelle s’il dure : aucun → 2 des 3 dernières mesures",
        "Poids : aucun → attendu toutes les 48 h",
        "Dernier jour : aucun → 1 mars 2031",
    ):
        expect(changed).to_contain_text(text)
    page.get_by_role("button", name="Est-ce que les 30 derniers jours").click()
    expect(page.locator("#rx-replayed")).to_contain_text("Rien n’aurait sonné.")
    for size in (PHONE, DESK):
        screenshot(page, "prescription-silent", size)
    page.get_by_role("button", name="Signer…").click()
    page.locator("#signing-confirm").click()
    expect(page.locator("#rx-result")).to_contain_text("La version 2 est signée")

    # Renewed: the same content without its end, under the same numbers of rows.
    page.get_by_role("button", name="Renouveler").click()
    expect(field(page, "ends_on")).to_have_value("")
    expect(field(page, "spo2.changes.0.level")).to_have_value("red")
    expect(changed).to_contain_text("Dernier jour : 1 mars 2031 → aucun")
    page.emulate_media(media="print")
    expect(page.locator("#rx-in-force")).to_be_visible()
    expect(page.locator(".rx-edit")).not_to_be_visible()
    page.screenshot(path=SCREENS / "console-prescription-printed-1280.png", full_page=True)


def test_a_form_opened_anew_is_put_up_whole(sign_in: SignIn, centre: Centre) -> None:
    page = sign_in("ines")
    prescription_of(page, "MARTIN")
    field(page, "spo2.changes.0.level").select_option("red")
    field(page, "reason").fill("Essai.")
    expect(page.locator("#rx-state")).to_contain_text("Brouillon conservé à")
    page.evaluate(LOOK_AT_EACH_FRAME)
    page.evaluate(HOLD_ANSWERS)
    page.locator(".rx-start summary").click()
    page.locator(".rx-start [data-act='rx_live']").click()
    page.wait_for_function("() => window.asked")
    # While the answer is awaited the form before stands as it was.
    expect(field(page, "spo2.changes.0.level")).to_have_value("red")
    expect(field(page, "reason")).to_have_value("Essai.")
    page.evaluate("() => window.letGo()")
    expect(field(page, "reason")).to_have_value("")
    expect(field(page, "spo2.changes.0.level")).to_have_value("orange")
    expect(page.locator("#rx-state")).to_contain_text("Pas encore de brouillon")
    assert page.evaluate("window.halves") == []


def test_a_proposal_of_the_gp_waits_is_opened_and_signed(sign_in: SignIn, centre: Centre) -> None:
    home = centre.homes["Martin"]
    [line] = alerts.open_alerts(opened(centre.nurse, home.care.patient, Permission.ALERTS_READ))
    ctx = opened(centre.gp, home.care.patient, Permission.MONITORING_WRITE)
    live = prescriptions.prescribed(ctx).live
    assert live is not None
    spo2 = live.content.parameters[0]
    looser = msgspec.structs.replace(spo2.limits, red_low=88.0)
    content = msgspec.structs.replace(
        live.content,
        parameters=(msgspec.structs.replace(spo2, limits=looser), *live.content.parameters[1:]),
    )
    prescriptions.keep_draft(ctx, content, reason="Emphysème connu.", alert=line.alert_id)
    page = sign_in("ines")
    page.locator(".queue .entry", has_text="MARTIN").click()
    waits = page.locator("#prescription")
    expect(waits).to_contain_text("Propositions à signer : 1", timeout=READ_MS)
    life = page.locator(".history").first
    expect(life).to_contain_text("Propose un changement de seuils", timeout=READ_MS)
    page.get_by_role("link", name="Ouvrir la prescription").click()
    waiting = page.locator("#rx-proposals")
    expect(waiting).to_contain_text("Emphysème connu.", timeout=READ_MS)
    expect(waiting).to_contain_text("SpO₂ rouge bas : ≤ 92 % → ≤ 88 %")
    assert_accessible(page)
    for size in (PHONE, DESK):
        screenshot(page, "prescription-proposal", size)
    page.get_by_role("button", name=re.compile("^Ouvrir cette proposition")).click()
    expect(field(page, "spo2.limits.red_low")).to_have_value("88")
    page.get_by_role("button", name="Signer…").click()
    page.locator("#signing-confirm").click()
    expect(page.locator("#rx-result")).to_contain_text("La version 2 est signée")
    expect(waiting).to_be_empty()


def test_who_was_slower_is_told_and_looks_again(sign_in: SignIn, centre: Centre) -> None:
    page = sign_in("ines")
    prescription_of(page, "MARTIN")
    field(page, "spo2.limits.orange_low").fill("93")
    expect(page.locator("#rx-state")).to_contain_text("Brouillon conservé à")
    home = centre.homes["Martin"]
    ctx = opened(centre.gp, home.care.patient, Permission.MONITORING_WRITE)
    live = prescriptions.prescribed(ctx).live
    assert live is not None
    ended = msgspec.structs.replace(live.content, notice_days=9, spo2_scale=2)
    kept = prescriptions.keep_draft(ctx, ended)
    assert not isinstance(kept, prescriptions.NotKept)
    prescriptions.sign_draft(ctx, kept)
    page.get_by_role("button", name="Signer…").click()
    page.locator("#signing-confirm").click()
    expect(page.locator("#signing-error")).to_contain_text("Une version plus récente")
    page.locator("#signing-cancel").click()
    page.get_by_role("button", name="Signer…").click()
    about = page.locator("#signing-about")
    expect(about).to_contain_text("Échelle SpO₂ du NEWS2 : 2 → 1", timeout=READ_MS)
    page.locator("#signing-confirm").click()
    expect(page.locator("#rx-result")).to_contain_text("La version 3 est signée")
    page.get_by_role("button", name="English").click()
    expect(page.locator("#nav-queue")).to_have_text("Queue")
    page.locator(".queue .entry", has_text="MARTIN").click()
    page.get_by_role("link", name="Open the prescription").click()
    expect(page.locator("#rx-versions")).to_contain_text("SpO₂ orange low: ≤ 94 % → ≤ 93 %")
