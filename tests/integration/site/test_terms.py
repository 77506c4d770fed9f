"""Terms of use are accepted once per version; nobody who is ill, or called, waits for them."""

from pathlib import Path

import pytest

from core import clock
from core.settings import settings
from identity.edge.http import PHONE_COOKIE
from identity.link import write_link
from identity.origin import Origin
from identity.session_service import remember_phone
from tests.integration.site.test_training import rows
from tests.integration.web.scene import NewClient, Scene, sign_in


@pytest.fixture
def terms(scene: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of terms in force, after the scene's people got their accounts."""
    folder = tmp_path / "terms-1"
    put(folder, 1)
    in_force(folder, monkeypatch)
    return folder


def put(folder: Path, *versions: int) -> None:
    folder.mkdir()
    for version in versions:
        for locale in ("fr", "en"):
            text = f"# Conditions {version}\n\n## Règle\n\nTexte {version} {folder.name}.\n"
            (folder / f"{version}.{locale}.md").write_text(text)


def in_force(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEVET_TERMS_FOLDER", str(folder))
    settings.cache_clear()


def digest_in(page: str) -> str:
    return page.split('name="digest" value="')[1].split('"')[0]


def test_they_are_asked_once_and_again_at_a_new_version(
    scene: Scene,
    terms: Path,
    new_client: NewClient,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    client = sign_in(new_client(), "gp")
    circle = f"/patients/{scene.home.care.patient}/circle"
    led = client.get(circle, follow_redirects=False)
    assert led.status_code == 303
    assert led.headers["location"].startswith("/account/terms?next=")
    page = client.get(circle).text
    assert "Conditions 1" in page
    form = {"digest": digest_in(page), "next": circle}
    assert client.post("/account/terms", data=form).status_code == 400
    assert (
        client.post("/account/terms", data={**form, "digest": "0", "agree": "yes"}).status_code
        == 409
    )
    assert client.get(circle, follow_redirects=False).status_code == 303
    back = client.post("/account/terms", data={**form, "agree": "yes"}, follow_redirects=False)
    assert back.headers["location"] == circle
    assert client.get(circle, follow_redirects=False).status_code == 200
    assert sign_in(new_client(), "gp").get(circle, follow_redirects=False).status_code == 200
    assert rows("select version from identity.terms_acceptance") == [("1",)]
    put(tmp_path / "terms-2", 1, 2)
    in_force(tmp_path / "terms-2", monkeypatch)
    again = client.get(circle)
    assert "Conditions 2" in again.text
    assert "Ce que j" in again.text


def test_what_cannot_wait_stays_open_with_a_banner(
    scene: Scene, terms: Path, new_client: NewClient
) -> None:
    banner = "Les conditions d&#39;utilisation vous attendent"
    patient = sign_in(new_client(), "patient")
    for path in ("/p", "/p/questions"):
        page = patient.get(path, follow_redirects=False)
        assert page.status_code == 200, path
        assert banner in page.text, path
    sent = patient.post(
        "/p/questions",
        data={"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"},
        follow_redirects=False,
    )
    assert sent.headers["location"] == "/p/sent"
    assert patient.get("/p/journal", follow_redirects=False).status_code == 303
    gp = sign_in(new_client(), "gp")
    link = gp.get(f"/a/{scene.alert}", follow_redirects=False)
    assert link.headers["location"] == scene.page
    assert banner in gp.get(scene.page).text
    act = gp.post(scene.page, data={"act": "owned"}, follow_redirects=False)
    assert act.headers["location"] == f"{scene.page}?done=owned"
    words = {"words": "Je passe ce soir", "key": "k"}
    said = gp.post(f"{scene.page}/reply", data=words, follow_redirects=False)
    assert said.headers["location"] == f"{scene.page}?done=replied"
    link = f"/l/{write_link(scene.home.care.gp.person, scene.alert, clock.now())}"
    text = gp.post(f"{link}/sms", follow_redirects=False)
    assert text.headers["location"].startswith(f"{link}?sent=")
    left = gp.post(f"/l/{scene.alert}/leave", follow_redirects=False)
    assert left.headers["location"] == "/sign-in"
    assert gp.get("/", follow_redirects=False).headers["location"].startswith("/account/terms")


def test_a_remembered_phone_answers_today_without_the_terms(
    scene: Scene, terms: Path, new_client: NewClient
) -> None:
    client = new_client()
    token = remember_phone(scene.home.care.patient, Origin(address="192.0.2.7"))
    client.cookies.set(PHONE_COOKIE, token, domain="testserver.local", path="/")
    assert client.get("/p/questions", follow_redirects=False).status_code == 200
    sent = client.post(
        "/p/questions",
        data={"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"},
        follow_redirects=False,
    )
    assert sent.headers["location"] == "/p/sent"


def test_help_works_signed_out_and_names_the_site(
    scene: Scene, terms: Path, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_SITE_NAME", "Télésuivi de Brie")
    monkeypatch.setenv("CHEVET_SITE_ADDRESS", "1 rue de Brie, 77000 Melun")
    monkeypatch.setenv("CHEVET_HELP_PHONE", "01 99 00 12 34")
    settings.cache_clear()
    for client in (new_client(), sign_in(new_client(), "gp")):
        page = client.get("/help", follow_redirects=False)
        assert page.status_code == 200
        assert "1 rue de Brie, 77000 Melun" in page.text
    for path in ("/sign-in", "/about", "/nothing"):
        page = new_client().get(path)
        assert 'href="/help"' in page.text, path
        assert "Télésuivi de Brie" in page.text, path
