"""Whose message it is, by its topic, and between which times its items lie."""

from datetime import timedelta

import pytest

from ingest.incoming import Upload, item_times
from ingest.message import ack_topic, parse_topic
from tests.envelopes import event, sampled
from tests.unit.ingest.test_batch import BOOTS, NOW, message, read, reading


@pytest.mark.parametrize(
    ("topic", "address"),
    [
        ("chevet/v1/gw/gw-a/up", ("gw-a", "up")),
        ("chevet/v1/gw/gw-a/status", ("gw-a", "status")),
        ("chevet/v1/gw/gw-a/ack", None),
        ("chevet/v2/gw/gw-a/up", None),
        ("", None),
    ],
)
def test_topics(topic: str, address: tuple[str, str] | None) -> None:
    assert parse_topic(topic) == address
    assert ack_topic("gw-a") == "chevet/v1/gw/gw-a/ack"


def test_times_of_items() -> None:
    [upload] = read(
        message("gw-a", BOOTS[0], [reading(1), sampled(2, NOW, [1, 2, 3]), event(3, NOW)])
    )
    assert isinstance(upload, Upload)
    assert [item_times(item) for item in upload.envelope.items] == [
        (NOW - timedelta(seconds=1), NOW - timedelta(seconds=1)),
        (NOW, NOW + timedelta(seconds=2)),
        (NOW, NOW),
    ]
