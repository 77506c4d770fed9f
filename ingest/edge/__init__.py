"""Adapters of ingest to the world: the broker, metrics."""
