"""A service of notifications for tests, in a process of its own, as a browser and its maker run.

It makes browsers with real keys, takes what is posted to them as RFC 8030 says, checks who signed
it (RFC 8292), opens it as the browser would (RFC 8291) and keeps it. `behave` makes it answer 410,
429, 500, or late.
"""

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any
from urllib.request import Request, urlopen

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from tests.conftest import ROOT

SLOW_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """A browser: what its `PushManager.subscribe` would give."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """One notification the service answered for with 201, opened."""

    endpoint: str
    said: dict[str, Any]
    headers: dict[str, str]
    subject: str


@dataclass(frozen=True, slots=True)
class PushProvider:
    """The running service, spoken to over HTTP."""

    url: str

    def browser(self) -> Subscribed:
        """Return a new browser."""
        return Subscribed(**self._ask("POST", "/browser"))

    def behave(self, mode: str) -> None:
        """From now on answer « 201 », « 410 », « 429 », « 500 » or « slow »."""
        self._ask("POST", "/behave", {"mode": mode})

    def taken(self) -> list[Notified]:
        """Return what was taken, in order."""
        return [Notified(**one) for one in self._ask("GET", "/taken")]

    def tries(self) -> int:
        """Return how often anything was posted, whatever was answered."""
        return int(self._ask("GET", "/tries"))

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        data = json.dumps(body or {}).encode() if method == "POST" else None
        with urlopen(Request(self.url + path, data=data, method=method), timeout=10) as answer:
            return json.load(answer)


@contextmanager
def open_push_provider() -> Iterator[PushProvider]:
    """Run the service on a free loopback port until the block ends."""
    command = [sys.executable, "-m", "tests.push_provider"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        try:
            yield PushProvider(url)
        finally:
            process.kill()


class _State:
    def __init__(self) -> None:
        self.lock = Lock()
        self.mode = "201"
        self.tries = 0
        self.taken: list[dict[str, Any]] = []
        self.browsers: dict[str, tuple[ec.EllipticCurvePrivateKey, bytes]] = {}


_STATE = _State()


class _Service(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        with _STATE.lock:
            self._answer(200, _STATE.taken if self.path == "/taken" else _STATE.tries)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path == "/browser":
            self._answer(200, self._make_browser())
        elif self.path == "/behave":
            _STATE.mode = str(json.loads(body)["mode"])
            self._answer(200, {})
        else:
            self._take(body)

    def _make_browser(self) -> dict[str, str]:
        key, auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        name = base64.urlsafe_b64encode(os.urandom(12)).decode()
        with _STATE.lock:
            _STATE.browsers[f"/send/{name}"] = (key, auth)
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {
            "endpoint": f"{_url(self.server)}/send/{name}",
            "p256dh": base64.urlsafe_b64encode(point).rstrip(b"=").decode(),
            "auth": base64.urlsafe_b64encode(auth).rstrip(b"=").decode(),
        }

    def _take(self, body: bytes) -> None:
        with _STATE.lock:
            _STATE.tries += 1
            mode, known = _STATE.mode, _STATE.browsers.get(self.path)
        if mode == "slow":
            time.sleep(SLOW_SECONDS)
        if mode in ("410", "429", "500") or known is None:
            self._answer(int(mode) if known else 404, {})
            return
        proof = self.headers["Authorization"]
        if not Vapid02.verify(proof) or int(self.headers["TTL"]) < 0:
            self._answer(403, {})
            return
        opened = http_ece.decrypt(
            body, private_key=known[0], auth_secret=known[1], version="aes128gcm"
        )
        with _STATE.lock:
            _STATE.taken.append(
                {
                    "endpoint": _url(self.server) + self.path,
                    "said": json.loads(opened),
                    "headers": {name.lower(): value for name, value in self.headers.items()},
                    "subject": _claims(proof)["sub"],
                }
            )
        self._answer(201, {})

    def _answer(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        try:
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except BrokenPipeError:
            pass  # whoever asked did not wait


def _claims(proof: str) -> dict[str, Any]:
    token = next(part for part in proof.split(" ", 1)[1].split(",") if part.startswith("t="))
    middle = token[2:].split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(middle + "=="))
    return claims


def _url(server: Any) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


if __name__ == "__main__":
    running = ThreadingHTTPServer(("127.0.0.1", 0), _Service)
    print(_url(running), flush=True)
    running.serve_forever()
