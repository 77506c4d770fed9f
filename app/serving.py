"""Runs an application over HTTP: what the server itself says and whom it believes."""

from typing import Any, Final

import uvicorn

from core.settings import settings

MOST_HEADER_BYTES: Final = 16 * 1024
"""Address and headers of a request; a browser of ours sends about two kilobytes."""
MOST_FRAME_BYTES: Final = 64 * 1024
"""One frame of a socket; the longest message is about 24 kilobytes."""


def serve_http(app: Any, *, host: str, port: int) -> None:
    """Serve until told to stop; without the server's name, without a log of addresses."""
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings().trusted_proxies,
        h11_max_incomplete_event_size=MOST_HEADER_BYTES,
        ws_max_size=MOST_FRAME_BYTES,
    )
