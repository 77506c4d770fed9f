"""Signing in by the identity of another provider: Pro Santé Connect, FranceConnect+."""
