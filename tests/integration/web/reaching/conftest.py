"""Who is signed in at the desk."""

import pytest
from starlette.testclient import TestClient

from tests.integration.web.scene import NewClient, Scene, sign_in


@pytest.fixture
def nurse(scene: Scene, new_client: NewClient) -> TestClient:
    return sign_in(new_client(), "nurse")
