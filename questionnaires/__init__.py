"""Asking: versioned instruments and their answers."""
