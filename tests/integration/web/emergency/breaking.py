"""What tests of an emergency do again and again."""

import re
from uuid import UUID

import httpx2
from starlette.testclient import TestClient

from identity import service as identity
from tests.integration.alerts.home import rows
from tests.integration.web.scene import PASSWORD, Scene, open_account

TRAITS = {"name": "MARTIN", "first_name": "jeanne", "birth_date": "1951-04-02"}
REASON = "Inconsciente à son domicile, SAMU sur place, traitements inconnus"
HOUR = 3600
REVIEWS = "/emergency/reviews"


def posted(organisation: UUID, name: str, login: str, role: str) -> UUID:
    person = identity.register_person(name)
    identity.give_post(person, organisation, role)
    open_account(person, login)
    return person


def break_glass(client: TestClient, **form: str) -> httpx2.Response:
    form = {**TRAITS, "reason": REASON, "secret": PASSWORD, **form}
    return client.post("/emergency/open", data=form, follow_redirects=False)


def emergency(scene: Scene) -> str:
    return f"/patients/{scene.home.care.patient}/emergency"


def told() -> list[str]:
    return [
        str(address)
        for (address,) in rows(
            "select address from messages.outbox where key like 'break-glass:%%' order by address"
        )
    ]


def refusals() -> list[tuple[object, ...]]:
    return rows(
        "select purpose, detail ->> 'break_glass' from audit.event"
        " where permission = 'record:break_glass' and outcome = 'refused' order by at"
    )


def review_of(client: TestClient) -> str:
    found = re.findall(rf'href="({REVIEWS}/[0-9a-f-]+)"', client.get(REVIEWS).text)
    assert found
    return found[0]
