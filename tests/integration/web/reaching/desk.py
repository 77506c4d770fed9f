"""What a nurse does on the pages of reaching a patient, and what she reads there."""

import html
import re
from datetime import timedelta
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from core import clock
from core.i18n import zone
from core.settings import settings
from tests.as_owner import rows
from tests.integration.web.scene import ORIGIN, Scene

HEADERS = {"origin": ORIGIN}
NO_PHONE = "update identity.patient set phone = null"
QUEUE = "select rank from alerts.queue_entry where patient_id = %s"
STATE = "select state, receipts, next_step_at, closed_at, owner from alerts.alert where id = %s"


def text_of(page: str) -> str:
    """Return what a reader sees of a page, in one line."""
    body = re.sub(r"<(style|script|option).*?</\1>", " ", page, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def base(scene: Scene) -> str:
    return f"/patients/{scene.home.care.patient}"


def post(client: TestClient, path: str, status: int = 200, **form: str) -> str:
    answer = client.post(path, data=form, headers=HEADERS)
    assert answer.status_code == status, answer.text
    return text_of(answer.text)


def add(client: TestClient, scene: Scene, name: str, phone: str, **more: str) -> UUID:
    post(client, f"{base(scene)}/people", name=name, phone=phone, **more)
    ((made,),) = rows(
        "select id from coordination.person_to_call where name = %s and removed_at is null", name
    )
    assert isinstance(made, UUID)
    return made


def attempt(
    client: TestClient, scene: Scene, outcome: str, contact: UUID | str = "", **more: str
) -> str:
    return post(
        client,
        f"{base(scene)}/reach",
        alert=str(scene.alert),
        contact=str(contact),
        outcome=outcome,
        **more,
    )


def reach(client: TestClient, scene: Scene) -> str:
    return text_of(client.get(f"{base(scene)}/reach?alert={scene.alert}").text)


def sheet(client: TestClient, scene: Scene) -> str:
    return text_of(client.get(f"{base(scene)}/samu?alert={scene.alert}").text)


def soon(minutes: int) -> str:
    """Return the time of day in France after some minutes, as a nurse types it."""
    return f"{(clock.now() + timedelta(minutes=minutes)).astimezone(zone('Europe/Paris')):%H:%M}"


def set_samu(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("CHEVET_SAMU_NUMBERS", text)
    settings.cache_clear()
