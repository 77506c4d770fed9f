"""The web application on a port, and Debian's chromium at two widths."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIResponse, Browser, Page, Playwright, expect, sync_playwright

from app.demo.browsers import launch_chromium
from app.demo.stage import free_port
from core.doors import before_sign_in
from core.settings import settings
from identity import store
from identity.edge.http import SESSION_COOKIE
from identity.session_service import only_post, open_session
from tests.codes import code_of
from tests.conftest import ROOT, Database
from tests.integration.web.scene import PASSWORD, Scene, make_scene

PATIENCE_MS = 15_000
"""How long a test waits for what has no bound of its own: the machine may be three times slower."""
expect.set_options(timeout=PATIENCE_MS)
SCREENS = ROOT / ".state" / "screens"
SIZES = {"phone": (390, 844), "desk": (1280, 800)}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],  # what passes need not be told element by element
}


@dataclass(frozen=True)
class Visitor:
    """A person at a browser of one size; `shot` keeps a picture and looks for barriers."""

    page: Page
    url: str
    size: str

    def sign_in(self, login: str, path: str = "/", *, steps: int = 0) -> None:
        """Sign in; a code is good once, so that a second time soon after needs the next step."""
        self.page.goto(self.url + path)
        self.page.get_by_label("Identifiant").fill(login)
        self.page.get_by_label("Mot de passe").fill(PASSWORD)
        self.page.get_by_role("button", name="Se connecter", exact=True).click()
        self.page.get_by_label("Code à six chiffres").fill(code_of(login, steps=steps))
        self.page.get_by_role("button", name="Continuer").click()

    def enter(self, login: str) -> None:
        """Have a session at once, where the way in is not what is looked at."""
        with before_sign_in() as conn:
            account = store.load_account(conn, login)
        assert account is not None, login
        post = only_post(account.person)
        token = open_session(account.person, aal="two", post=post, is_patient=account.is_patient)
        cookie = {"name": SESSION_COOKIE, "value": token, "url": self.url}
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]

    def post(self, path: str, form: dict[str, str]) -> APIResponse:
        """Send a form as the page would, without looking at it."""
        sent = self.page.request.post(self.url + path, form=form, headers={"origin": self.url})  # type: ignore[arg-type]
        assert sent.ok, sent.text()
        return sent

    def speak(self, locale: str) -> None:
        """Read every page from now on in this language."""
        self.post("/language", {"locale": locale, "next": "/help"})

    def in_english(self, name: str, path: str = "") -> None:
        """Look at the page once more in English, then go on in French."""
        address = self.url + path if path else self.page.url
        for locale in ("en", "fr"):
            self.speak(locale)
            self.page.goto(address)
            if locale == "en":
                self.shot(f"{name}-en")

    def both_sizes(self, name: str) -> None:
        """Look at what is shown as a phone and as a desk show it."""
        for size, (width, height) in SIZES.items():
            self.page.set_viewport_size({"width": width, "height": height})
            replace(self, size=size).shot(name)

    def shot(self, name: str) -> None:
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENS / f"{name}-{self.size}.png", full_page=True)
        found = Axe().run(self.page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} is {wide} px wider than the screen"


NewVisitor = Callable[[str], Visitor]


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """What steers every browser of a run."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(driver: Playwright) -> Iterator[Browser]:
    """One browser for all tests of a run that need no notification."""
    with launch_chromium(driver) as browser:
        yield browser


@pytest.fixture
def site(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The application behind a real port; the address of its pages."""
    from app.web import create_web

    port = free_port()
    url = f"http://127.0.0.1:{port}"
    monkeypatch.setenv("CHEVET_COOKIE_SECURE", "false")
    monkeypatch.setenv("CHEVET_BASE_URL", url)
    settings.cache_clear()
    server = uvicorn.Server(
        uvicorn.Config(
            create_web(), host="127.0.0.1", port=port, log_level="warning", ws="websockets-sansio"
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    ready = threading.Event()
    while not server.started and thread.is_alive():
        ready.wait(0.02)
    yield url
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def scene(site: str) -> Scene:
    """A patient with a red alert, and everybody's accounts."""
    return make_scene()


@pytest.fixture
def visitor(chromium: Browser, site: str) -> Iterator[NewVisitor]:
    """Open browsers of a size, each with its own cookies; a page's error fails the test."""
    contexts, errors = [], list[str]()

    def make(size: str) -> Visitor:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale="fr-FR",
            timezone_id="Europe/Paris",
            has_touch=size == "phone",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if _is_policy(said.text) else None)
        return Visitor(page, site, size)

    yield make
    for context in contexts:
        context.close()
    assert errors == []


def _is_policy(text: str) -> bool:
    return "Content Security Policy" in text
