"""The preview of a questionnaire: for who may manage them, from a draft on, without effect."""

import json
import re

import pytest
from starlette.testclient import TestClient

from app import phone_files
from questionnaires.library_service import active_edition
from tests.as_owner import rows
from tests.integration.questionnaires.test_editions import ours
from tests.integration.web.scene import NewClient, Scene, sign_in

SENDS_OR_KEEPS = {
    "draft.js", "form.js", "photo.js", "queue.js", "start.js", "times.js", "vault.js",
}  # fmt: skip


def shipped_preview(name: str = "post-discharge-7") -> str:
    return f"/instruments/{active_edition(name).digest}/preview"


def draft_preview(client: TestClient, raw: bytes) -> str:
    answer = client.post("/instruments", files={"file": ("x.json", raw)}, follow_redirects=False)
    assert answer.status_code == 303
    return f"{answer.headers['location']}/preview"


def loaded(modules: dict[str, bytes], name: str) -> set[str]:
    """Return a module and all that it loads."""
    found, waiting = set[str](), [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += re.findall(r'(?:from|import)\s*\(?\s*"\./([\w.]+)"', modules[one].decode())
    return found


def test_nothing_that_keeps_or_sends_is_loaded() -> None:
    modules = phone_files.modules()
    assert loaded(modules, "form.js") >= SENDS_OR_KEEPS - {"start.js"}
    assert loaded(modules, "preview.js") == {"preview.js", "ask.js", "items.js", "urgent.js"}
    faulty = {**modules, "urgent.js": b'import * as times from "./times.js";\n'}
    assert loaded(faulty, "preview.js") & SENDS_OR_KEEPS == {"times.js", "vault.js"}


def test_who_may_not_manage_sees_no_preview(scene: Scene, new_client: NewClient) -> None:
    assert new_client().get(shipped_preview(), follow_redirects=False).status_code == 303
    assert sign_in(new_client(), "gp").get(shipped_preview()).status_code == 403
    assert sign_in(new_client(), "patient").get(shipped_preview()).status_code == 404


def test_a_draft_and_one_in_use_are_shown_by_the_phone_s_own_screens(
    scene: Scene, new_client: NewClient
) -> None:
    client = sign_in(new_client(), "nurse")
    draft = draft_preview(client, ours())
    for path, state in ((draft, "brouillon"), (shipped_preview(), "en service")):
        text = client.get(path).text
        assert 'class="ask"' in text
        assert "data-step" in text
        assert state in text
        assert re.findall(r'<script[^>]*src="[^"]*/([\w.]+)"', text) == ["preview.js", "who.js"]
        assert re.findall(r"<script(?![^>]*\bsrc=)", text) == []
        assert "connect-src 'none'; worker-src 'none'" in text
        form = text.partition('<main id="main"')[2].partition("</main>")[0]
        assert 'method="post"' not in form
        assert "/p/api/" not in form
        assert "tel:" not in form
        assert "sms:" not in form


def test_a_sending_reaches_nobody(scene: Scene, new_client: NewClient) -> None:
    client = sign_in(new_client(), "nurse")
    preview = shipped_preview()
    answers = {"dyspnoea": "rest", "client_key": "a-preview-that-is-sent"}
    assert client.post(preview, data=answers).status_code == 405
    body = {"key": "k" * 22, "edition": preview.split("/")[2], "answers": {"dyspnoea": "rest"}}
    assert client.post("/p/api/answers", json=body).status_code in (403, 404)
    assert rows("select 1 from questionnaires.answer where edition = %s", body["edition"]) == []
    assert rows("select 1 from questionnaires.photo") == []


@pytest.mark.parametrize(
    ("asked", "spoken"), [("", "fr"), ("fr", "fr"), ("en", "en"), ("de", "fr")]
)
def test_it_speaks_the_language_asked_for(
    scene: Scene, new_client: NewClient, asked: str, spoken: str
) -> None:
    text = sign_in(new_client(), "nurse").get(f"{shipped_preview()}?words={asked}").text
    assert f'<html lang="{spoken}"' in text
    other = {"fr": "en", "en": "fr"}[spoken]
    assert f'?words={other}" lang="{other}"' in text


def test_without_a_translation_no_other_language_is_offered(
    scene: Scene, new_client: NewClient
) -> None:
    resource = json.loads(
        ours(), object_hook=lambda one: {k: v for k, v in one.items() if not k.startswith("_")}
    )
    client = sign_in(new_client(), "nurse")
    preview = draft_preview(client, json.dumps(resource).encode())
    for words in ("fr", "en"):
        text = client.get(f"{preview}?words={words}").text
        assert '<html lang="fr"' in text
        assert "?words=en" not in text
    assert "?words=en" not in client.get(preview.removesuffix("/preview")).text
