"""The sentinel's duties work side by side: each finds a connection, whatever others wait for."""

from app.sentinel import DUTIES
from core.doors import WORKER_CONNECTIONS


def test_there_is_a_connection_for_each_duty_and_for_its_sign_of_life() -> None:
    assert len(DUTIES) + 1 <= WORKER_CONNECTIONS
