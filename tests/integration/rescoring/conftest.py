"""One thread for each computation, as a share has."""

from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(scope="session", autouse=True)
def one_core() -> Iterator[None]:
    """Threads that wait for one another on a busy machine take ten times as long."""
    with threadpool_limits(1):
        yield
