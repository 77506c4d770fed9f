"""A hospital, its emergency doctor and the reviewer of what he opens."""

from uuid import UUID

import pytest
from starlette.testclient import TestClient

from identity import service as identity
from messages import service as messages
from tests.integration.web.emergency.breaking import break_glass, posted
from tests.integration.web.scene import NewClient, Scene, sign_in


@pytest.fixture
def hospital() -> UUID:
    """A hospital with an emergency doctor and a reviewer, who has no other right."""
    return identity.register_organisation("Hôpital d’Argenteuil")


@pytest.fixture
def urgent(scene: Scene, hospital: UUID, new_client: NewClient) -> TestClient:
    """An emergency doctor, signed in."""
    messages.register_contact(scene.home.care.patient, "email", "jeanne@patient.example")
    posted(hospital, "Dr Sonia Garde", "urgent", "hospital_doctor")
    return sign_in(new_client(), "urgent")


@pytest.fixture
def reviewer(urgent: TestClient, hospital: UUID, new_client: NewClient) -> TestClient:
    """The reviewer of the hospital's accesses, signed in, after one access."""
    posted(hospital, "Rita Relit", "reviewer", "access_reviewer")
    assert break_glass(urgent).status_code == 303
    return sign_in(new_client(), "reviewer")
