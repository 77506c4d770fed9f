"""The console as its own process, and a browser before it."""

import multiprocessing
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.cli import main
from app.demo.stage import free_port
from core.doors import Service
from core.heartbeat import beat
from tests.browser.conftest import PATIENCE_MS
from tests.browser.console.centre import PASSWORD, Centre, make_busy_centre
from tests.codes import code_of
from tests.conftest import ROOT, Database

SCREENS = ROOT / ".state" / "screens"
WIDE = (1440, 900)
PHONE = (390, 844)


# Each console is a process of its own, forked from one that has loaded the libraries: two to three
# seconds of reading Dash and pandas are paid once, not once a test.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["app.cli", "app.console", "app.serving", "app.startup"])


def serve(port: int, log: Path, env: dict[str, str]) -> None:
    """Run the console's command in an environment, with its output in a file."""
    with log.open("ab") as out:
        for stream in (1, 2):
            os.dup2(out.fileno(), stream)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(ROOT)
    sys.argv = ["chevet", "console", "--port", str(port)]
    main()


@dataclass
class ConsoleProcess:
    """The process of the console; can be killed and started again at the same address."""

    port: int
    log: Path
    env: dict[str, str]
    process: ForkServerProcess | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = FORKS.Process(target=serve, args=(self.port, self.log, self.env))
        self.process.start()
        deadline = time.monotonic() + 60
        while not self._answers():
            assert self.process.is_alive(), self.log.read_text()[-4000:]
            assert time.monotonic() < deadline, self.log.read_text()[-4000:]
            time.sleep(0.1)

    def kill(self) -> None:
        if self.process is not None and self.process.is_alive():
            self.process.kill()
            self.process.join(timeout=10)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/sign-in", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@pytest.fixture
def centre(database: Database) -> Centre:
    """A centre with patients in every state, on a database of its own."""
    assert database.name
    return make_busy_centre()


@pytest.fixture
def vital_processes(database: Database) -> Iterator[threading.Event]:
    """Signs of life of sentinel and ingest, until the event is set."""
    assert database.name
    stop = threading.Event()

    def live() -> None:
        while not stop.is_set():
            beat("sentinel", "test")
            beat("ingest", "test", Service.INGEST)
            stop.wait(5)

    thread = threading.Thread(target=live)
    thread.start()
    yield stop
    stop.set()
    thread.join()


@pytest.fixture
def console(
    database: Database, centre: Centre, vital_processes: threading.Event, tmp_path: Path
) -> Iterator[ConsoleProcess]:
    """The console of the centre, with what watches over patients alive."""
    assert centre
    assert not vital_processes.is_set()
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    env = {
        **os.environ,
        **database.env,
        "CHEVET_COOKIE_SECURE": "false",
        "CHEVET_BASE_URL": address,
        "CHEVET_CONSOLE_URL": address,
    }
    process = ConsoleProcess(port, tmp_path / "console.log", env)
    process.start()
    yield process
    process.kill()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser nobody has used, wide."""
    width, height = WIDE
    fresh = chromium.new_context(
        viewport={"width": width, "height": height}, locale="fr-FR", timezone_id="Europe/Paris"
    )
    fresh.set_default_timeout(PATIENCE_MS)
    yield fresh
    fresh.close()


SignIn = Callable[[str], Page]


@pytest.fixture
def sign_in(console: ConsoleProcess, context: BrowserContext) -> SignIn:
    """Signs a nurse in by the sign-in page and returns her page, on the queue."""

    def through_the_page(login: str) -> Page:
        page = context.new_page()
        page.goto(f"{console.url}/console/")
        page.get_by_label("Identifiant").fill(login)
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Se connecter", exact=True).click()
        page.get_by_label("Code à six chiffres").fill(code_of(login))
        page.get_by_role("button", name="Continuer").click()
        expect(page.locator(".queue .entry").first).to_be_visible()
        return page

    return through_the_page


def screenshot(page: Page, name: str, size: tuple[int, int] = WIDE) -> None:
    """Keep a picture of the page for people to look at."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    plot = page.locator(".js-plotly-plot .main-svg").first
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while plot.count() and plot.bounding_box()["width"] > size[0]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    page.screenshot(path=SCREENS / f"console-{name}-{size[0]}.png", full_page=size == PHONE)
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
