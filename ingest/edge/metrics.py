"""What the operator can watch of ingest; `quarantined` is the count that must stay small."""

from prometheus_client import Counter, Histogram

from ingest.service import Stored

MESSAGES = Counter("chevet_ingest_messages", "Messages taken from the broker.")
ITEMS_STORED = Counter("chevet_ingest_items_stored", "Items stored as what they are.")
DUPLICATES = Counter("chevet_ingest_items_duplicate", "Items that were stored before.")
QUARANTINED = Counter(
    "chevet_ingest_items_quarantined", "Payloads and items put into quarantine.", ["reason"]
)
CONNECTIONS_LOST = Counter(
    "chevet_ingest_connections_lost", "Connections to the broker that ended, by cause.", ["cause"]
)
COMMIT_LAG = Histogram(
    "chevet_ingest_commit_lag_seconds",
    "From the arrival of a message to the commit of its batch.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


def count_stored(stored: Stored) -> None:
    """Count what a batch became."""
    ITEMS_STORED.inc(stored.stored)
    DUPLICATES.inc(stored.duplicates)
    for reason, number in stored.quarantined_by_reason.items():
        QUARANTINED.labels(reason=reason).inc(number)
