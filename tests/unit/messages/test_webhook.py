"""What another system is told: three names, signed, and the same proof for the same thing."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from messages.delivery import Accepted, TransientFailure
from messages.edge.webhook import may_be_told
from messages.message import Claimed
from messages.webhook import body_of, headers_of, read_status

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SECRET = "not-a-secret-of-anybody-but-of-this-test"
MESSAGE = Claimed(
    id=uuid4(), key="webhook:7", recipient=None, channel="webhook", address="webhook",
    template="alert_event", locale="en", created_at=NOW, attempts=1, training=False,
    params={"alert": "a1", "event": "raised", "at": "2026-11-27T12:00:00+00:00", "name": "Martin"},
)  # fmt: skip


def test_the_body_has_three_names_and_no_other() -> None:
    assert json.loads(body_of(MESSAGE)) == {
        "alert": "a1",
        "event": "raised",
        "at": "2026-11-27T12:00:00+00:00",
    }


def test_the_proof_is_that_of_rfc_2104_over_time_and_body() -> None:
    body = body_of(MESSAGE)
    headers = headers_of(MESSAGE, body, SECRET, NOW)
    signed = headers["Chevet-Timestamp"].encode() + b"." + body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["Chevet-Signature"] == f"sha256={expected}"
    assert headers["Chevet-Timestamp"] == str(int(NOW.timestamp()))
    other = headers_of(MESSAGE, body, SECRET + "x", NOW)
    assert other["Chevet-Signature"] != headers["Chevet-Signature"]
    assert other["Chevet-Delivery"] == headers["Chevet-Delivery"] == "webhook:7"


@pytest.mark.parametrize("status", [100, 204, 301, 307, 400, 401, 404, 410, 429, 500, 503])
def test_what_is_not_taken_is_told_again(status: int) -> None:
    taken = isinstance(read_status(status), Accepted)
    assert taken == (status == 204)
    assert taken or isinstance(read_status(status), TransientFailure)


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://his.example/chevet", True),
        ("http://127.0.0.1:9/x", True),
        ("http://his.example/chevet", False),
        ("file:///etc/passwd", False),
        ("https:///nowhere", False),
        ("http://[::1", False),
        ("", False),
    ],
)
def test_only_over_tls_or_on_this_machine(url: str, may: bool) -> None:
    assert may_be_told(url) == may
