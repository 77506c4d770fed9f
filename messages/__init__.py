"""Telling people: contact points, the outbox and its channels; recipients are opaque keys."""
