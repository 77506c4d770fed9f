"""Measures at the bedside, typed by a professional: told on the spot, kept without a network."""

import re
from typing import Any
from uuid import UUID

import psycopg
import pytest
from playwright.sync_api import Page, Route, expect

from core import clock
from tests.browser.conftest import SIZES, NewVisitor
from tests.conftest import Database
from tests.integration.web.scene import Scene

MOST_SECONDS = 30


def stored(database: Database) -> list[tuple[UUID, str, dict[str, Any]]]:
    with psycopg.connect(database.dsn("OWNER")) as owner:
        return owner.execute(
            "select entered_by, source, answers from questionnaires.answer order by received_at"
        ).fetchall()


def bedside(scene: Scene) -> str:
    return f"/patients/{scene.home.care.patient}/bedside"


def ready(page: Page) -> None:
    """Wait for the script that keeps the form."""
    expect(page.locator("#bedside")).to_have_attribute("data-ready", "yes")


def write(page: Page, spo2: str) -> None:
    page.get_by_label(re.compile("SpO")).fill(spo2)
    page.get_by_role("button", name="Enregistrer ces valeurs").click()


def without_posts(route: Route) -> None:
    """Let pages come and nothing go out."""
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/sign-in")


@pytest.mark.parametrize("size", SIZES)
def test_a_value_out_of_limits_is_told_on_the_spot(
    scene: Scene, visitor: NewVisitor, database: Database, size: str
) -> None:
    someone = visitor(size)
    someone.sign_in("gp", bedside(scene))
    someone.shot("bedside")
    began = clock.monotonic()
    write(someone.page, "84")
    expect(someone.page.get_by_text("Une valeur dépasse un seuil rouge.")).to_be_visible()
    assert clock.monotonic() - began < MOST_SECONDS
    someone.shot("bedside-told")
    assert stored(database) == [(scene.home.care.gp.person, "bedside", {"spo2": 84})]


def test_without_network_it_is_kept_and_sent_once(
    scene: Scene, visitor: NewVisitor, database: Database
) -> None:
    someone = visitor("phone")
    someone.sign_in("gp", bedside(scene))
    page = someone.page
    ready(page)
    page.context.set_offline(True)
    write(page, "96")
    expect(page.get_by_role("status").filter(has_text="Pas de réseau")).to_be_visible()
    someone.shot("bedside-kept")
    for _ in range(2):
        page.get_by_role("button", name="Enregistrer ces valeurs").click()
    write(page, "95")
    assert stored(database) == []
    page.context.set_offline(False)
    page.wait_for_url("**/bedside/*")
    page.goto(someone.url + bedside(scene))
    expect(page.get_by_role("button", name="Enregistrer ces valeurs")).to_be_visible()
    told = sorted(answers["spo2"] for _, _, answers in stored(database))
    assert told == [95, 96], "a button touched again stores nothing anew"


def test_what_one_measured_is_not_sent_by_another(
    scene: Scene, visitor: NewVisitor, database: Database
) -> None:
    someone = visitor("phone")
    someone.sign_in("gp", bedside(scene))
    page = someone.page
    ready(page)
    page.route("**/bedside", without_posts)
    write(page, "91")
    expect(page.get_by_role("status").filter(has_text="Pas de réseau")).to_be_visible()
    page.unroute("**/bedside")
    sign_out(page)
    someone.sign_in("nurse", bedside(scene))
    expect(page.get_by_label(re.compile("SpO"))).to_have_value("")
    write(page, "97")
    page.wait_for_url("**/bedside/*")
    nurse = scene.home.care.nurse.person
    assert [(who, answers["spo2"]) for who, _, answers in stored(database)] == [(nurse, 97)]
    sign_out(page)
    someone.sign_in("gp", bedside(scene), steps=1)
    page.wait_for_url("**/bedside/*")
    gp = scene.home.care.gp.person
    assert [(who, answers["spo2"]) for who, _, answers in stored(database)] == [
        (nurse, 97),
        (gp, 91),
    ]
