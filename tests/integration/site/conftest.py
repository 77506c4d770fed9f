"""The same application, browsers and scene as tests of the web have."""

from tests.integration.web.conftest import new_client, scene

__all__ = ["new_client", "scene"]
