"""A patient at his phone: answering touch by touch, losing the network, looking into its stores."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from app import phone_files
from tests.conftest import Database


def answers_of(database: Database) -> list[tuple[dict[str, Any], datetime, datetime]]:
    """Return what the database holds: answers, when given, when received."""
    with psycopg.connect(database.dsn("OWNER")) as owner:
        return owner.execute(
            "select answers, answered_at, received_at from questionnaires.answer"
            " where replaces is null order by received_at"
        ).fetchall()


def ready(page: Page, address: str) -> None:
    """Open the questions and wait for their script."""
    page.goto(address)
    expect(page.locator("form.ask")).to_have_attribute("data-ready", "yes")


def without_modules(page: Page) -> None:
    """Let no module of the phone arrive: the questions stay the form that the server wrote."""
    page.route("**/p/app/**", lambda one: one.abort())


def await_worker(page: Page) -> None:
    """Wait until the worker keeps today's questions and stands between page and network."""
    page.evaluate(
        """async () => {
            for (let turns = 0; turns < 400; turns += 1) {
                const kept = await (await caches.open("chevet-today")).keys();
                if (navigator.serviceWorker.controller && kept.length) return;
                await new Promise(done => setTimeout(done, 50));
            }
            throw new Error("the worker keeps nothing");
        }"""
    )


def touch(page: Page, question: str, answer: str = "Non") -> None:
    """Touch an answer of a question."""
    group = page.get_by_role("group", name=re.compile(question))
    expect(group).to_be_visible()
    group.get_by_label(answer, exact=True).click()


def answer_all(page: Page) -> None:
    """Touch « Non » at each question, type nothing measured, up to the summary."""
    for question in ("essouffl", "malaise", "manger"):
        touch(page, question)
    for field in ("Température", "SpO", "Pouls"):
        expect(page.get_by_label(re.compile(field))).to_be_visible()
        page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Vos réponses")).to_be_visible()


def send(page: Page) -> None:
    page.get_by_role("button", name="Envoyer mes réponses").click()


def expect_kept(page: Page) -> None:
    """The answers are on this phone, and the page says so in words."""
    expect(page.get_by_role("heading", name="Enregistré sur ce téléphone")).to_be_visible()


def expect_sent(page: Page) -> None:
    expect(page.get_by_role("heading", name="Envoyé")).to_be_visible()


def sendings(context: BrowserContext) -> list[Request]:
    """Return a list that grows with each sending of an answer."""
    seen: list[Request] = []
    context.on(
        "request", lambda one: seen.append(one) if one.url.endswith("/p/api/answers") else None
    )
    return seen


def arrived(sent: list[Request]) -> int:
    """Return how many got through: the phone also tries by itself while there is no network.

    One that is still on its way is waited for: it may have begun before the network was back.
    """
    return sum(one.response() is not None for one in sent)


def await_that(page: Page, holds: Callable[[], bool], what: str) -> None:
    """Wait until something holds that the page does not show; AssertionError naming `what`."""
    for _ in range(300):
        if holds():
            return
        page.evaluate("() => new Promise(done => setTimeout(done, 50))")
    raise AssertionError(f"waited in vain for {what}")


def rows(page: Page, store: str) -> list[dict[str, Any]]:
    """Return what a store of the phone holds, with its bytes as text where they are readable."""
    found: list[dict[str, Any]] = page.evaluate(
        """store => new Promise((done, failed) => {
            const asked = indexedDB.open("chevet");
            asked.onerror = () => failed(asked.error);
            asked.onsuccess = () => {
                const db = asked.result;
                if (!db.objectStoreNames.contains(store)) { db.close(); done([]); return; }
                const all = db.transaction(store).objectStore(store).getAll();
                all.onsuccess = () => {
                    db.close();
                    done(all.result.map(row => ({
                        ...row, key: undefined, iv: undefined,
                        extractable: row.key?.extractable,
                        data: row.data && new TextDecoder("latin1").decode(row.data),
                    })));
                };
            };
        })""",
        store,
    )
    return found


def cached(page: Page) -> dict[str, str]:
    """Return every text the worker keeps, by its address."""
    kept: dict[str, str] = page.evaluate(
        """async () => {
            const found = {};
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const request of await cache.keys()) {
                    found[request.url] = await (await cache.match(request)).text();
                }
            }
            return found;
        }"""
    )
    return kept


@contextmanager
def other_modules(monkeypatch: pytest.MonkeyPatch, changed: dict[str, bytes]) -> Iterator[None]:
    """Serve these modules too, or instead, under a version and a worker of their own.

    What the product keeps of the whole modules is filled before and never emptied: a request still
    on its way when the fault ends would write another version into it, for every later test.
    """
    phone_files.worker()
    faulty = {**phone_files.modules(), **changed}
    with monkeypatch.context() as patch:
        patch.setattr(phone_files, "modules", lambda: faulty)
        patch.setattr(phone_files, "version", lru_cache(phone_files.version.__wrapped__))
        patch.setattr(phone_files, "worker", lru_cache(phone_files.worker.__wrapped__))
        yield


@contextmanager
def broken_script(monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str) -> Iterator[None]:
    """Serve one module with a deliberate fault in it."""
    text = phone_files.modules()[name].decode()
    assert text.count(old) == 1, f"{name} has no single « {old} »"
    with other_modules(monkeypatch, {name: text.replace(old, new).encode()}):
        yield


@contextmanager
def broken_worker(monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> Iterator[None]:
    """Serve the service worker with a deliberate fault in it."""
    text = phone_files.worker()
    assert text.count(old) == 1, f"the worker has no single « {old} »"
    with monkeypatch.context() as patch:
        patch.setattr(phone_files, "worker", lambda: text.replace(old, new))
        yield


def secrets_in(page: Page, *secrets: str) -> set[str]:
    """Return which of these texts the worker keeps on the phone."""
    return {one for text in cached(page).values() for one in secrets if one in text}
