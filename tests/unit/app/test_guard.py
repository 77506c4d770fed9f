"""Which requests count as forged elsewhere."""

import pytest
from starlette.datastructures import Headers

from app.guard import is_forged


@pytest.mark.parametrize(
    ("method", "headers", "forged"),
    [
        ("GET", {"sec-fetch-site": "cross-site"}, False),
        ("POST", {"sec-fetch-site": "same-origin"}, False),
        ("POST", {"sec-fetch-site": "none"}, False),
        ("POST", {"sec-fetch-site": "same-site"}, True),
        ("POST", {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8080"}, True),
        ("POST", {"origin": "http://127.0.0.1:8080"}, False),
        ("POST", {"origin": "https://evil.example"}, True),
        ("POST", {"origin": "null"}, True),
        ("DELETE", {"origin": "https://evil.example"}, True),
        ("POST", {"cookie": "chevet_session=x"}, True),
        ("POST", {}, False),
    ],
)
def test_forged(method: str, headers: dict[str, str], forged: bool) -> None:
    own = {"host": "other.example", **headers}
    assert is_forged(method, Headers(own)) is forged


def test_our_own_host_is_ours() -> None:
    headers = Headers({"host": "chevet.example", "origin": "https://chevet.example"})
    assert not is_forged("POST", headers)
