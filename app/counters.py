"""Shows the counters of a process that serves no pages, where Prometheus is told to look."""

from prometheus_client import start_http_server

from core.settings import settings


def show_counters() -> None:
    """Listen on CHEVET_METRICS_HOST:CHEVET_METRICS_PORT; port 0 shows nothing."""
    if settings().metrics_port:
        start_http_server(settings().metrics_port, settings().metrics_host)
