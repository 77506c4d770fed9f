"""The pages of questionnaires: import, what is outside the subset, preview, publish, retire."""

import json
import re

import pytest

from tests.integration.questionnaires.test_editions import ours
from tests.integration.web.scene import NewClient, Scene, sign_in
from tests.unit.questionnaires.library import text_of


def test_import_look_publish_retire(scene: Scene, new_client: NewClient) -> None:
    client = sign_in(new_client(), "nurse")
    answer = client.post(
        "/instruments", files={"file": ("suivi.json", ours())}, follow_redirects=False
    )
    assert answer.status_code == 303
    page = answer.headers["location"]
    text = client.get(page).text
    assert "Notre suivi" in text
    assert "brouillon" in text
    for words, title, option in (
        ("fr", "Notre suivi", "Oui, au repos"),
        ("en", "How are you", "Yes, at rest"),
    ):
        shown = client.get(f"{page}/preview?words={words}")
        assert shown.status_code == 200
        assert title in shown.text
        assert option in shown.text
        assert f'<html lang="{words}"' in shown.text
        assert '<form method="post" action="/p' not in shown.text
    assert client.post(page, data={"act": "publish"}).status_code == 200
    assert "en service" in client.get(page).text
    again = client.post(page, data={"act": "publish"})
    assert "Rien n’a été fait" in again.text
    client.post(page, data={"act": "retire"})
    assert "retiré" in client.get(page).text
    listed = client.get("/instruments").text
    assert "Retiré le" in listed
    assert "Inès Moreau" in listed


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_what_is_outside_the_subset_is_said_in_both_languages(
    scene: Scene, new_client: NewClient, locale: str
) -> None:
    resource = json.loads(text_of("home-daily"))
    resource["item"][0]["type"] = "open-choice"
    resource["item"][1]["prefix"] = "<script>alert(1)</script>"
    client = sign_in(new_client(), "nurse")
    client.post("/language", data={"locale": locale, "next": "/instruments"})
    answer = client.post("/instruments", files={"file": ("x.json", json.dumps(resource))})
    assert answer.status_code == 422
    assert "item[0].type" in answer.text
    wanted = {"fr": "Chevet ne pose pas ce type", "en": "Chevet does not ask this type"}[locale]
    assert wanted in answer.text
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    "raw", [b"", b"{", b'{"a": NaN}', b'{"a": 1, "a": 1}', b"[" * 60000, b" " * 300_000]
)
def test_hostile_files_are_refused_in_words(
    scene: Scene, new_client: NewClient, raw: bytes
) -> None:
    client = sign_in(new_client(), "nurse")
    answer = client.post("/instruments", files={"file": ("x.json", raw)})
    assert answer.status_code == 422
    assert "n’a pas été importé" in answer.text


def test_who_may_not_manage_is_refused(scene: Scene, new_client: NewClient) -> None:
    assert sign_in(new_client(), "gp").get("/instruments").status_code == 403
    assert sign_in(new_client(), "patient").get("/instruments").status_code == 404


def test_a_digest_nobody_has_is_no_page(scene: Scene, new_client: NewClient) -> None:
    client = sign_in(new_client(), "nurse")
    for path in ("0" * 64, "x", "0" * 64 + "/preview"):
        assert client.get(f"/instruments/{path}").status_code == 404


def test_the_library_is_listed_and_shown(scene: Scene, new_client: NewClient) -> None:
    client = sign_in(new_client(), "nurse")
    text = client.get("/instruments").text
    links = set(re.findall(r'href="(/instruments/[0-9a-f]{64})"', text))
    assert len(links) >= 13
    for link in links:
        assert client.get(link).status_code == 200
        for words in ("fr", "en"):
            assert client.get(f"{link}/preview?words={words}").status_code == 200
