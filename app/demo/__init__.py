"""The demonstration: a small territory, and one patient who gets worse at home."""
