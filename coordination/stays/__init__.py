"""Stays in hospital, marked by hand: what a stay is, what rests, who is told and asked."""
