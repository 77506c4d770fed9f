"""The rota before a real browser: planned by keyboard, gaps in words, a swap that two agree on."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from alerts import week_service
from alerts.rota.written import Written
from core import clock
from identity import service as identity
from tests.as_owner import rows, run
from tests.browser.conftest import PATIENCE_MS
from tests.browser.console.centre import PASSWORD, Centre
from tests.browser.console.conftest import PHONE, ConsoleProcess, SignIn, screenshot
from tests.browser.console.test_console import assert_accessible
from tests.codes import code_of
from tests.days import PARIS

DESK = (1280, 800)


def shots(page: Page, name: str) -> None:
    for size in (PHONE, DESK):
        screenshot(page, name, size)


def fits(page: Page, width: int = 320) -> None:
    """Nothing of the page is wider than a narrow phone."""
    page.set_viewport_size({"width": width, "height": 700})
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1440, "height": 900})
    assert wide <= width


def plan(centre: Centre, person: str, **more: str) -> None:
    """Plan a shift of a nurse of the centre without the page."""
    who = centre.nurse.person if person == "ines" else centre.colleague.person
    today = clock.now().astimezone(PARIS).date()
    base = {"duty": "telemonitoring_nurse", "starts": "8 h", "ends": "20 h", **more}
    written = Written(
        person=str(who), weekdays=tuple("0123456"), on_holidays="as_usual",
        first_on=f"{today:%d/%m/%Y}", last_on="", **base,
    )  # fmt: skip
    done = week_service.save_shift(centre.nurse, written, today=today)
    assert not isinstance(done, week_service.NotDone), done


def choose(page: Page, field: str, option: str) -> None:
    page.locator(f"#{field}").click()
    page.get_by_role("option", name=option, exact=True).click()


def test_a_shift_is_planned_changed_and_ended_and_gaps_are_said_in_words(
    sign_in: SignIn, centre: Centre
) -> None:
    page = sign_in("ines")
    page.get_by_role("link", name="Tour de garde").click()
    expect(page.get_by_role("heading", name="Tour de garde", level=1)).to_be_visible()
    expect(page.locator("#rota-list")).to_contain_text("Rien n’est encore planifié")
    assert_accessible(page)
    shots(page, "rota-empty")

    page.get_by_role("button", name="Ajouter un poste").focus()
    page.keyboard.press("Enter")
    confirm = page.locator("#shift-confirm")
    confirm.click()
    error = page.locator("#shift-error")
    expect(error).to_contain_text("Choisissez de qui est ce poste")
    choose(page, "shift-person", "Karim Benali")
    choose(page, "shift-duty", "Infirmier(ère) de télésuivi")
    page.get_by_label("lundi", exact=True).focus()
    page.keyboard.press("Space")
    for day in ("mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"):
        page.get_by_label(day, exact=True).check()
    page.locator("#shift-starts").fill("8 heures")
    page.locator("#shift-ends").fill("18 h")
    confirm.click()
    expect(error).to_contain_text("Saisissez l’heure de début")
    expect(page.locator("#shift-starts")).to_have_value("8 heures")
    assert_accessible(page)
    shots(page, "rota-shift")
    page.locator("#shift-starts").fill("8 h")
    confirm.click()
    expect(page.locator("#rota-result")).to_contain_text("Planifié : Karim Benali")

    page.get_by_role("button", name="Suivante", exact=True).click()
    nurse = page.locator("#rota-telemonitoring_nurse")
    expect(nurse).to_contain_text("Trou, personne n’est de garde : 18 h 00 – 20 h 00")
    expect(page.locator("#rota-list")).to_contain_text("Trous à combler cette semaine")
    expect(nurse.locator("tr")).to_have_count(8)
    expect(page.locator("#rota-list")).to_contain_text("Aucune astreinte n’est prévue")
    assert_accessible(page)
    shots(page, "rota-week")
    fits(page)

    page.get_by_role("button", name=re.compile("^Modifier: Karim")).click()
    expect(page.locator("#shift-starts")).to_have_value("08:00")
    page.locator("#shift-ends").fill("20 h")
    confirm.click()
    expect(nurse).not_to_contain_text("Trou")
    expect(page.locator("#rota-list")).to_contain_text("Aucun trou à combler")

    page.get_by_role("button", name=re.compile("^Terminer: Karim")).click()
    page.locator("#ending-confirm").click()
    expect(page.locator("#rota-result")).to_contain_text("Le poste se termine le")
    expect(nurse).to_contain_text("Trou, personne n’est de garde : 8 h 00 – 20 h 00")


def test_leave_is_a_gap_until_somebody_replaces_and_who_left_is_one_too(
    sign_in: SignIn, centre: Centre
) -> None:
    plan(centre, "karim")
    page = sign_in("ines")
    expect(page.locator("#queue-duty")).to_contain_text(re.compile("de garde", re.IGNORECASE))
    page.get_by_role("link", name="Tour de garde").click()
    page.get_by_role("button", name="Noter une absence").click()
    confirm, error = page.locator("#leave-confirm"), page.locator("#leave-error")
    confirm.click()
    expect(error).to_contain_text("Choisissez la personne absente")
    choose(page, "leave-person", "Karim Benali")
    choose(page, "leave-substitute", "Karim Benali")
    today = clock.now().astimezone(PARIS).date()
    page.locator("#leave-first").fill(f"{today:%d/%m/%Y}")
    page.locator("#leave-last").fill("hier")
    confirm.click()
    expect(error).to_contain_text("Personne ne se remplace soi-même")
    choose(page, "leave-substitute", "Personne : ce sont des trous")
    confirm.click()
    expect(error).to_contain_text("Saisissez le dernier jour")
    expect(page.locator("#leave-first")).to_have_value(f"{today:%d/%m/%Y}")
    assert_accessible(page)
    shots(page, "rota-leave")
    page.locator("#leave-last").fill(f"{today:%d/%m/%Y}")
    confirm.click()
    listed = page.locator("#rota-list")
    expect(listed).to_contain_text("Karim Benali : absence, personne à sa place")
    expect(page.locator("#rota-leaves")).to_contain_text("personne à la place")
    page.get_by_role("button", name=re.compile("^Annuler: Karim")).click()
    expect(page.locator("#rota-leaves")).to_contain_text("Personne n’est absent")

    run("update access.post set ends_at = now() where person = %s", centre.colleague.person)
    page.get_by_role("button", name="Suivante", exact=True).click()
    expect(page.locator("#rota-shifts")).to_contain_text("n’est plus là : ce poste est un trou")
    expect(listed).to_contain_text("Trou, personne n’est de garde : 8 h 00 – 20 h 00")
    expect(listed).to_contain_text("Karim Benali n’est plus là, personne à sa place")
    shots(page, "rota-left")


def another(chromium: Browser, console: ConsoleProcess, login: str) -> Page:
    """Return the page of a second person, in a browser of his own."""
    fresh = chromium.new_context(locale="fr-FR", timezone_id="Europe/Paris")
    fresh.set_default_timeout(PATIENCE_MS)
    page = fresh.new_page()
    page.goto(f"{console.url}/console/rota")
    page.get_by_label("Identifiant").fill(login)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_label("Code à six chiffres").fill(code_of(login))
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Tour de garde", level=1)).to_be_visible()
    return page


def test_a_swap_is_offered_by_one_and_taken_by_the_other(
    sign_in: SignIn, centre: Centre, chromium: Browser, console: ConsoleProcess
) -> None:
    plan(centre, "ines")
    page = sign_in("ines")
    page.get_by_role("link", name="Tour de garde").click()
    page.get_by_role("button", name="Suivante", exact=True).click()
    page.get_by_role("button", name=re.compile("^Proposer un échange: lundi")).click()
    page.locator("#swap-confirm").click()
    expect(page.locator("#swap-error")).to_contain_text("Choisissez à qui demander")
    choose(page, "swap-to", "Karim Benali")
    assert_accessible(page)
    shots(page, "rota-swap")
    page.locator("#swap-confirm").click()
    expect(page.locator("#rota-swap-result")).to_contain_text("Demande faite à Karim Benali")
    expect(page.locator("#rota-swaps")).to_contain_text("demandé à Karim Benali")
    expect(page.get_by_role("button", name=re.compile("^Je prends"))).to_have_count(0)

    other = another(chromium, console, "karim")
    other.get_by_role("link", name="File active").click()
    expect(other.locator("#queue-duty")).to_contain_text(re.compile("de garde", re.IGNORECASE))
    other.get_by_role("link", name=re.compile("demande de prendre un poste")).click()
    assert_accessible(other)
    shots(other, "rota-asked")
    other.get_by_role("button", name=re.compile("^Je prends ce poste: lundi")).click()
    expect(other.locator("#rota-swap-result")).to_contain_text("Le poste est à vous")
    other.get_by_role("button", name="Suivante", exact=True).click()
    monday = other.locator("#rota-telemonitoring_nurse tr").nth(1)
    expect(monday).to_contain_text("Karim Benali (à la place de Inès Moreau)")
    assert rows("select accepted, to_person from alerts.swap") == [(True, centre.colleague.person)]
    other.context.close()


@pytest.fixture
def nurses_do_not_plan(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A site that lets its coordinating doctors alone plan."""
    file = tmp_path / "rights.toml"
    file.write_text('[telemonitoring_nurse]\n"rota:manage" = "no"\n')
    monkeypatch.setenv("CHEVET_RIGHTS_FILE", str(file))


@pytest.mark.usefixtures("nurses_do_not_plan")
def test_who_may_not_plan_reads_and_in_english(sign_in: SignIn, centre: Centre) -> None:
    plan(centre, "karim")
    page = sign_in("ines")
    page.get_by_role("button", name="English").click()
    page.get_by_role("link", name="Rota").click()
    expect(page.get_by_role("heading", name="Rota", level=1)).to_be_visible()
    expect(page.locator("#rota-list")).to_contain_text("Karim Benali")
    expect(page.locator("#rota-list")).to_contain_text("Week from")
    for name in ("Add a shift", "Note leave", "Change", "End", "Offer a swap"):
        expect(page.get_by_role("button", name=re.compile(f"^{name}"))).to_have_count(0)
    assert_accessible(page)
    shots(page, "rota-english")


def test_the_hours_of_a_gp_are_written_on_the_patients_page(
    sign_in: SignIn, centre: Centre
) -> None:
    page = sign_in("ines")
    page.locator(".queue .entry", has_text="MARTIN").click()
    card = page.locator("#patient-gp")
    expect(card).to_contain_text("N’a pas accepté d’être appelé : son étape est sautée")
    card.get_by_role("button", name="Modifier ses heures d’appel").click()
    page.locator("#gp-confirm").click()
    expect(page.locator("#gp-error")).to_contain_text("Choisissez s’il accepte")
    choose(page, "gp-agreed", "A accepté d’être appelé(e), à ces heures")
    page.locator("#gp-starts").fill("9 h")
    page.locator("#gp-ends").fill("8 h")
    page.locator("#gp-confirm").click()
    expect(page.locator("#gp-error")).to_contain_text("La fin vient avant le début")
    page.locator("#gp-ends").fill("18 h")
    assert_accessible(page)
    shots(page, "gp-hours")
    page.locator("#gp-confirm").click()
    expect(page.locator("#gp-result")).to_contain_text("Heures d’appel")
    expect(card).to_contain_text("Appelé de 9 h à 18 h, du lundi au vendredi")
    shots(page, "gp-card")
    identity.join_circle(
        centre.homes["Martin"].care.patient, identity.register_person("Zoé Rey"), "home_nurse"
    )
    page.reload()
    expect(card).to_contain_text("Zoé Rey, IDEL")
    expect(card).to_contain_text("N’a pas accepté d’être appelée.")
    card.get_by_role("button", name="Modifier ses heures d’appel").click()
    choose(page, "gp-who", "Zoé Rey, IDEL")
    expect(page.locator("#gp-starts")).to_have_value("08:00")
    page.locator("#gp-starts").fill("7 h")
    choose(page, "gp-agreed", "A accepté d’être appelé(e), à ces heures")
    page.locator("#gp-confirm").click()
    expect(card).to_contain_text("Appelée de 7 h à 19 h, du lundi au vendredi, par une échelle")
    card.get_by_role("button", name="Modifier ses heures d’appel").click()
    expect(page.locator("#gp-starts")).to_have_value("09:00")
    choose(page, "gp-who", "Zoé Rey, IDEL")
    expect(page.locator("#gp-starts")).to_have_value("07:00")
    expect(page.locator("#gp-ends")).to_have_value("19:00")
    page.locator("#gp-cancel").click()
    shots(page, "home-nurse-card")
    run("update access.membership set ends_at = now() where party = %s", centre.gp.person)
    page.reload()
    expect(card).to_contain_text("Aucun médecin traitant dans le cercle de soins")
    card.get_by_role("button", name="Modifier ses heures d’appel").click()
    choose(page, "gp-who", "Sans médecin traitant, Karim Benali à sa place")
    page.locator("#gp-confirm").click()
    expect(card).to_contain_text("À sa place : Karim Benali, de 8 h à 19 h")
