"""Adapters of the console to the server it runs in."""
