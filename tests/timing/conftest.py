"""The cast, the client and the database of the security suite."""

from tests.security.conftest import cast, client, module_database

__all__ = ["cast", "client", "module_database"]
