"""The application for the pages of a record."""

from tests.integration.web.conftest import new_client

__all__ = ["new_client"]
