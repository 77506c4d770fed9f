"""Writes an export of the audit trail to a file, to standard output or to a Syslog collector."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from core.audit.events import Event
from core.audit.fhir import Json
from core.audit.leaving import export_span
from core.audit.syslog import connected, event_message, parse_collector
from core.settings import settings

Put = Callable[[bytes], None]


def export_to(since: datetime, until: datetime, form: str, to: str) -> int:
    """Export [since, until) as `fhir` (a JSON line an event) or `syslog`; return how many.

    A file appears under its name only when it is whole. ConfigurationError for a collector that is
    none, ValueError for FHIR to a collector, OSError when it cannot be written or sent.
    """
    server = settings().base_url
    host = urlsplit(server).hostname or "-"

    def line(event: Event, resource: Json) -> bytes:
        if form == "syslog":
            return event_message(event, resource, host)
        return json.dumps(resource, ensure_ascii=False).encode()

    with _destination(form, to) as put:
        return export_span(since, until, server, lambda event, resource: put(line(event, resource)))


@contextmanager
def _destination(form: str, to: str) -> Iterator[Put]:
    if "://" in to:
        if form != "syslog":
            raise ValueError("a collector takes --format syslog")
        with connected(parse_collector(to, settings().audit_syslog_ca)) as link:
            yield link.send
        return
    if to == "-":
        yield lambda message: _write_line(sys.stdout.buffer.write, message)
        sys.stdout.buffer.flush()
        return
    partial = Path(to + ".partial")
    with partial.open("wb") as file:
        yield lambda message: _write_line(file.write, message)
    partial.replace(to)


def _write_line(write: Callable[[bytes], object], message: bytes) -> None:
    write(message + b"\n")
