"""Two real browsers for the check: the nurse's wide screen and the GP's phone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from app.demo.stage import Stage
from app.demo.territory import Login

_SHELL = "/usr/bin/chromium-headless-shell"
_WHOLE = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsers:
    """The nurse's page and the GP's, in browsers that share nothing."""

    stage: Stage
    nurse: Page
    gp: Page

    def nurse_signs_in(self) -> None:
        """Open the console as the nurse; it stays open and must change by itself."""
        self.nurse.goto(f"{self.stage.console_url}/console/")
        _sign_in(self.nurse, self.stage.territory.logins[0])
        self.nurse.get_by_text("MARTIN Jeanne").first.wait_for(timeout=20_000)

    def console_shows(self, words: str) -> bool:
        """Say whether the patient's line in the nurse's queue holds these words."""
        line = self.nurse.locator(".queue .entry", has_text="MARTIN Jeanne").first
        return words in line.inner_text(timeout=5_000)

    def gp_follows(self, link: str, login: Login) -> str:
        """Follow the link of the mail as the GP, with a code, and return what the page says."""
        self.gp.goto(link)
        self.gp.fill("#code", login.code())
        self.gp.get_by_role("button", name="Voir l’alerte").click()
        self.gp.wait_for_url(lambda url: "/alerts/" in url)
        return self.gp.inner_text("main")

    def gp_answers(self, words: str) -> str:
        """Press the button of that name and return what the page says then."""
        self.gp.get_by_role("button", name=words).click()
        self.gp.get_by_role("status").first.wait_for()
        return self.gp.inner_text("main")


def _sign_in(page: Page, login: Login) -> None:
    page.fill("#login", login.login)
    page.fill("#password", login.password)
    page.click("form[action='/sign-in'] button")
    page.fill("#code", login.code())
    page.click("form[action='/sign-in/second'] button")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    if "/account/terms" in page.url:
        page.check("input[name='agree']")
        page.click("form[action='/account/terms'] button")


@contextmanager
def open_browsers(stage: Stage) -> Iterator[Browsers]:
    """Open two browsers that share nothing in one Chromium; close it after the block."""
    with open_chromium() as chromium:
        wide = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR")
        phone = chromium.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
        yield Browsers(stage=stage, nurse=wide.new_page(), gp=phone.new_page())


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Start the system's Chromium, headless and silent on the network; close it afterwards."""
    with sync_playwright() as playwright, launch_chromium(playwright) as chromium:
        yield chromium


@contextmanager
def launch_chromium(playwright: Playwright, *, whole: bool = False) -> Iterator[Browser]:
    """Start Chromium by a driver that runs already; it is closed after the block.

    The headless shell draws the same pages for less than half of the work; only a `whole`
    browser shows notifications.
    """
    among = _WHOLE if whole else (_SHELL, *_WHOLE)
    path = next((found for found in among if Path(found).exists()), None)
    chromium = playwright.chromium.launch(executable_path=path, args=_FLAGS)
    try:
        yield chromium
    finally:
        chromium.close()
