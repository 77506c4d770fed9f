"""A patient, the GP, a home nurse, a home help, a carer who may read the plan: all signed in."""

import re
from dataclasses import dataclass
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from identity import service as identity
from tests.as_owner import run
from tests.conftest import Database
from tests.integration.web.conftest import new_client
from tests.integration.web.scene import NewClient, open_account, sign_in
from tests.people import Care, make_care

__all__ = ["new_client"]
AGREED = ["actions:read", "plan:read", "visits:read", "stays:read", "identity:read"]


@dataclass(frozen=True)
class Circle:
    """Who is in it, and their browsers."""

    care: Care
    gp: TestClient
    marc: TestClient
    lea: TestClient
    patient: TestClient
    luc: TestClient
    marc_id: UUID
    lea_id: UUID

    @property
    def record(self) -> str:
        return f"/patients/{self.care.patient}"

    def words(self, who: TestClient, path: str) -> str:
        answer = who.get(path)
        assert answer.status_code == 200, answer.text
        return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split()).replace("\xa0", " ")


@pytest.fixture
def circle(new_client: NewClient, database: Database) -> Circle:
    care = make_care()
    marc = identity.register_person("Marc Dubois")
    lea = identity.register_person("Léa Petit")
    luc = identity.register_person("Luc Martin")
    identity.join_circle(care.patient, marc, "home_nurse")
    identity.join_circle(care.patient, lea, "home_help")
    identity.join_circle(care.patient, luc, "carer")
    run("update access.membership set agreed = %s where party = %s", AGREED, luc)
    people = {"gp": care.gp.person, "marc": marc, "lea": lea, "patient": care.patient, "luc": luc}
    for login, person in people.items():
        open_account(person, login)
    signed = {login: sign_in(new_client(), login) for login in people}
    return Circle(care=care, marc_id=marc, lea_id=lea, **signed)
