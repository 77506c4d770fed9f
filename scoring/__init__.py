"""Judging: the home state, NEWS2 and what they refuse to say. Pure."""
