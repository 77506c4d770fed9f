"""Typed functions over the queries of alerts: reviewing, calling people, showing."""
