"""The link of a message is opened by machines too: whatever only opens changes nothing."""

import re

import pytest
from starlette.testclient import TestClient

from tests.integration.alerts.home import rows
from tests.integration.web.scene import NewClient, Scene, sign_in

METHODS = ("GET", "HEAD")
PREFETCH = {"sec-purpose": "prefetch", "purpose": "prefetch", "x-moz": "prefetch"}


def everything(scene: Scene) -> list[tuple[object, ...]]:
    """Return the alert, its life and what waits to be sent; not the journal of who looked."""
    return [
        *rows("select a::text from alerts.alert a"),
        *rows("select e::text from alerts.alert_event e order by id"),
        *rows("select key, state from messages.outbox order by key"),
    ]


def open_every_link(client: TestClient, start: str, **headers: str) -> int:
    """Open a page and every link on it by each method that only opens; return how many."""
    page = client.get(start, headers=headers)
    links = {start, page.url.path, *re.findall(r'href="(/[^"#]*)"', page.text)}
    links |= set(re.findall(r'action="(/[^"#]*)"', page.text)) - {"/sign-out", "/language"}
    for link in sorted(links):
        for method in METHODS:
            client.request(method, link, headers=headers)
        client.get(f"{link}?act=called_15&shown=red&done=owned", headers=headers)
    return len(links)


@pytest.mark.parametrize("login", ["", "gp", "nurse"])
def test_mail_scanner_opening_the_link(scene: Scene, new_client: NewClient, login: str) -> None:
    client = sign_in(new_client(), login) if login else new_client()
    before = everything(scene)
    for start in (f"/a/{scene.alert}", scene.page):
        assert open_every_link(client, start) > 3
        assert open_every_link(client, start, **PREFETCH) > 3
    assert everything(scene) == before
    if login == "gp":
        client.post(scene.page, data={"act": "seen", "shown": "red"})
        assert everything(scene) != before
