"""A gateway of text messages for tests, reached through Apprise as any gateway is."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


@dataclass
class SmsProvider:
    """What the gateway took, by number; `down` and `refused` decide what it does not take."""

    port: int = 0
    down: bool = False
    refused: set[str] = field(default_factory=set)
    taken: list[tuple[str, str]] = field(default_factory=list)
    tries: int = 0

    @property
    def url(self) -> str:
        """The gateway as CHEVET_SMS_URL names it."""
        return f"json://127.0.0.1:{self.port}/sms/{{to}}"


@contextmanager
def open_sms_provider() -> Iterator[SmsProvider]:
    """Run the gateway on a free loopback port."""
    provider = SmsProvider()

    class Gateway(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            number = unquote(self.path.rsplit("/", 1)[-1])
            provider.tries += 1
            refuses = provider.down or number in provider.refused
            if not refuses:
                provider.taken.append((number, str(json.loads(body)["message"])))
            self.send_response(503 if refuses else 200)
            self.send_header("content-length", "0")
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
