"""« Mes visites »: opened without a network, told on the spot, sent once, gone with its owner."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app import bedside_files
from core import clock
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.phone import cached, secrets_in
from tests.browser.test_bedside import bedside, sign_out, stored
from tests.browser.test_inclusion_pages import Hand
from tests.conftest import Database
from tests.integration.web.scene import Scene

MOST_SECONDS = 30.0
OPEN = re.compile("^Ouvrir la visite")


def keep_visit(someone: Visitor, scene: Scene) -> None:
    page = someone.page
    page.goto(someone.url + bedside(scene))
    page.get_by_role("button", name="Garder pour une visite sans réseau").click()
    expect(page.get_by_text("Gardée sur ce téléphone")).to_be_visible()


def secrets_of(scene: Scene) -> tuple[str, ...]:
    return "Martin", "MARTIN", "Jeanne", str(scene.home.care.patient)


def my_visits(someone: Visitor) -> Page:
    """Open the page, whether there is a network or not."""
    someone.page.goto(someone.url + "/bedside")
    expect(someone.page.locator("#visits")).to_have_attribute("data-ready", "yes")
    return someone.page


def expect_nothing(page: Page) -> None:
    expect(page.get_by_text("Aucune visite n’est gardée ici pour vous.")).to_be_visible()
    expect(page.get_by_role("button", name=OPEN)).to_have_count(0)


def kept_rows(page: Page, store: str) -> list[dict[str, Any]]:
    """Return what a store of the bedside holds, with its bytes as text where they are readable."""
    found: list[dict[str, Any]] = page.evaluate(
        """store => new Promise((done, failed) => {
            const asked = indexedDB.open("chevet-bedside");
            asked.onerror = () => failed(asked.error);
            asked.onsuccess = () => {
                const all = asked.result.transaction(store).objectStore(store).getAll();
                all.onsuccess = () => {
                    asked.result.close();
                    done(all.result.map(row => ({
                        extractable: row.extractable, owner: row.owner, until: row.until,
                        text: row.sealed && new TextDecoder("latin1").decode(row.sealed),
                    })));
                };
            };
        })""",
        store,
    )
    return found


def measure(hand: Hand, values: dict[str, str]) -> None:
    """Open the one visit and store values, touch by touch."""
    page = hand.visitor.page
    hand.click(page.get_by_role("button", name=OPEN))
    for label, value in values.items():
        hand.type(page.get_by_label(re.compile(label)), value)
    hand.click(page.get_by_role("button", name="Enregistrer ces valeurs"))


def test_a_visit_without_a_network(scene: Scene, visitor: NewVisitor, database: Database) -> None:
    someone = visitor("phone")
    someone.enter("gp")
    keep_visit(someone, scene)
    page = someone.page
    assert not secrets_in(page, *secrets_of(scene))
    assert {url.removeprefix(someone.url) for url in cached(page)} >= {"/bedside"}
    assert not [url for url in cached(page) if "/patients/" in url]
    assert not any(row["extractable"] for row in kept_rows(page, "keys"))
    assert "spo2" not in str(kept_rows(page, "visits"))

    page.context.set_offline(True)
    my_visits(someone)
    someone.shot("visits")
    began = clock.monotonic()
    hand = Hand(someone)
    hand.actions += 1
    measure(hand, {"SpO": "84", "Pouls": "96", "Température": "38,4", "systolique": "128"})
    expect(page.get_by_text("Hors limites : une valeur dépasse un seuil rouge.")).to_be_visible()
    taken = hand.seconds(clock.monotonic() - began)
    assert taken <= MOST_SECONDS, taken
    print(f"from opening the visit to kept: {taken:.1f} s")
    expect(page.get_by_text("seuil : 92 % ou moins")).to_be_visible()
    expect(page.get_by_role("link", name="Appeler le 15")).to_be_visible()
    expect(page.get_by_text("le serveur juge de nouveau")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Pas de réseau")
    someone.both_sizes("visit-told-red")
    page.get_by_label(re.compile("SpO")).fill("840")
    page.get_by_role("button", name="Enregistrer ces valeurs").click()
    expect(page.get_by_text("elle doit être entre 30 et 100")).to_be_visible()
    my_visits(someone)
    assert (len(kept_rows(page, "kept")), stored(database)) == (1, [])

    page.context.set_offline(False)
    expect(page.get_by_role("link", name="lire ce qu’il dit")).to_be_visible()
    my_visits(someone)
    values = {"spo2": 84, "pulse": 96, "temperature": 38.4, "systolic": 128}
    assert stored(database) == [(scene.home.care.gp.person, "bedside", values)]
    assert kept_rows(page, "kept") == []
    page.clock.set_fixed_time(clock.now() + timedelta(hours=12, minutes=1))
    expect_nothing(my_visits(someone))
    assert kept_rows(page, "visits") == []
    page.goto(f"{someone.url}/patients/{scene.home.care.patient}/answers")
    expect(page.get_by_text("Dr Paul Lefèvre").first).to_be_visible()


def test_visits_end_with_their_owner_and_what_is_unsent_stays(
    scene: Scene, visitor: NewVisitor, database: Database
) -> None:
    someone = visitor("phone")
    someone.enter("gp")
    keep_visit(someone, scene)
    page = someone.page
    page.context.set_offline(True)
    my_visits(someone)
    measure(Hand(someone), {"SpO": "96"})
    expect(page.get_by_text("Aucune valeur ne dépasse")).to_be_visible()
    page.context.clear_cookies()
    page.context.set_offline(False)
    expect(page.get_by_role("status")).to_contain_text("Reconnectez-vous sur ce téléphone")
    assert (len(kept_rows(page, "kept")), stored(database)) == (1, [])

    someone.enter("nurse")
    expect_nothing(my_visits(someone))
    assert (len(kept_rows(page, "kept")), kept_rows(page, "visits")) == (1, [])
    keep_visit(someone, scene)
    sign_out(page)
    assert (len(kept_rows(page, "kept")), kept_rows(page, "visits")) == (1, [])
    page.context.set_offline(True)
    expect_nothing(my_visits(someone))
    page.context.set_offline(False)
    assert stored(database) == []
    someone.enter("gp")
    my_visits(someone)
    expect(page.get_by_role("link", name="lire ce qu’il dit")).to_be_visible()
    assert stored(database) == [(scene.home.care.gp.person, "bedside", {"spo2": 96})]


def test_a_page_that_is_kept_and_an_owner_who_is_not_asked_would_be_seen(
    scene: Scene, visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = visitor("phone")
    with broken(monkeypatch):
        someone.enter("gp")
        keep_visit(someone, scene)
        assert secrets_in(someone.page, *secrets_of(scene))
        someone.enter("nurse")
        expect(my_visits(someone).get_by_role("button", name=OPEN)).to_be_visible()


FAULTS = (
    (
        "form.js",
        "return (await shell",
        'await (await caches.open("x")).add(form.action); return (await shell',
    ),
    ("vault.js", "owner && row.owner !== owner", "false"),
    ("vault.js", "row.owner === owner", "true"),
)


@contextmanager
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Serve modules with deliberate faults, under a version of their own."""
    bedside_files.worker()
    faulty = dict(bedside_files.modules())
    for name, old, new in FAULTS:
        text = faulty[name].decode()
        assert text.count(old) == 1, f"{name} has no single « {old} »"
        faulty[name] = text.replace(old, new).encode()
    with monkeypatch.context() as patch:
        patch.setattr(bedside_files, "modules", lambda: faulty)
        patch.setattr(bedside_files, "version", lru_cache(bedside_files.version.__wrapped__))
        patch.setattr(bedside_files, "worker", lru_cache(bedside_files.worker.__wrapped__))
        yield
