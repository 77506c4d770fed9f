"""The link of a message: sealed, whose it is alone, and for a time."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sealing import seal_text
from core.settings import settings
from identity.link import LINK_LASTS, read_link, write_link

KEY = urlsafe_b64encode(bytes(range(32))).decode()
NOW = datetime(2026, 11, 28, 22, 30, tzinfo=UTC)


@pytest.fixture(autouse=True, scope="module")
def key() -> Iterator[None]:
    """A sealing key, and none of it left afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHEVET_SEALING_KEY", KEY)
        settings.cache_clear()
        yield
    settings.cache_clear()


@given(person=st.uuids(), alert=st.uuids(), later=st.timedeltas(timedelta(0), LINK_LASTS))
def test_what_was_written_is_read_for_a_day_and_from_then_on_not(
    person: UUID, alert: UUID, later: timedelta
) -> None:
    link = write_link(person, alert, NOW)
    assert read_link(link, NOW + later) == (person, alert)
    assert read_link(link, NOW + LINK_LASTS + timedelta(seconds=1)) is None


def test_nothing_is_read_from_it_and_no_two_are_alike() -> None:
    person, alert = uuid4(), uuid4()
    links = {write_link(person, alert, NOW) for _ in range(50)}
    assert len(links) == 50
    assert len({len(link) for link in links}) == 1
    assert not any(alert.hex in link or person.hex in link for link in links)


@given(at=st.integers(0, 86), by=st.integers(1, 63))
def test_one_sign_changed_is_no_link(at: int, by: int) -> None:
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    link = write_link(uuid4(), uuid4(), NOW)
    at %= len(link) - 1  # the last sign holds bits that belong to no byte
    other = signs[(signs.index(link[at]) + by) % 64]
    assert read_link(link[:at] + other + link[at + 1 :], NOW) is None


@given(st.text(max_size=200))
def test_whatever_stands_in_the_address_is_read_without_a_fault(text: str) -> None:
    assert read_link(text, NOW) is None


def test_what_was_sealed_for_another_use_is_no_link() -> None:
    assert read_link(seal_text("x" * 37, "message"), NOW) is None
