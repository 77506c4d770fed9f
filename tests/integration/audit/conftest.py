"""Trails are sealed up to the oldest transaction of the server."""

import pytest


@pytest.fixture(autouse=True)
def alone(quiet: None) -> None:
    """Let every test of the trail have the server for itself."""
