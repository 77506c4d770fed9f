"""Exits, deaths, and what stops with them."""
