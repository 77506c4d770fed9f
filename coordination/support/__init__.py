"""Requests for support: what a professional of the circle asks of a DAC, and its answer."""
